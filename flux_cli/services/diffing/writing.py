"""How the controller that is stood in for writes an object, and what becomes of the live one by that."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from flux_cli.core.objects import Object, dig, items, name_of, namespace_of, text
from flux_cli.sandbox import field_paths
from flux_cli.sandbox.catalog import Served
from flux_cli.sandbox.patches import merged
from flux_cli.services.diffing.three_way import difference, three_way, two_way, typed
from flux_cli.services.normalizing import normalized

Key = tuple[str, ...]
APPLY, MERGE, REPLACE = "apply", "merge", "replace"
_SERVERS = ("managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink")


class Writer(NamedTuple):
    """``method``: server-side apply, Helm's own merge, or replacement.

    ``before``: what the release's last manifest says of each object, for the merge; ``first``: there is no release yet.
    ``takes_over``: what this manager set before it applied counts as applied. ``marks``: kustomize-controller's marks on
    objects are obeyed.
    """

    manager: str
    method: str = APPLY
    before: Mapping[Key, Object] = {}
    first: bool = False
    takes_over: bool = False
    marks: bool = True


def key(obj: Object) -> Key:
    """Which object it is, whatever its version."""
    return text(obj, "apiVersion").rpartition("/")[0], text(obj, "kind"), namespace_of(obj), name_of(obj)


def written(writer: Writer, obj: Object, live: Object, served: Served) -> Object:
    """The live object after the change, less what the server makes of it."""
    if writer.method == APPLY:
        return _applied(writer, normalized(obj), live, served)
    if writer.method == REPLACE:
        kept = {field: value for field, value in live["metadata"].items() if field in _SERVERS}
        status = {"status": live["status"]} if "status" in live else {}
        return {**obj, **status, "metadata": {**obj["metadata"], **kept}}
    if typed(served.group):
        return three_way(writer.before.get(key(obj), {}), obj, live, served.schema)
    if writer.first:
        return merged(live, obj)  # type: ignore[no-any-return]
    return two_way(writer.before.get(key(obj), obj), obj, live)


def _applied(writer: Writer, wanted: Object, live: Object, served: Served) -> Object:
    """After a forced apply: what is wanted is set, what the manager once named is gone.

    What it set by other means goes with it where it takes that over (client-go's ``csaupgrade``, which Helm does first).
    """
    was: set[field_paths.Path] = set()
    elsewhere: set[field_paths.Path] = set()
    own = [(writer.manager, "Apply", "")] + ([(writer.manager, "Update", "")] if writer.takes_over else [])
    for entry in items(live, "metadata.managedFields"):
        fields = field_paths.unfold(dig(entry, "fieldsV1", {}))
        mine = (text(entry, "manager"), text(entry, "operation"), text(entry, "subresource")) in own
        (was if mine else elsewhere).update(fields)
    kept = field_paths.named(wanted, served) | elsewhere
    after = field_paths.merge(live, wanted, served)
    field_paths.drop(after, _with_parents(was) - _with_parents(kept), kept)
    return after


def _with_parents(fields: Iterable[field_paths.Path]) -> field_paths.Paths:
    return frozenset(path[:end] for path in fields for end in range(1, len(path) + 1))


def patch_between(live: Object, after: Object) -> Object:
    """The merge patch that makes one of the other; what only the server sets is left out."""
    return difference(*({**side, "metadata": _set_by_users(side)} for side in (live, after)))


def _set_by_users(obj: Object) -> Object:
    return {field: value for field, value in obj["metadata"].items() if field not in _SERVERS}
