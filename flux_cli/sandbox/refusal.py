"""Refusals: ``Status`` bodies in the words of the API server, raised where they are found and answered by ``api``."""

from typing import Any

from flux_cli.core.objects import Object

REASONS = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    409: "Conflict",
    410: "Expired",
    415: "UnsupportedMediaType",
    422: "Invalid",
    429: "TooManyRequests",
    500: "InternalError",
    503: "ServiceUnavailable",
    504: "Timeout",
}


NO_REASON = "-"  # a Status without one


class Refusal(Exception):
    """An answer that is a ``Status`` of failure. ``headers`` are added to the response."""

    def __init__(
        self, code: int, message: str, *, reason: str = "", details: Object | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason or REASONS.get(code, "")
        self.details = details
        self.headers = headers or {}

    def body(self) -> Object:
        status: Object = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": str(self),
            "reason": self.reason,
        }
        if self.reason == NO_REASON:
            del status["reason"]
        if self.details is not None:
            status["details"] = self.details
        return status | {"code": self.code}


class Unserved(Exception):
    """A path that leads nowhere: the plain ``404 page not found``, not a Status."""


def of(group: str, plural: str) -> str:
    """``gitrepositories.source.toolkit.fluxcd.io`` or ``pods``: how messages name a resource."""
    return f"{plural}.{group}" if group else plural


def details(group: str, kind: str, name: str = "", **more: Any) -> Object:
    found: Object = {}
    if name:
        found["name"] = name
    if group:
        found["group"] = group
    return found | ({"kind": kind} if kind else {}) | more


def bad_request(message: str) -> Refusal:
    return Refusal(400, message)


def unknown_resource() -> Refusal:
    """404 of a resource that a group of the server's own does not have."""
    return Refusal(404, "the server could not find the requested resource", details={})


def not_found(group: str, plural: str, name: str) -> Refusal:
    return Refusal(404, f'{of(group, plural)} "{name}" not found', details=details(group, plural, name))


def exists(group: str, plural: str, name: str, *, ending: bool = False) -> Refusal:
    """409 of a create; ``ending``: the object that is there waits for its finalizers."""
    message = f'{"object is being deleted: " if ending else ""}{of(group, plural)} "{name}" already exists'
    return Refusal(409, message, reason="AlreadyExists", details=details(group, plural, name))


def changed(group: str, plural: str, name: str, why: str = "") -> Refusal:
    """409 of an update: somebody else was quicker, or a precondition (``why``) does not hold."""
    reason = why or "the object has been modified; please apply your changes to the latest version and try again"
    return Refusal(
        409, f'Operation cannot be fulfilled on {of(group, plural)} "{name}": {reason}', details=details(group, plural, name)
    )


def forbidden(user: str, verb: str, group: str, resource: str, namespace: str, name: str) -> Refusal:
    """403 of the authorizer. ``resource`` may hold a subresource (``pods/log``)."""
    plural = resource.split("/")[0]
    scope = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
    what = of(group, plural) + (f' "{name}"' if name else "")
    message = f'{what} is forbidden: User "{user}" cannot {verb} resource "{resource}" in API group "{group}" {scope}'
    return Refusal(403, message, details=details(group, plural, name))


def refused(group: str, plural: str, name: str, why: str) -> Refusal:
    """403 of admission: a quota, a namespace that ends."""
    what = of(group, plural) + (f' "{name}"' if name else "")
    return Refusal(403, f"{what} is forbidden: {why}", details=details(group, plural, name))


def forbidden_path(user: str, verb: str, path: str) -> Refusal:
    return Refusal(403, f'forbidden: User "{user}" cannot {verb} path "{path}"', details={})


def unauthorized() -> Refusal:
    return Refusal(401, "Unauthorized")


def expired(requested: int, oldest: int) -> Refusal:
    return Refusal(410, f"too old resource version: {requested} ({oldest})")


class Cause(tuple[str, str, str]):
    """(reason, field, message) of one thing that validation found; ``str`` is how the sentence names it."""

    __slots__ = ()

    def __new__(cls, reason: str, field: str, message: str) -> "Cause":
        return super().__new__(cls, (reason, field, message))

    def __str__(self) -> str:
        return f"{self[1]}: {self[2]}"


def invalid(group: str, kind: str, name: str, causes: list[Cause]) -> Refusal:
    """422: every cause in one sentence and as data, in the order found."""
    said = list(dict.fromkeys(str(c) for c in causes))
    sentence = said[0] if len(said) == 1 else "[" + ", ".join(said) + "]"
    listed = [{"reason": reason, "message": message, "field": field} for reason, field, message in causes]
    what = f"{kind}.{group}" if group else kind
    return Refusal(422, f'{what} "{name}" is invalid: {sentence}', details=details(group, kind, name, causes=listed))
