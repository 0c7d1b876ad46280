"""What ``trace`` found, as a document for programs: each object, and the chain of Flux objects that it came through."""

from __future__ import annotations

from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object, condition, name_of, namespace_of, text
from flux_cli.services.tracing import Block

API_VERSION = "output.flux-cli.dev/v1"
_KEYS = {
    "Target": "targetNamespace",
    "Path": "path",
    "Chart": "chart",
    "Version": "version",
    "URL": "url",
    "Tag": "tag",
    "Branch": "branch",
    "Digest": "digest",
    "Source": "source",
    "Revision": "revision",
    "Origin Revision": "originRevision",
    "Origin Source": "originSource",
}


def document(items: list[Object]) -> Object:
    return {"apiVersion": API_VERSION, "kind": "TraceList", "items": items}


def managed(blocks: list[Block]) -> Object:
    """An item for an object that Flux made; ``blocks`` begin with the object's own."""
    chain = [_link(block) for block in blocks[1:]]
    return {"object": _reference(blocks[0].subject), "managed": True, "chain": chain}


def failed(obj: Object, err: FluxError, is_managed: bool) -> Object:
    """An item for an object that Flux did not make, or whose chain cannot be followed to its end."""
    return {"object": _reference(obj), "managed": is_managed, "error": str(err)}


def _reference(obj: Object) -> Object:
    found = {
        "apiVersion": text(obj, "apiVersion"),
        "kind": text(obj, "kind"),
        "namespace": namespace_of(obj),
        "name": name_of(obj),
    }
    return {key: value for key, value in found.items() if value}


def _link(block: Block) -> Object:
    """A Flux object: what it is, what its block says of it, and its readiness, each where there is one."""
    link = _reference(block.subject) | {_KEYS[label]: value for label, value in block.lines if value and label in _KEYS}
    ready = condition(block.subject)
    if ready is None:
        return link
    return link | {
        "ready": text(ready, "status"),
        "message": text(ready, "message"),
        "lastTransitionTime": text(ready, "lastTransitionTime"),
    }
