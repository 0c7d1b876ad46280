"""An object into a cluster: made when it is new, brought to the new labels and spec when it exists."""

from typing import NamedTuple

from flux_cli.core.api import Cluster, Resource
from flux_cli.core.errors import NotFound
from flux_cli.core.objects import Object, labels, name_of, namespace_of
from flux_cli.services.aftermath import Telling


class Outcome(NamedTuple):
    """``verb`` is created, updated or unchanged; ``object`` is what the server holds; ``before`` what it held, None for
    nothing."""

    verb: str
    object: Object
    before: Object | None


def upsert(cluster: Cluster, resource: Resource, wanted: Object, *, skip_equal: bool = False, dry_run: bool = False) -> Outcome:
    """Annotations and status of an existing object stay, its labels and spec are replaced.

    ``skip_equal``: nothing is sent when labels and spec are as wanted. Raises what the API server says.
    """
    namespace, name = namespace_of(wanted), name_of(wanted)
    try:
        found: Object | None = cluster.get(resource, namespace, name)
    except NotFound:
        found = None
    if found and skip_equal and found.get("spec") == wanted.get("spec") and labels(found) == labels(wanted):
        return Outcome("unchanged", found, found)
    with Telling(cluster, resource, wanted, found):
        if found is None:
            return Outcome("created", cluster.create(resource, namespace, wanted, dry_run=dry_run), None)
        return Outcome("updated", cluster.update(resource, namespace, _merged(found, wanted), dry_run=dry_run), found)


def _merged(found: Object, wanted: Object) -> Object:
    metadata = {key: value for key, value in found["metadata"].items() if key != "labels"}
    if labels(wanted):
        metadata["labels"] = labels(wanted)
    body = {key: value for key, value in wanted.items() if key not in ("apiVersion", "kind", "metadata")}
    return {**found, "metadata": metadata, **body}
