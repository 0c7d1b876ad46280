"""Which version is meant, and its files: from a folder, the user's cache, or the release's download."""

import hashlib
import os
import pathlib
import tempfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from flux_cli.core.app import Log
from flux_cli.core.errors import FluxError, UsageError
from flux_cli.core.trust import trusted
from flux_cli.core.unanswered import reason, told
from flux_cli.services.manifests.unpack import unpack

if TYPE_CHECKING:
    import httpx

VERSION = "v2.9.4"  # the Flux release whose command line this is
API = "https://api.github.com/repos/fluxcd/flux2/releases"
BASE = "https://github.com/fluxcd/flux2/releases"
API_SECONDS = 15.0
DOWNLOAD_SECONDS = 60.0
MAX_DOWNLOAD = 16 * 1024 * 1024
ARCHIVE = "manifests.tar.gz"
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")


class Release(NamedTuple):
    """``files``: name → YAML. ``folder``: where a kustomization of the user's own is to be built instead, as it is."""

    version: str
    files: Mapping[str, str]
    origin: str
    folder: str = ""


def resolve_version(wanted: str, environ: Mapping[str, str]) -> str:
    """The version that ``--version`` means; asks the release API where it is not the built-in one. Raises FluxError."""
    if not wanted:
        return VERSION
    if wanted != "latest" and not wanted.startswith("v"):
        raise UsageError(f"targeted version '{wanted}' must be prefixed with 'v'")
    version = wanted
    if wanted == "latest":
        version = _latest(environ)
    elif wanted != VERSION:
        _check_exists(wanted, environ)
    if version.split(".")[:2] != VERSION.split(".")[:2]:
        raise FluxError(
            f"targeted version '{version}' is not compatible with your current version of flux ({VERSION[1:]})",
            hint=f"Choose a version that begins with {'.'.join(VERSION.split('.')[:2])}.",
        )
    return version


def _latest(environ: Mapping[str, str]) -> str:
    answer = _api(f"{API}/latest", environ)
    try:
        found = answer.json()["tag_name"]
    except (ValueError, KeyError, TypeError) as err:
        raise FluxError(f"decoding GitHub API response failed: {err}") from err
    return str(found)


def _check_exists(version: str, environ: Mapping[str, str]) -> None:
    code = _api(f"{API}/tags/{version}", environ).status_code
    if code == 404:
        raise FluxError(f"targeted version '{version}' does not exist")
    if code != 200:
        raise FluxError(f"GitHub API returned an unexpected status code ({code})")


def _api(url: str, environ: Mapping[str, str]) -> "httpx.Response":
    import httpx

    token = environ.get("GITHUB_TOKEN", "")
    try:
        with httpx.Client(timeout=API_SECONDS, follow_redirects=True, verify=trusted()) as client:
            return client.get(url, headers={"authorization": f"Bearer {token}"} if token else {})
    except httpx.HTTPError as err:
        raise FluxError(
            f"GitHub API call failed: {told('Get', url, err)}",
            hint=f"Without --version the manifests of {VERSION} are used; FLUX_MANIFESTS names a folder that holds them.",
        ) from err


def find(version: str, place: str, environ: Mapping[str, str], log: Log) -> Release:
    """The files of this version.

    ``place`` is ``--manifests``: a folder with a release's files, a folder with a kustomization of its own, or a base URL to
    download from. Without it: FLUX_MANIFESTS (its folder ``vX.Y.Z``, or itself for the built-in version), the cache, the
    project's releases; in this order. Raises FluxError.
    """
    if place and not place.startswith("http"):
        return _folder(version, pathlib.Path(place))
    known = pathlib.Path(environ.get("FLUX_MANIFESTS", ""))
    if not place and environ.get("FLUX_MANIFESTS") and (version == VERSION or (known / version).is_dir()):
        return _folder(version, known / version if (known / version).is_dir() else known)
    cached = _cache(environ, version)
    if not place and cached is not None and cached.is_dir():
        return Release(version, _read(cached), str(cached))
    base = (place or BASE).rstrip("/")
    url = f"{base}/download/{version}/{ARCHIVE}"
    files = _download(url, version, log)
    if not place and cached is not None:
        _keep(cached, files)
    return Release(version, files, url)


def _folder(version: str, folder: pathlib.Path) -> Release:
    if any((folder / name).is_file() for name in _KUSTOMIZATIONS):
        return Release(version, {}, str(folder), folder=str(folder))
    if not folder.is_dir():
        raise FluxError(
            f"there is no folder {folder}", hint="--manifests and FLUX_MANIFESTS name the folder of a release's manifests."
        )
    files = _read(folder)
    if "rbac.yaml" not in files:
        raise FluxError(f"kustomization.yaml not found in {folder}, nor a release's rbac.yaml")
    return Release(version, files, str(folder))


def _read(folder: pathlib.Path) -> dict[str, str]:
    try:
        return {file.name: file.read_text("utf-8") for file in sorted(folder.glob("*.yaml")) if file.is_file()}
    except UnicodeDecodeError as err:
        raise FluxError(f"the manifests in {folder} cannot be read: they are not UTF-8") from err
    except OSError as err:
        raise FluxError(f"the manifests cannot be read: open {err.filename}: {(err.strerror or str(err)).lower()}") from err


def _download(url: str, version: str, log: Log) -> dict[str, str]:
    archive = _fetch(url, ARCHIVE)
    sums_url = url.removesuffix(ARCHIVE) + f"flux_{version.removeprefix('v')}_checksums.txt"
    try:
        sums = _fetch(sums_url, "checksums").decode("utf-8", "replace")
    except FluxError:
        if url.startswith(BASE):
            raise
        log.warning(f"{sums_url} is missing: {ARCHIVE} is used without checking it")  # a mirror of one's own may lack it
    else:
        _verify(archive, sums, url)
    try:
        return unpack(archive)
    except FluxError as err:
        raise FluxError(f"failed to untar {ARCHIVE} from {url}, error: {err}") from err


def _verify(archive: bytes, sums: str, url: str) -> None:
    found = hashlib.sha256(archive).hexdigest()
    expected = [parts[0] for parts in (line.split() for line in sums.splitlines()) if parts[1:] in ([ARCHIVE], ["*" + ARCHIVE])]
    if expected != [found]:
        raise FluxError(
            f"{ARCHIVE} from {url} is not what the release says: its SHA-256 is {found}",
            hint="Something between here and the release changed it. Try another network, or --manifests with files of your own.",
        )


def _fetch(url: str, what: str) -> bytes:
    import httpx

    body = bytearray()
    try:
        session = httpx.Client(timeout=DOWNLOAD_SECONDS, follow_redirects=True, verify=trusted())
        with session as client, client.stream("GET", url) as answer:
            if answer.status_code != 200:
                status = f"{answer.status_code} {answer.reason_phrase}"
                raise FluxError(f"failed to download {what} from {url}, status: {status}", hint=_OFFLINE)
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > MAX_DOWNLOAD:
                    raise FluxError(
                        f"failed to download {what} from {url}, error: it is larger than {MAX_DOWNLOAD // 1024 // 1024} MiB"
                    )
    except (httpx.HTTPError, httpx.InvalidURL) as err:
        raise FluxError(f"failed to download {what} from {url}, error: {reason(err)}", hint=_OFFLINE) from err
    return bytes(body)


_OFFLINE = "Without internet: unpack a release's manifests.tar.gz and name the folder with --manifests or FLUX_MANIFESTS."


def _cache(environ: Mapping[str, str], version: str) -> pathlib.Path | None:
    """Where this version is kept; None where there is no home, or the version is no plain name."""
    root = environ.get("XDG_CACHE_HOME") or (os.path.join(environ["HOME"], ".cache") if environ.get("HOME") else "")
    if not root or not os.path.isabs(root) or "/" in version or version.startswith("."):
        return None
    return pathlib.Path(root, "flux", "manifests", version)


def _keep(folder: pathlib.Path, files: Mapping[str, str]) -> None:
    """Put the files into the cache: all or nothing, and quietly nothing where the cache cannot be written."""
    import contextlib
    import shutil

    with contextlib.suppress(OSError):
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = pathlib.Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
        try:
            for name, content in files.items():
                (made / name).write_text(content, "utf-8")
            made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
