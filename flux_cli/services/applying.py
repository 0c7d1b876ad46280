"""Server-side apply of many objects as Flux does it: in stages, only what differs, and a change set to show.

Stage one is what others need to exist: definitions, namespaces, cluster roles. It must be in force before the rest follows.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from flux_cli.core.api import Cluster, Resource
from flux_cli.core.app import Clock
from flux_cli.core.errors import ApiError, FluxError, NoMatch, NotFound, Timeout
from flux_cli.core.objects import Object, dig, labels, name_of, namespace_of, text
from flux_cli.core.parallel import later, side_by_side
from flux_cli.kinds import kstatus
from flux_cli.services.normalizing import normalized

MANAGER = "flux"
CREATED = "created"
CONFIGURED = "configured"
UNCHANGED = "unchanged"
_UNKNOWN = "Unknown"
FIRST = frozenset({"CustomResourceDefinition", "Namespace", "ClusterRole"})
WAIT_SECONDS = 60.0  # for stage one to be in force
_ORDER = (
    "CustomResourceDefinition", "Namespace", "ClusterRole", "ClusterClass", "RuntimeClass", "PriorityClass", "StorageClass",
    "VolumeSnapshotClass", "IngressClass", "GatewayClass", "ClusterRoleBinding", "ResourceQuota", "ServiceAccount", "Role",
    "RoleBinding", "ConfigMap", "Secret", "Service", "LimitRange", "Deployment", "StatefulSet", "CronJob",
    "PodDisruptionBudget",
)  # fmt: skip
_LAST = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")


class Change(NamedTuple):
    """What happened to one object. ``id`` is ``Kind/namespace/name``, or ``Kind/name`` for a cluster-wide one."""

    id: str
    action: str

    def __str__(self) -> str:
        return f"{self.id} {self.action}"


class _Candidate(NamedTuple):
    resource: Resource
    obj: Object
    action: str


def identifier(obj: Object) -> str:
    """``Kind/namespace/name``, without the namespace where there is none."""
    return "/".join(part for part in (text(obj, "kind"), namespace_of(obj), name_of(obj)) if part)


def order(obj: Object) -> tuple[int, str, str, str, str]:
    """The key by which objects are sorted before they are applied."""
    kind = text(obj, "kind")
    group = text(obj, "apiVersion").rpartition("/")[0]
    if kind in _ORDER:
        return _ORDER.index(kind), "", "", namespace_of(obj), name_of(obj)
    if kind in _LAST:
        return len(_ORDER) + 1 + _LAST.index(kind), "", "", namespace_of(obj), name_of(obj)
    return len(_ORDER), group, kind, namespace_of(obj), name_of(obj)


def apply_staged(cluster: Cluster, clock: Clock, objects: Iterable[Object]) -> list[Change]:
    """Apply all, stage one first and awaited. Raises FluxError at a refusal."""
    whole = [normalized(obj) for obj in objects]
    first = [obj for obj in whole if text(obj, "kind") in FIRST]
    rest = [obj for obj in whole if text(obj, "kind") not in FIRST]
    changes = _apply_all(cluster, first) if first else []
    if first:
        wait_current(cluster, clock, first, WAIT_SECONDS)
    return changes + (_apply_all(cluster, rest) if rest else [])


def _apply_all(cluster: Cluster, objects: Sequence[Object]) -> list[Change]:
    """One stage: what would change is found out side by side, then written one after the other, in order."""
    ordered = sorted(objects, key=order)
    found = side_by_side([later(_candidate, cluster, obj) for obj in ordered], at_once=8)
    changes = []
    for one in found:
        if isinstance(one, Exception):
            raise one
    for one in found:
        assert isinstance(one, _Candidate)
        if one.action != UNCHANGED:
            _write(cluster, one)
        changes.append(Change(identifier(one.obj), one.action))
    return changes


def _candidate(cluster: Cluster, obj: Object) -> _Candidate:
    """What an object would become. Asked as a dry run, so that a refusal leaves everything as it was."""
    try:
        resource = cluster.resolve(text(obj, "apiVersion"), text(obj, "kind"))
        if not resource.namespaced and namespace_of(obj):
            obj["metadata"].pop("namespace")
        try:
            existing: Object | None = cluster.get(resource, namespace_of(obj), name_of(obj))
        except NotFound:
            existing = None
        result = cluster.apply(resource, namespace_of(obj), obj, field_manager=MANAGER, force=True, dry_run=True)
    except ApiError as err:
        raise refused(obj, err) from err
    if existing is None:
        return _Candidate(resource, obj, CREATED)
    return _Candidate(resource, obj, CONFIGURED if drifted(existing, result) else UNCHANGED)


def preview(cluster: Cluster, objects: Iterable[Object]) -> list[Change]:
    """The change set that ``apply_staged`` would have, in its order. Nothing is written; the server is asked by dry runs."""
    whole = [normalized(obj) for obj in objects]
    ordered = sorted(whole, key=lambda obj: (text(obj, "kind") not in FIRST, order(obj)))
    found = side_by_side([later(_foreseen, cluster, obj) for obj in ordered], at_once=8)
    for one in found:
        if isinstance(one, Exception):
            raise one
    return [one for one in found if isinstance(one, Change)]


def _foreseen(cluster: Cluster, obj: Object) -> Change:
    """What is not there yet is not asked about: its namespace or its definition may be part of the same plan."""
    try:
        cluster.get(cluster.resolve(text(obj, "apiVersion"), text(obj, "kind")), namespace_of(obj), name_of(obj))
    except (NotFound, NoMatch):
        return Change(identifier(obj), CREATED)
    return Change(identifier(obj), _candidate(cluster, obj).action)


def drifted(before: Object, after: Object) -> bool:
    """Whether an apply changes labels, annotations or anything beside metadata and status."""
    if labels(before) != labels(after) or dig(before, "metadata.annotations", {}) != dig(after, "metadata.annotations", {}):
        return True
    left = {key: value for key, value in before.items() if key not in ("metadata", "status")}
    return left != {key: value for key, value in after.items() if key not in ("metadata", "status")}


def _write(cluster: Cluster, one: _Candidate) -> None:
    try:
        cluster.apply(one.resource, namespace_of(one.obj), one.obj, field_manager=MANAGER, force=True)
    except ApiError as err:
        raise FluxError(f"{identifier(one.obj)} apply failed: {err}", hint=err.hint) from err


def refused(obj: Object, err: ApiError) -> FluxError:
    """The line for an object whose dry run the server refused. A kind that is not served is told in client-go's words."""
    name = identifier(obj)
    if isinstance(err, NotFound | NoMatch) and err.reason != "NoMatch":
        return FluxError(f"{name} {'not found' if namespace_of(obj) else 'namespace not specified'}: {err}", hint=err.hint)
    reason = "FieldManagerConflict" if err.status == 409 else "" if isinstance(err, NoMatch) else err.reason
    return FluxError(f"{name} dry-run failed{f' ({reason})' if reason else ''}: {err}", hint=err.hint)


def wait_current(cluster: Cluster, clock: Clock, objects: Sequence[Object], seconds: float, *, every: float = 2.0) -> None:
    """Wait until all are current by kstatus; the first look is at once. Raises Timeout or FluxError, naming them."""
    deadline, pause = clock.monotonic() + seconds, every / 16
    pending = list(objects)
    while True:
        found = side_by_side([later(_current, cluster, obj) for obj in pending], at_once=8)
        states = {identifier(obj): _state(one) for obj, one in zip(pending, found, strict=True)}
        stalled = [f"{name} status: '{one.state}'" for name, one in states.items() if one.state == kstatus.FAILED]
        if stalled:
            raise FluxError(f"failed early due to stalled resources: [{', '.join(stalled)}]")
        pending = [obj for obj in pending if states[identifier(obj)].state != kstatus.CURRENT]
        if not pending:
            return
        if clock.monotonic() + pause > deadline:
            waiting = [_waiting(identifier(obj), states[identifier(obj)]) for obj in pending]
            raise Timeout(f"timeout waiting for: [{', '.join(waiting)}]")
        clock.sleep(pause)
        pause = min(every, pause * 2)


def _current(cluster: Cluster, obj: Object) -> kstatus.Status:
    resource = cluster.resolve(text(obj, "apiVersion"), text(obj, "kind"))
    return kstatus.compute(cluster.get(resource, namespace_of(obj), name_of(obj)))


def _state(found: kstatus.Status | Exception) -> kstatus.Status:
    if isinstance(found, NotFound):
        return kstatus.Status("NotFound", "Resource not found")
    if isinstance(found, FluxError):
        return kstatus.Status(_UNKNOWN, str(found))
    if isinstance(found, Exception):
        raise found
    return found


def _waiting(name: str, state: kstatus.Status) -> str:
    if state.state == _UNKNOWN:
        return f"can't determine status for {name}: {state.message}"
    return f"{name} status: '{state.state}'"
