"""One request, understood: which resource, which object, what the query asks for."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

from flux_cli.core.api import Request
from flux_cli.core.objects import Object
from flux_cli.sandbox import protobuf
from flux_cli.sandbox.access import Caller
from flux_cli.sandbox.catalog import Catalog, Served, own_kinds
from flux_cli.sandbox.refusal import Refusal, Unserved, bad_request, not_found, unknown_resource

LONG = 500  # entries of a list
TRUE = ("1", "true", "True")


class Stream:
    """A body that comes piece by piece (watch, followed log). Any thread may close it; ``wake`` ends a wait that goes on."""

    def __init__(self, pieces: "Callable[[Stream], Iterator[bytes]]", wake: Callable[[], None]) -> None:
        self.closed = False
        self._pieces = pieces
        self._wake = wake

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces(self)

    def close(self) -> None:
        self.closed = True
        self._wake()


class Answer(NamedTuple):
    """What goes back."""

    status: int
    headers: dict[str, str]
    body: bytes | Stream


class Target(NamedTuple):
    """What a path means. ``namespace`` is empty for cluster-scoped resources and for all namespaces."""

    served: Served
    namespace: str = ""
    name: str = ""
    subresource: str = ""
    watch: bool = False


class Call(NamedTuple):
    """A request on a resource, with who asks."""

    request: Request
    caller: Caller
    target: Target
    query: dict[str, str]
    through: str = ""  # the subresource by which a change to the object itself came (scale)

    @property
    def served(self) -> Served:
        return self.target.served

    @property
    def dry_run(self) -> bool:
        return "dryRun" in self.query

    def flag(self, name: str) -> bool:
        return self.query.get(name, "") in TRUE

    def number(self, name: str) -> int:
        """A number of the query, 0 where it is missing; 400 in Go's words where it is none."""
        value = self.query.get(name, "")
        if not value:
            return 0
        if not value.lstrip("-").isdigit():
            raise bad_request(f'strconv.ParseInt: parsing "{value}": invalid syntax')
        return int(value)

    def manager(self) -> str:
        """Who owns the fields that this request sets: ``fieldManager``, else the program's name from its User-Agent."""
        given = self.query.get("fieldManager", "")
        return given or self.request.headers.get("user-agent", "").split("/")[0] or "unknown"

    def content_type(self) -> str:
        return self.request.headers.get("content-type", "").split(";")[0].strip().lower()


def locate(catalog: Catalog, path: str) -> Target | None:
    """The resource that a path leads to, or None where the path is none of a resource. Raises ``Unserved``."""
    parts = [unquote(part) for part in path.strip("/").split("/")]
    if parts[0] == "api" and len(parts) > 2:
        group, version, rest = "", parts[1], parts[2:]
    elif parts[0] == "apis" and len(parts) > 3:
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        return None
    watch = rest[0] == "watch" and len(rest) > 1
    rest = rest[1:] if watch else rest
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2 and not (len(rest) == 3 and rest[2] in ("status", "finalize")):
        namespace, rest = rest[1], rest[2:]
    served = catalog.at(group, version, rest[0])
    if served is None and is_own(group):
        raise unknown_resource()
    if served is None or len(rest) > 3 or (namespace and not served.namespaced):
        raise Unserved
    name, subresource = (*rest[1:], "", "")[:2]
    if subresource and subresource not in served.subresources:
        raise not_found(group, served.plural, name) if served.custom else unknown_resource()
    return Target(served, namespace, name, subresource, watch)


def is_own(group: str) -> bool:
    """A group of the API server itself."""
    return any(served.group == group for served in own_kinds())


def verb(request: Request, target: Target, query: dict[str, str]) -> str:
    """The verb as the authorizer knows it."""
    watching = target.watch or query.get("watch") in TRUE
    match request.method:
        case "GET" | "HEAD":
            if target.name and not target.watch:
                return "get"
            return "watch" if watching else "list"
        case "POST":
            return "create"
        case "PUT":
            return "update"
        case "PATCH":
            return "patch"
        case "DELETE":
            return "delete" if target.name else "deletecollection"
    return request.method.lower()


def decode(body: bytes | None, content_type: str) -> Any:
    """A request body, JSON, YAML or protobuf. Raises 400 and 415."""
    if content_type == protobuf.MEDIA_TYPE:
        try:
            return protobuf.decode(body or b"")
        except (ValueError, RecursionError) as err:
            raise bad_request(str(err)) from None
    text = (body or b"").decode("utf-8", "replace")
    if content_type in ("application/yaml", "application/apply-patch+yaml") and text.lstrip()[:1] not in ("{", "["):
        from flux_cli.sandbox.loading import parse

        return next(iter(parse(text, "the body of the request")), None)
    if content_type and "json" not in content_type and content_type != "application/apply-patch+yaml":
        raise Refusal(
            415,
            "the body of the request was in an unknown format - accepted media types include: "
            "application/json, application/yaml, application/vnd.kubernetes.protobuf",
        )
    if not text:
        raise bad_request("couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as err:
        raise bad_request(f"couldn't get version/kind; json parse error: {err}") from None


def encode(obj: Any) -> bytes:
    return json.dumps(obj, ensure_ascii=False, separators=(",", ":")).encode()


def encode_list(obj: Object) -> bytes:
    """Like ``encode``, for lists: long ones by a quicker encoder that is not worth its import for short ones."""
    if len(obj.get("items") or obj.get("rows") or ()) < LONG:
        return encode(obj)
    import msgspec

    return msgspec.json.encode(obj)


def answer(obj: Object, status: int = 200, warnings: Iterable[str] = ()) -> Answer:
    headers = {"content-type": "application/json"}
    said = [f'299 - "{warning}"' for warning in (w.replace("\\", "\\\\").replace('"', '\\"') for w in warnings)]
    if said:
        headers["warning"] = ", ".join(said)
    return Answer(status, headers, encode_list(obj))
