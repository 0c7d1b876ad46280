"""Ask the API server what an apply would make of each object, without making it."""

from typing import NamedTuple

from flux_cli.core.api import Cluster, Resource
from flux_cli.core.errors import ApiError, FluxError, Invalid, NoMatch, NotFound
from flux_cli.core.objects import Object, annotations, dig, items, labels, name_of, namespace_of, text
from flux_cli.core.parallel import side_by_side
from flux_cli.kinds import NAMES
from flux_cli.services.applying import drifted, identifier, refused
from flux_cli.services.diffing.ignoring import without_ignored
from flux_cli.services.diffing.secrets import hidden, masked
from flux_cli.services.diffing.shapes import Shapes
from flux_cli.services.diffing.writing import APPLY, Writer, patch_between, written
from flux_cli.services.normalizing import normalized

GROUP = "kustomize.toolkit.fluxcd.io"
_EXCLUDED = ((f"{GROUP}/reconcile", "disabled"), (f"{GROUP}/ssa", "ignore"))
_AT_ONCE = 8


class Outcome(NamedTuple):
    """created, drifted, unchanged or skipped. ``named``: the object counts as there when the inventory is compared."""

    subject: str
    action: str
    before: Object | None = None
    after: Object | None = None
    named: bool = True


def dry_runs(cluster: Cluster, objects: list[Object], kustomization: Object, writer: Writer) -> list[Outcome | Exception]:
    """One outcome or FluxError for each object, in order."""
    rules, shapes = items(kustomization, "spec.ignore"), Shapes(cluster)
    calls = [lambda obj=obj: dry_run(cluster, obj, rules, writer, shapes) for obj in objects]
    return side_by_side(calls, at_once=_AT_ONCE)


def dry_run(cluster: Cluster, obj: Object, rules: list[Object], writer: Writer, shapes: Shapes) -> Outcome:
    """Raises FluxError with the line that names the object."""
    wanted = normalized(obj)
    subject = identifier(wanted)
    try:
        resource = cluster.resolve(text(wanted, "apiVersion"), text(wanted, "kind"))
    except ApiError as err:
        raise refused(wanted, err) from err
    check_namespace(cluster, resource, wanted)
    live = existing(cluster, resource, wanted)
    skipped = excluded(wanted, live) if writer.marks else None
    if skipped:
        return skipped
    try:
        result = _asked(cluster, resource, obj, live, writer, shapes)
    except ApiError as err:
        if _immutable(err) and _has(wanted, f"{GROUP}/force", "enabled"):
            return Outcome(subject, "created")
        raise refused(wanted, err) from err
    if live is None or not text(result, "metadata.resourceVersion"):
        made = _shown(result)
        return Outcome(subject, "created", None, hidden(made) if text(wanted, "kind") == "Secret" else made)
    return compared(wanted, live, result, rules)


def _asked(
    cluster: Cluster, resource: Resource, obj: Object, live: Object | None, writer: Writer, shapes: Shapes
) -> Object:  # fmt: skip
    """What the server would make of the object; the live one where nothing would be sent."""
    namespace, manager = namespace_of(obj), writer.manager
    if live is None or (writer.method == APPLY and not writer.takes_over):
        return cluster.apply(resource, namespace, normalized(obj), field_manager=manager, force=True, dry_run=True)
    patch = patch_between(live, written(writer, obj, live, shapes.served(resource)[0]))
    return cluster.patch(resource, namespace, name_of(obj), patch, dry_run=True, field_manager=manager) if patch else live


def check_namespace(cluster: Cluster, resource: Resource, wanted: Object) -> None:
    """Raise the line for an object that lacks its namespace: there is no such path, so it is not the API that answers."""
    if not resource.namespaced or namespace_of(wanted):
        return
    if resource.kind in NAMES:  # known without asking, so its version may not be served
        try:
            cluster.raw(f"/apis/{resource.api_version}")
        except ApiError as err:
            absent = f'no matches for kind "{resource.kind}" in version "{resource.api_version}"'
            raise refused(wanted, NoMatch(absent, status=404, reason="NoMatch")) from err
    raise refused(wanted, NotFound("the server could not find the requested resource", status=404))


def compared(wanted: Object, live: Object, result: Object, rules: list[Object]) -> Outcome:
    """Live object and result of the apply, cleaned of what is not to be looked at, and masked."""
    before, after = (without_ignored(_shown(side), wanted, rules) for side in (live, result))
    if not drifted(before, after):
        return Outcome(identifier(wanted), "unchanged")
    if text(wanted, "kind") == "Secret":
        pair = masked(wanted, before, after)
        if pair is None:
            return Outcome(identifier(wanted), "unchanged")
        before, after = pair
    return Outcome(identifier(wanted), "drifted", before, after)


def existing(cluster: Cluster, resource: Resource, wanted: Object) -> Object | None:
    """The live object, None where there is none or it may not be read: the dry run says what is wrong."""
    try:
        return cluster.get(resource, namespace_of(wanted), name_of(wanted))
    except FluxError:
        return None


def excluded(wanted: Object, live: Object | None) -> Outcome | None:
    """Objects that the controller leaves alone. The Go CLI names the live one, and so nothing where there is none."""
    if any(_has(side, *mark) for mark in _EXCLUDED for side in (wanted, live or {})):
        name = identifier(live) if live else f"{text(wanted, 'kind')}/"
        return Outcome(name, "skipped", named=live is not None)
    if live and _has(wanted, f"{GROUP}/ssa", "ifnotpresent"):
        return Outcome(identifier(live), "skipped")
    return None


def _has(obj: Object, key: str, value: str) -> bool:
    return value in (str(labels(obj).get(key, "")).lower(), str(annotations(obj).get(key, "")).lower())


def _shown(obj: Object) -> Object:
    meta = {key: value for key, value in dig(obj, "metadata", {}).items() if key != "managedFields"}
    return {**obj, "metadata": meta}


def _immutable(err: ApiError) -> bool:
    return isinstance(err, Invalid) and ("immutable" in str(err) or "is forbidden: updates to" in str(err))
