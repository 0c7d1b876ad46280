"""An object into a cluster: made when it is new, brought to the new labels and spec when it exists."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from flux_cli.core.api import Cluster, Resource
from flux_cli.core.errors import ApiError, Conflict, FluxError, Invalid, NotFound, Timeout, Unreachable
from flux_cli.core.goyaml import dump
from flux_cli.core.objects import Object, dig, labels, name_of, namespace_of, text


class Outcome(NamedTuple):
    """``verb`` is created, updated or unchanged; ``object`` is what the server holds; ``before`` what it held, None for
    nothing."""

    verb: str
    object: Object
    before: Object | None


def upsert(cluster: Cluster, resource: Resource, wanted: Object, *, skip_equal: bool = False, dry_run: bool = False) -> Outcome:
    """Annotations and status of an existing object stay, its labels and spec are replaced.

    ``skip_equal``: nothing is sent when labels and spec are as wanted. Raises what the API server says, see ``telling``.
    """
    namespace, name = namespace_of(wanted), name_of(wanted)
    try:
        found: Object | None = cluster.get(resource, namespace, name)
    except NotFound:
        found = None
    if found and skip_equal and found.get("spec") == wanted.get("spec") and labels(found) == labels(wanted):
        return Outcome("unchanged", found, found)
    with telling(cluster, resource, wanted, found):
        if found is None:
            return Outcome("created", cluster.create(resource, namespace, wanted, dry_run=dry_run), None)
        return Outcome("updated", cluster.update(resource, namespace, _merged(found, wanted), dry_run=dry_run), found)


@contextmanager
def telling(cluster: Cluster, resource: Resource, wanted: Object, before: Object | None) -> Iterator[None]:
    """Around a write: where it fails, the error's hint says what state the object is in and what to do."""
    try:
        yield
    except (Unreachable, Timeout) as err:
        err.hint = _aftermath(cluster, resource, wanted, before)
        raise
    except Conflict as err:
        who = f"{wanted['kind']} {name_of(wanted)}"
        err.hint = err.hint or f"Somebody else changed {who} meanwhile; nothing was written. Run the command again."
        raise
    except Invalid as err:
        err.hint = err.hint or _causes(err)
        raise


def changes(outcome: Outcome) -> list[str]:
    """The lines of a unified diff of the object's YAML, before and after; without what the server keeps for itself."""
    import difflib

    before, after = (_lines(obj) for obj in (outcome.before, outcome.object))
    subject = f"{outcome.object['kind']}/{name_of(outcome.object)}"
    return list(difflib.unified_diff(before, after, f"{subject} (cluster)", f"{subject} (new)"))


def _lines(obj: Object | None) -> list[str]:
    if obj is None:
        return []
    kept = {key: value for key, value in obj["metadata"].items() if key in ("name", "namespace", "labels", "annotations")}
    return dump({**{key: value for key, value in obj.items() if key != "status"}, "metadata": kept}).splitlines(keepends=True)


def _merged(found: Object, wanted: Object) -> Object:
    metadata = {key: value for key, value in found["metadata"].items() if key != "labels"}
    if labels(wanted):
        metadata["labels"] = labels(wanted)
    body = {key: value for key, value in wanted.items() if key not in ("apiVersion", "kind", "metadata")}
    return {**found, "metadata": metadata, **body}


def _aftermath(cluster: Cluster, resource: Resource, wanted: Object, before: Object | None) -> str:
    """What is in the cluster after a write whose answer never came."""
    subject = f"{wanted['kind']} {namespace_of(wanted)}/{name_of(wanted)}"
    again = "Run the command again to bring it to the wanted state."
    try:
        now: Object | None = cluster.get(resource, namespace_of(wanted), name_of(wanted))
    except NotFound:
        now = None
    except FluxError:
        return f"Whether {subject} was written is not known: the API server no longer answers. {again}"
    if now is None and before:
        return f"{subject} was deleted, and not made anew. {again}"
    if text(now, "metadata.resourceVersion") == text(before, "metadata.resourceVersion"):
        state = "was not changed" if before else "was not created"
        return f"{subject} {state}. {again}"
    return f"{subject} was {'updated' if before else 'created'}, although its answer got lost. {again}"


def _causes(err: ApiError) -> str:
    """Several reasons, one a line: field and what is wrong with its value. One alone is readable in the message."""
    causes = dig(err.body, "details.causes", [])
    lines = [f"{text(cause, 'field')}: {text(cause, 'message')}" for cause in causes if isinstance(cause, dict)]
    return "\n".join(f"  {line}" for line in lines) if len(lines) > 1 else ""
