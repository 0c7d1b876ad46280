"""Plugins: programs ``flux-NAME`` from a catalog, checked against its checksums, with a receipt of what was installed."""

import os
import re
import sys
import time
from collections.abc import Callable, Container, Mapping
from typing import Any, NamedTuple

from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object, items, text
from flux_cli.core.text import go_quote
from flux_cli.services.plugin_discovery import NEVER, PREFIX, discover, folder

API_VERSION = "cli.fluxcd.io/v1beta1"
CATALOG = "https://github.com/fluxcd/plugins/releases/latest/download/"
MANUAL = "manual"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_BIN = re.compile(r"flux-[A-Za-z0-9._-]+\Z")
_MAX_CATALOG = 10 << 20
_MAX_BINARY = 1 << 30
_TRIES = 4
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64", "i686": "386", "armv7l": "arm"}


class Plugin(NamedTuple):
    """An installed plugin; ``version`` is "" where it was put there by hand."""

    name: str
    version: str
    path: str


class Updated(NamedTuple):
    """What became of one plugin: ``sign`` is warning, success or failure."""

    sign: str
    text: str


def find(name: str, environ: Mapping[str, str]) -> str:
    """The program behind ``flux NAME``: in the plugin folder, else on the PATH; "" where there is none."""
    if name in NEVER or not _NAME.match(name):
        return ""
    found = discover(environ, ()).get(name)
    if found:
        return found
    import shutil

    return shutil.which(PREFIX + name, path=environ.get("PATH", "")) or ""


def installed(environ: Mapping[str, str], taken: Container[str]) -> list[Plugin]:
    return [Plugin(name, _version(environ, name), path) for name, path in discover(environ, taken).items()]


def install(wanted: str, environ: Mapping[str, str], seconds: float) -> Plugin:
    """``NAME``, ``NAME@VERSION`` or ``NAME@sha256:…``. Raises FluxError."""
    name, _, which = wanted.partition("@")
    manifest = _manifest(name, environ, seconds)
    version, platform = _chosen(manifest, name, which)
    return _put(manifest, version, platform, environ, seconds)


def search(query: str, environ: Mapping[str, str], seconds: float) -> list[tuple[str, str, str]]:
    """(name, description, installed version) of the catalog's plugins that hold the query. Raises FluxError."""
    try:
        raw = _fetch(_catalog(environ) + "catalog.yaml", seconds, _MAX_CATALOG)
    except FluxError as err:
        raise FluxError(f"failed to fetch plugin catalog: {err}", hint=err.hint) from err
    found = _parsed(raw, "failed to parse plugin catalog", "plugin catalog", "PluginCatalog")
    word = query.lower()
    out = []
    for entry in items(found, "plugins"):
        name, about = text(entry, "name"), text(entry, "description")
        if word in name.lower() or word in about.lower():
            out.append((name, about, _version(environ, name)))
    return out


def uninstall(name: str, environ: Mapping[str, str]) -> None:
    """Remove the program, or the link that stands for it, and its receipt. Raises FluxError."""
    path = os.path.join(folder(environ), f"{PREFIX}{name}")
    if not _NAME.match(name) or not os.path.lexists(path):
        raise FluxError(f"plugin {go_quote(name)} is not installed")
    for what, file in (("binary", path), ("receipt", _receipt(environ, name))):
        try:
            os.unlink(file)
        except FileNotFoundError:
            continue
        except OSError as err:
            raise FluxError(f"failed to remove plugin {what}: remove {file}: {(err.strerror or '').lower()}") from err


def update(name: str, environ: Mapping[str, str], taken: Container[str], seconds: float, done: Callable[[Updated], None]) -> bool:
    """Bring one plugin, or all, to the newest version; ``done`` hears of each. False where there is none. Raises FluxError."""
    there = installed(environ, taken)
    if name:
        there = [plugin for plugin in there if plugin.name == name]
        if not there:
            raise FluxError(f"plugin {go_quote(name)} is not installed")
    for plugin in there:
        done(_updated(plugin, environ, seconds))
    return bool(there)


def _updated(plugin: Plugin, environ: Mapping[str, str], seconds: float) -> Updated:
    if not plugin.version:
        return Updated("warning", f"skipping {plugin.name} (manually installed)")
    try:
        manifest = _manifest(plugin.name, environ, seconds)
        version, platform = _chosen(manifest, plugin.name, "")
    except FluxError as err:
        return Updated("failure", f"error checking {plugin.name}: {err}")
    if version == plugin.version:
        return Updated("success", f"{plugin.name} already up to date (v{version})")
    try:
        _put(manifest, version, platform, environ, seconds)
    except FluxError as err:
        return Updated("failure", f"error updating {plugin.name}: {err}")
    return Updated("success", f"updated {plugin.name} v{plugin.version} → v{version}")


def _catalog(environ: Mapping[str, str]) -> str:
    return environ.get("FLUXCD_PLUGIN_CATALOG") or CATALOG


def _manifest(name: str, environ: Mapping[str, str], seconds: float) -> Object:
    missing = FluxError(f"plugin {go_quote(name)} not found in catalog")
    if not _NAME.match(name):
        raise missing
    try:
        raw = _fetch(f"{_catalog(environ)}{name}.yaml", seconds, _MAX_CATALOG)
    except FluxError as err:
        raise missing from err
    quoted = go_quote(name)
    found = _parsed(raw, f"failed to parse plugin manifest for {quoted}", f"plugin {quoted}", "Plugin")
    if not _BIN.match(text(found, "bin")):
        raise FluxError(
            f'plugin {quoted} has invalid bin {go_quote(text(found, "bin"))} (must be a plain filename prefixed with "flux-")'
        )
    return found


def _parsed(raw: bytes, failed: str, subject: str, kind: str) -> Object:
    from flux_cli.core.goyaml_load import YamlError, load

    try:
        found = load(raw.decode("utf-8", "replace"))
    except YamlError as err:
        raise FluxError(f"{failed}: {err}") from err
    if not isinstance(found, dict):
        raise FluxError(f"{failed}: it is not a mapping")
    version, what = text(found, "apiVersion"), text(found, "kind")
    if version != API_VERSION:
        raise FluxError(f"{subject} has unsupported apiVersion {go_quote(version)} (expected {go_quote(API_VERSION)})")
    if what != kind:
        raise FluxError(f"{subject} has unexpected kind {go_quote(what)} (expected {go_quote(kind)})")
    return found


def here() -> tuple[str, str]:
    """(operating system, processor) as Go names them."""
    system = "windows" if sys.platform == "win32" else sys.platform
    machine = os.uname().machine if hasattr(os, "uname") else "x86_64"
    return system, _MACHINES.get(machine.lower(), machine)


def _chosen(manifest: Object, name: str, which: str) -> tuple[str, Object]:
    """(version, platform) of the newest version, the one named, or the one with this digest. Raises FluxError."""
    versions, (system, machine) = items(manifest, "versions"), here()
    quoted = go_quote(name)
    if not versions:
        raise FluxError(f"plugin {quoted} has no versions")
    digest = which if which.startswith("sha256:") else ""
    for entry in versions:
        if which and not digest and text(entry, "version") != which:
            continue
        for platform in items(entry, "platforms"):
            fits = (text(platform, "os"), text(platform, "arch")) == (system, machine)
            if fits and (not digest or text(platform, "checksum") == digest):
                return text(entry, "version"), platform
        if not digest:
            raise FluxError(f"plugin {quoted} v{text(entry, 'version')} has no binary for {system}/{machine}")
    if digest:
        raise FluxError(f"digest {go_quote(digest)} not found for plugin {quoted} on {system}/{machine}")
    raise FluxError(f"version {go_quote(which)} not found for plugin {quoted}")


def _put(manifest: Object, version: str, platform: Object, environ: Mapping[str, str], seconds: float) -> Plugin:
    """Download, check, extract, write program and receipt. Raises FluxError."""
    import hashlib

    from flux_cli.core.goyaml import dump
    from flux_cli.services.plugin_archives import extract

    url = text(platform, "url")
    try:
        data = _fetch(url, seconds, _MAX_BINARY)
    except FluxError as err:
        raise FluxError(f"failed to download plugin: {str(err).removesuffix(f' from {url}')}", hint=err.hint) from err
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    if digest != text(platform, "checksum"):
        raise FluxError(f"checksum verification failed (expected: {text(platform, 'checksum')}, got: {digest})")
    wanted = text(platform, "extractPath") or text(manifest, "bin")
    program = extract(data, url, wanted)
    where, name = folder(environ), text(manifest, "name")
    path = os.path.join(where, text(manifest, "bin"))
    kept = {key: platform[key] for key in ("arch", "checksum", "extractPath", "os", "url") if platform.get(key)}
    receipt = {
        "installedAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "name": name, "platform": kept, "version": version,
    }  # fmt: skip
    try:
        if not environ.get("FLUXCD_PLUGINS"):
            os.makedirs(where, mode=0o755, exist_ok=True)
        _write(path, program, 0o755)
        _write(_receipt(environ, name), dump(receipt).encode(), 0o644)
    except OSError as err:
        hint = "FLUXCD_PLUGINS names a folder that must be there." if environ.get("FLUXCD_PLUGINS") else ""
        raise FluxError(f"failed to create {path}: open {path}: {(err.strerror or '').lower()}", hint=hint) from err
    return Plugin(name, version, path)


def _write(path: str, data: bytes, mode: int) -> None:
    """Complete or not at all: a running program is replaced, not overwritten."""
    partial = f"{path}.{os.getpid()}"
    try:
        with open(partial, "wb") as out:
            out.write(data)
        os.chmod(partial, mode)
        os.replace(partial, path)
    finally:
        if os.path.exists(partial):
            os.unlink(partial)


def _receipt(environ: Mapping[str, str], name: str) -> str:
    return os.path.join(folder(environ), f"{PREFIX}{os.path.basename(name)}.yaml")


def _version(environ: Mapping[str, str], name: str) -> str:
    """The version of the receipt; "" where there is none."""
    from flux_cli.core.goyaml_load import YamlError, load

    try:
        with open(_receipt(environ, name), encoding="utf-8", errors="replace") as file:
            return text(load(file.read()), "version")
    except (OSError, YamlError):
        return ""


def _fetch(url: str, seconds: float, limit: int) -> bytes:
    """The body of a GET, tried again while the server is unwell. Raises FluxError."""
    import httpx

    from flux_cli.core.trust import trusted
    from flux_cli.core.unanswered import told

    problem = ""
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(min(0.25 * 4 ** (attempt - 1), 2.0))
        try:
            with httpx.stream("GET", url, timeout=min(seconds, 30.0), follow_redirects=True, verify=trusted()) as answer:
                if answer.status_code == 200:
                    return _body(answer, limit)
                problem = ""
                if (answer.status_code < 500 and answer.status_code != 429) or answer.status_code == 501:
                    raise FluxError(f"HTTP {answer.status_code} from {url}")
        except (httpx.HTTPError, httpx.InvalidURL) as err:
            problem = ": " + told("Get", url, err)
    raise FluxError(f'Get "{url}": GET {url} giving up after {_TRIES} attempt(s){problem}')


def _body(answer: Any, limit: int) -> bytes:
    out = bytearray()
    for chunk in answer.iter_bytes():
        out += chunk
        if len(out) > limit:
            raise FluxError(f"{answer.url} is larger than {limit} bytes")
    return bytes(out)
