"""What a write that failed has left behind, and what its refusal means."""

from __future__ import annotations

from flux_cli.core.api import Cluster, Resource
from flux_cli.core.errors import ApiError, Conflict, FluxError, Invalid, NotFound, Timeout, Unreachable
from flux_cli.core.objects import Object, dig, labels, name_of, namespace_of, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

_AGAIN = "Run the command again to bring it to the wanted state."


class Telling:
    """Around a write: where it fails, the error's hint says what state the object is in and what to do.

    ``before``: what the cluster held, None for nothing.
    """

    def __init__(
        self, cluster: Cluster, resource: Resource, wanted: Object, before: Object | None, *, deleting: bool = False
    ) -> None:
        self._cluster = cluster
        self._resource = resource
        self._wanted = wanted
        self._before = before
        self._deleting = deleting

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(err, Unreachable | Timeout):
            err.hint = _aftermath(self._cluster, self._resource, self._wanted, self._before, self._deleting)
        elif isinstance(err, Conflict):
            who = f"{self._resource.kind} {name_of(self._wanted)}"
            err.hint = err.hint or f"Somebody else changed {who} meanwhile; nothing was written. Run the command again."
        elif isinstance(err, Invalid):
            err.hint = err.hint or _causes(err)


def _aftermath(cluster: Cluster, resource: Resource, wanted: Object, before: Object | None, deleting: bool) -> str:
    """What is in the cluster after a write whose answer never came."""
    subject = f"{resource.kind} {namespace_of(wanted)}/{name_of(wanted)}"
    try:
        now: Object | None = cluster.get(resource, namespace_of(wanted), name_of(wanted))
    except NotFound:
        now = None
    except FluxError:
        return f"Whether {subject} was written is not known: the API server no longer answers. {_AGAIN}"
    lost = "although its answer got lost"
    if now is None and before:
        return f"{subject} was deleted, {lost}." if deleting else f"{subject} was deleted, and not made anew. {_AGAIN}"
    if deleting and text(now, "metadata.deletionTimestamp"):
        return f"{subject} is being deleted, {lost}."
    if _content(now) == _content(before):
        state = "was not deleted" if deleting else "was not changed" if before else "was not created"
        return f"{subject} {state}. {_AGAIN}"
    return f"{subject} was {'updated' if before else 'created'}, {lost}. {_AGAIN}"


def _content(obj: Object | None) -> Object | None:
    """What people write of an object; its controller may have written the rest meanwhile, and so its resource version."""
    if obj is None:
        return None
    own = {key: value for key, value in obj.items() if key not in ("metadata", "status")}
    return own | {"labels": labels(obj), "annotations": dig(obj, "metadata.annotations", {})}


def _causes(err: ApiError) -> str:
    """Several reasons, one a line: field and what is wrong with its value. One alone is readable in the message."""
    causes = dig(err.body, "details.causes", [])
    lines = [f"{text(cause, 'field')}: {text(cause, 'message')}" for cause in causes if isinstance(cause, dict)]
    return "\n".join(f"  {line}" for line in lines) if len(lines) > 1 else ""
