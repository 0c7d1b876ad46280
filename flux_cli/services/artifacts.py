"""Artifacts in registries: push, pull, tag, list, compare what source-controller consumes."""

import hashlib
import json
import os
import pathlib
import re
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any, NamedTuple

from flux_cli.core.errors import FluxError
from flux_cli.core.view import Table
from flux_cli.oci import credentials, packing, unpacking
from flux_cli.oci.reference import CHARACTERS, SCHEME, Reference, parse
from flux_cli.oci.registry import MANIFEST, Manifest, Repository
from flux_cli.oci.transport import Transport

CONFIG_TYPE = "application/vnd.cncf.flux.config.v1+json"
CONTENT_TYPE = "application/vnd.cncf.flux.content.v1.tar+gzip"
SOURCE = "org.opencontainers.image.source"
REVISION = "org.opencontainers.image.revision"
CREATED = "org.opencontainers.image.created"
_CONFIG = b'{"architecture":"","created":"0001-01-01T00:00:00Z","os":"","rootfs":{"type":"layers","diff_ids":null},"config":{}}'
PAUSE = 1.0  # seconds before the first retry, three times as long before each further one
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)\Z")


class Access(NamedTuple):
    """How to reach a registry, as the flags say it. ``seconds``: for everything together; ``tell`` hears of every answer."""

    creds: str = ""
    provider: str = "generic"
    insecure: bool = False
    seconds: float = 300.0
    tell: Callable[[str], None] | None = None


class Pushed(NamedTuple):
    """Where an artifact was pushed, and the digest of its manifest (``sha256:…``)."""

    reference: Reference
    digest: str


class Pulled(NamedTuple):
    """What an artifact says of its origin, and the digest of its manifest."""

    source: str
    revision: str
    digest: str


def reference(url: str) -> Reference:
    """The image that an ``oci://`` URL names. Raises FluxError."""
    if not url.startswith(SCHEME):
        raise FluxError("URL must be in format 'oci://<domain>/<org>/<repo>'")
    try:
        return parse(url.removeprefix(SCHEME))
    except ValueError as err:
        raise FluxError(f"'{url}' invalid URL: {err}") from err


def open_repository(found: Reference, access: Access, environ: Mapping[str, str], *, steps: int = 3) -> Repository:
    """Log in as the flags say, else as this machine's login files say. Raises FluxError."""
    return Repository(found, Transport(found, _login(found, access, environ), insecure=access.insecure,
                                       seconds=access.seconds, steps=steps, pause=PAUSE, tell=access.tell))  # fmt: skip


def _login(found: Reference, access: Access, environ: Mapping[str, str]) -> credentials.Login:
    if access.provider != "generic":
        try:
            return credentials.from_provider(access.provider, found, environ)
        except FluxError as err:
            what = f"could not login to provider {access.provider} with url {found.name}"
            raise FluxError(f"error during login with provider: {what}: {err}", hint=err.hint) from err
    if access.creds:
        return credentials.from_creds(access.creds)
    return credentials.from_files(found, environ)


def build(source: str, output: str, ignore: Sequence[str]) -> None:
    """Write the archive of ``source``; the output is complete or not there. Raises FluxError."""
    folder = os.path.dirname(os.path.abspath(output))
    if not os.path.isdir(folder) or os.path.isdir(output):
        why = "is a directory" if os.path.isdir(output) else "no such file or directory"
        raise FluxError(f"building artifact failed, error: open {output}: {why}")
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".flux-", delete=False) as file:
            try:
                packing.pack(pathlib.Path(source), file, ignore)
                os.chmod(file.name, 0o640)
                os.replace(file.name, output)
            except BaseException:
                os.unlink(file.name)
                raise
    except OSError as err:
        raise FluxError(f"building artifact failed, error: {_words(err)}") from err


def push(
    repository: Repository, source: str, annotations: Mapping[str, str], ignore: Sequence[str], *, reproducible: bool = False
) -> Pushed:
    """Pack and upload. Raises FluxError."""
    notes = {CREATED: stamp(0 if reproducible else time.time()), **annotations}
    notes[CREATED] = notes[CREATED] or stamp(time.time())
    if not _STAMP.match(notes[CREATED]):
        text = notes[CREATED]
        why = f'parsing time "{text}" as "2006-01-02T15:04:05Z07:00": cannot parse "{text}" as "2006"'
        raise FluxError(f'invalid created timestamp "{text}": {why}')
    found = repository.reference
    with tempfile.TemporaryFile() as file:
        packing.pack(pathlib.Path(source), file, ignore)
        layer = _descriptor(CONTENT_TYPE, *_measured(file))
        config = _descriptor(CONFIG_TYPE, f"sha256:{hashlib.sha256(_CONFIG).hexdigest()}", len(_CONFIG))
        manifest = json.dumps(
            {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer],
             "annotations": dict(sorted(notes.items()))},
            separators=(",", ":"), ensure_ascii=False,
        ).encode()  # fmt: skip
        repository.push_blob(file, str(layer["digest"]), int(layer["size"]))
    with tempfile.TemporaryFile() as file:
        file.write(_CONFIG)
        repository.push_blob(file, str(config["digest"]), len(_CONFIG))
    digest = f"sha256:{hashlib.sha256(manifest).hexdigest()}"
    repository.put_manifest(manifest, MANIFEST, found.digest or found.tag)
    return Pushed(found, digest)


def stamp(moment: float) -> str:
    """RFC 3339, to the second; a time that is not now is in the local zone, as the Go CLI has it."""
    from datetime import UTC, datetime

    if moment:
        return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%S}Z"
    local = datetime.fromtimestamp(0, UTC).astimezone().isoformat(timespec="seconds")
    return local.removesuffix("+00:00") + "Z" if local.endswith("+00:00") else local


def pull(repository: Repository, output: pathlib.Path) -> Pulled:
    """Download the first layer, check it, unpack it (or write it, where it is no archive). Raises FluxError."""
    manifest = repository.manifest(repository.reference.identifier)
    with tempfile.TemporaryFile() as file:
        repository.pull_blob(first_layer(manifest), file)
        file.seek(0)
        if file.read(2) == unpacking.MAGIC:
            try:
                unpacking.unpack(file, output)
            except OSError as err:
                raise FluxError(_words(err)) from err
        else:
            _write_plain(file, output)
    notes = _annotations(manifest)
    return Pulled(notes.get(SOURCE, ""), notes.get(REVISION, ""), manifest.digest)


def _write_plain(file: IO[bytes], output: pathlib.Path) -> None:
    import shutil

    file.seek(0)
    try:
        with output.open("wb") as out:
            shutil.copyfileobj(file, out)
    except OSError as err:
        raise FluxError(_words(err)) from err


def first_layer(manifest: Manifest) -> dict[str, Any]:
    layers = manifest.content.get("layers")
    if not isinstance(layers, list) or not layers or not isinstance(layers[0], dict):
        raise FluxError("no layers found in artifact")
    return layers[0]


def tag(repository: Repository, names: Sequence[str], done: Callable[[Reference], None]) -> None:
    """Give the artifact further tags, one after the other. Raises FluxError at the first that fails."""
    found = repository.reference
    for name in names:
        try:
            manifest = repository.manifest(found.identifier)
        except FluxError as err:
            raise FluxError(f'tagging artifact failed: fetching "{found}": {err}', hint=err.hint) from err
        try:
            repository.put_manifest(manifest.raw, manifest.media_type, name)
        except FluxError as err:
            raise FluxError(f"tagging artifact failed: {err}", hint=err.hint) from err
        done(found._replace(tag=name, digest=""))


def differs(repository: Repository, source: str, ignore: Sequence[str]) -> bool:
    """Whether the artifact holds other files than ``source``: contents, names, modes, order; not how it was compressed."""
    with tempfile.TemporaryFile() as mine, tempfile.TemporaryFile() as theirs:
        try:
            packing.pack(pathlib.Path(source), mine, ignore)
        except OSError as err:
            raise FluxError(f"building artifact failed: {_words(err)}") from err
        manifest = repository.manifest(repository.reference.identifier)
        layer = first_layer(manifest)
        if layer.get("digest") == _measured(mine)[0]:
            return False
        repository.pull_blob(layer, theirs)
        theirs.seek(0)
        if theirs.read(2) != unpacking.MAGIC:
            return True
        return unpacking.listing(mine) != unpacking.listing(theirs)


def refuse_tag(url: str) -> None:
    """Raise FluxError where an ``oci://`` URL names more than a repository."""
    name = url.removeprefix(SCHEME)
    if "@" in name or ":" in name.rpartition("/")[2]:
        rest = name.partition("/")[2] if "/" in name else name
        why = f"repository can only contain the characters `{CHARACTERS}`: {rest}"
        raise FluxError(f'listing tags failed: parsing repo "{name}": {why}')


def listed(repository: Repository, semver: str = "", regex: str = "") -> Table:
    """The tags with digest, source and revision, as the Go CLI sorts and filters them. Raises FluxError."""
    from flux_cli.core.parallel import later, side_by_side
    from flux_cli.services.tag_filters import filtered

    try:
        names = repository.tags()
    except FluxError as err:
        raise FluxError(f"listing tags failed: {err}", hint=err.hint) from err
    rows: list[tuple[str, ...]] = []
    kept = filtered(names, semver, regex)
    found = side_by_side([later(repository.manifest, name) for name in kept], at_once=4)
    for name, manifest in zip(kept, found, strict=True):
        if isinstance(manifest, FluxError):
            raise FluxError(f"fetching manifest failed: {manifest}", hint=manifest.hint) from manifest
        if isinstance(manifest, Exception):
            raise manifest
        notes = _annotations(manifest)
        rows.append((f"{repository.reference.name}:{name}", manifest.digest, notes.get(SOURCE, ""), notes.get(REVISION, "")))
    return Table(("Artifact", "Digest", "Source", "Revision"), rows)


def _annotations(manifest: Manifest) -> dict[str, str]:
    found = manifest.content.get("annotations")
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def _descriptor(media_type: str, digest: str, size: int) -> dict[str, Any]:
    return {"mediaType": media_type, "size": size, "digest": digest}


def _measured(file: IO[bytes]) -> tuple[str, int]:
    """(digest, size) of a file."""
    file.seek(0)
    found = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]
    return f"sha256:{found.hexdigest()}", file.seek(0, os.SEEK_END)


def _words(err: OSError) -> str:
    return f"open {err.filename}: {(err.strerror or '').lower()}" if err.filename and err.strerror else str(err)
