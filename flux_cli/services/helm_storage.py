"""Helm's own record of a release: a Secret that holds the rendered manifest, gzipped JSON in base64."""

import base64
import binascii
import gzip
import json
import zlib
from typing import Any, NamedTuple

from flux_cli.core.api import SECRET, Cluster
from flux_cli.core.errors import ApiError, FluxError, NotFound
from flux_cli.core.objects import Object, dig, items, labels, name_of, namespace_of, text

GZIP = b"\x1f\x8b\x08"


class Stored(NamedTuple):
    """A release as Helm keeps it. ``server_side``: it was written by server-side apply, not by Helm's own merge."""

    objects: list[Object]
    server_side: bool


def manifest(cluster: Cluster, namespace: str, name: str, storage: str, latest: Object) -> list[Object] | None:
    """The objects of a HelmRelease's latest release in their order; None where Helm has no record of it. Raises FluxError."""
    found = stored(cluster, namespace, name, storage, latest)
    return found.objects if found else None


def stored(cluster: Cluster, namespace: str, name: str, storage: str, entry: Object) -> Stored | None:
    """What Helm keeps of a release, by its ``entry`` in a HelmRelease's history; None where that is gone. Raises FluxError."""
    what = f"the Helm storage object for HelmRelease '{namespace}/{name}'"
    record = f"sh.helm.release.v1.{text(entry, 'name')}.v{text(entry, 'version')}"
    try:
        secret = cluster.get(SECRET, storage, record)
    except NotFound:
        return None
    except ApiError as err:
        raise FluxError(f"failed to find {what}: {err}") from err
    value = dig(secret, "data.release")
    if not isinstance(value, str):
        raise FluxError(f"failed to decode {what}")
    try:
        release = _decode(value)
        return Stored(_objects(text(release, "manifest")), text(release, "apply_method") == "ssa")
    except (binascii.Error, OSError, EOFError, zlib.error, ValueError) as err:
        raise FluxError(f"failed to decode {what}: {err}") from err


class Installed(NamedTuple):
    """What an upgrade starts from: the objects of the release that is deployed (of the last one, where none is).

    ``server_side``: how that one was written; ``last_server_side``: how the newest was, whether it succeeded or not.
    """

    objects: list[Object]
    server_side: bool
    last_server_side: bool


def installed(cluster: Cluster, release: Object, name: str) -> Installed | None:
    """What Helm has of a HelmRelease under this name, also where somebody else installed it; None: it will be new.

    Raises FluxError.
    """
    owner = namespace_of(release)
    storage = text(release, "status.storageNamespace") or text(release, "spec.storageNamespace") or owner
    history = [entry for entry in items(release, "status.history") if isinstance(entry, dict)]
    history = sorted(history or _released(cluster, storage, name), key=_version)
    if not history or text(history[-1], "status") == "uninstalled":
        return None
    current = next((entry for entry in reversed(history) if text(entry, "status") == "deployed"), history[-1])
    was = stored(cluster, owner, name_of(release), storage, current)
    last = was if current is history[-1] else stored(cluster, owner, name_of(release), storage, history[-1])
    return Installed(was.objects, was.server_side, last.server_side if last else was.server_side) if was else None


def _version(entry: Object) -> int:
    return number if isinstance(number := entry.get("version"), int) else 0


def _released(cluster: Cluster, storage: str, name: str) -> list[Object]:
    """Entries like those of a HelmRelease's history for what Helm released by itself; none where that cannot be read."""
    try:
        listed = cluster.list(SECRET, storage, labels=f"owner=helm,name={name}", metadata_only=True).items
    except FluxError:
        return []
    known = [(labels(secret).get("version", ""), labels(secret).get("status", "")) for secret in listed]
    return [{"name": name, "version": int(version), "status": status} for version, status in known if version.isdecimal()]


def _decode(value: str) -> Object:
    """The release out of the Secret's value, which is base64 twice."""
    data = base64.b64decode(base64.b64decode(value))
    release = json.loads(gzip.decompress(data) if data.startswith(GZIP) else data)
    return release if isinstance(release, dict) else {}


def _objects(stream: str) -> list[Object]:
    """Documents that are objects; lists are opened, kustomize's own configuration is left out."""
    from flux_cli.core.goyaml_load import load_all

    out: list[Object] = []
    for document in load_all(stream):
        if isinstance(document, dict):
            parts: list[Any] = (
                items(document, "items") if text(document, "kind").endswith("List") and "items" in document else [document]
            )
            out += [part for part in parts if _is_object(part)]
    return out


def _is_object(part: Any) -> bool:
    if not (name_of(part) and text(part, "kind") and text(part, "apiVersion")):
        return False
    return not (text(part, "kind") == "Kustomization" and text(part, "apiVersion").startswith("kustomize.config.k8s.io/"))
