"""``spec.wait`` and ``spec.healthChecks`` of a Kustomization: are the objects that it applied well?"""

import time
from typing import NamedTuple

from flux_cli.core import durations
from flux_cli.core.errors import ApiError
from flux_cli.core.objects import Object, Ref, condition, dig, items, namespace_of, text
from flux_cli.sandbox.controllers._loop import Desk
from flux_cli.sandbox.controllers._outcome import Condition, Failure, Outcome

LOOK = 0.05  # seconds between looks


class Wait(NamedTuple):
    """Since when an object waits, and for which of its generations and revisions."""

    since: float
    what: tuple[object, str]


class Health:
    """Keeps how long each Kustomization waits already."""

    def __init__(self) -> None:
        self._waits: dict[str, Wait] = {}

    def pending(self, desk: Desk, obj: Object, applied: list[Ref], status: Object) -> Outcome | None:
        """What the object says while it waits; None where all is well. Raises Failure after ``spec.timeout``."""
        refs = applied if dig(obj, "spec.wait") is True else []
        refs = refs + [
            Ref(text(r, "kind"), text(r, "namespace") or namespace_of(obj), text(r, "name"))
            for r in items(obj, "spec.healthChecks")
        ]
        bad = [f"{ref} status: '{state}'" for ref in refs if (state := _state(desk, obj, ref)) != "Current"]
        uid, what = text(obj, "metadata.uid"), (dig(obj, "metadata.generation"), text(status, "lastAttemptedRevision"))
        if not bad:
            self._waits.pop(uid, None)
            return None
        known = self._waits.get(uid)
        if known is None or known.what != what:
            known = self._waits[uid] = Wait(time.monotonic(), what)
        limit, passed = _timeout(obj), time.monotonic() - known.since
        if passed > limit:
            del self._waits[uid]
            said = f"health check failed after {durations.format(round(passed, 3))}: timeout waiting for: [{', '.join(bad)}]"
            raise Failure("HealthCheckFailed", said, kind="Healthy", status=status)
        revision = text(status, "lastAttemptedRevision")
        work = f"Running health checks for revision {revision} with a timeout of {durations.format(limit)}"
        shown = (
            Condition("Reconciling", "True", "Progressing", work),
            Condition("Ready", "Unknown", "Progressing", "Reconciliation in progress"),
            Condition("Healthy", "Unknown", "Progressing", work),
        )
        return Outcome(shown, False, status, retry=LOOK)


def _timeout(obj: Object) -> float:
    try:
        return durations.parse(text(obj, "spec.timeout") or text(obj, "spec.interval") or "5m")
    except ValueError:
        return 300.0


def _state(desk: Desk, obj: Object, ref: Ref) -> str:
    """Current, InProgress or NotFound, by the rules of kstatus."""
    entry: Object = next(
        (e for e in items(obj, "spec.healthChecks") if (text(e, "kind"), text(e, "name")) == (ref.kind, ref.name)), {}
    )
    resource = next(
        (r for r in desk.cluster.resources() if r.kind == ref.kind and text(entry, "apiVersion") in ("", r.api_version)), None
    )
    if resource is None:
        return "NotFound"
    try:
        found = desk.cluster.get(resource, ref.namespace, ref.name)
    except ApiError:
        return "NotFound"
    generation = dig(found, "metadata.generation")
    if "status" not in found:
        return (
            "InProgress" if resource.group.endswith("toolkit.fluxcd.io") and ref.kind not in ("Alert", "Provider") else "Current"
        )
    if dig(found, "status.observedGeneration", generation) != generation:
        return "InProgress"
    if ref.kind == "Deployment":
        return "Current" if dig(found, "status.availableReplicas", 0) >= dig(found, "spec.replicas", 1) else "InProgress"
    ready = condition(found)
    return "Current" if ready is None or text(ready, "status") == "True" else "InProgress"
