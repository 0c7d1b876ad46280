"""Helm's own record of a release: a Secret that holds the rendered manifest, gzipped JSON in base64."""

import base64
import binascii
import gzip
import json
import zlib
from typing import Any

from flux_cli.core.api import SECRET, Cluster
from flux_cli.core.errors import ApiError, FluxError, NotFound
from flux_cli.core.objects import Object, dig, items, name_of, text

GZIP = b"\x1f\x8b\x08"


def manifest(cluster: Cluster, namespace: str, name: str, storage: str, latest: Object) -> list[Object] | None:
    """The objects of a HelmRelease's latest release in their order; None where Helm has no record of it. Raises FluxError."""
    what = f"the Helm storage object for HelmRelease '{namespace}/{name}'"
    record = f"sh.helm.release.v1.{text(latest, 'name')}.v{text(latest, 'version')}"
    try:
        secret = cluster.get(SECRET, storage, record)
    except NotFound:
        return None
    except ApiError as err:
        raise FluxError(f"failed to find {what}: {err}") from err
    stored = dig(secret, "data.release")
    if not isinstance(stored, str):
        raise FluxError(f"failed to decode {what}")
    try:
        return _objects(_decode(stored))
    except (binascii.Error, OSError, EOFError, zlib.error, ValueError) as err:
        raise FluxError(f"failed to decode {what}: {err}") from err


def _decode(stored: str) -> str:
    """The manifest out of the Secret's value, which is base64 twice."""
    data = base64.b64decode(base64.b64decode(stored))
    release = json.loads(gzip.decompress(data) if data.startswith(GZIP) else data)
    found = release.get("manifest") if isinstance(release, dict) else None
    return found if isinstance(found, str) else ""


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
