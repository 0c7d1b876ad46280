"""Bodies to objects. Beyond 1 MB msgspec decodes lists item by item, so that only what is kept is ever in memory."""

from __future__ import annotations

from flux_cli.core import quickjson
from flux_cli.core.api import Resource, Response
from flux_cli.core.objects import Object
from flux_cli.kube.status import not_the_api

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LARGE = 1 << 20


def encode(value: Any) -> bytes:
    return quickjson.dumps(value)


def decode(body: bytes, response: Response, server: str) -> Object:
    """The JSON object of an answer. Raises Unreachable where it is something else."""
    try:
        value = quickjson.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise not_the_api(server, response, body)
    return value


def decode_list(response: Response, server: str, resource: Resource, into: list[Object]) -> tuple[str, str]:
    """Append a page's items to ``into``; the list's resource version and the token of the next page.

    The server leaves kind and version out of a list's items, and puts ``managedFields`` in: both the other way round here.
    """
    body = response.read()
    if len(body) >= LARGE:
        meta, items = _large(body, response, server)
    else:
        page = decode(body, response, server)
        meta, items = page.get("metadata"), page.get("items") or []
    meta = meta if isinstance(meta, dict) else {}
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict):
            item["apiVersion"], item["kind"] = resource.api_version, resource.kind
            _slim(item)
            into.append(item)
    return str(meta.get("resourceVersion") or ""), str(meta.get("continue") or "")


def _large(body: bytes, response: Response, server: str) -> tuple[Any, list[Any]]:
    import msgspec

    try:
        page = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
        meta = msgspec.json.decode(page.get("metadata", b"{}"))
        raws = msgspec.json.decode(page.get("items", b"[]"), type=list[msgspec.Raw] | None) or []
        return meta, [_slim(msgspec.json.decode(raw)) for raw in raws]
    except (msgspec.DecodeError, RecursionError):
        raise not_the_api(server, response, body) from None


def _slim(item: Any) -> Any:
    meta = item.get("metadata") if isinstance(item, dict) else None
    if isinstance(meta, dict):
        meta.pop("managedFields", None)
    return item
