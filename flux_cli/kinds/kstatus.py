"""Is an object as its owner wants it? The rules of kstatus, the library that Flux's waits and health checks go by.

``compute`` is pure but for the clock, and never raises on odd shapes: what is missing or of another type counts as absent.
"""

from __future__ import annotations

import time

from flux_cli.core.objects import Object, condition, conditions, dig, items, text
from flux_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

CURRENT = "Current"
IN_PROGRESS = "InProgress"
FAILED = "Failed"
TERMINATING = "Terminating"

UNSCHEDULABLE_GRACE = 15.0  # seconds that a new pod may be without a node before that is a failure


class Status(Record):
    """``state`` is one of the constants above; ``message`` says why, "" only where the object itself gives no reason."""

    state: str
    message: str


def compute(obj: Object, now: float | None = None) -> Status:
    """The state of any Kubernetes object. ``now``: seconds since the epoch, the clock's where it is not given."""
    if text(obj, "metadata.deletionTimestamp"):
        return Status(TERMINATING, "Resource scheduled for deletion")
    return _unobserved(obj) or _standard(obj) or _own_rules(obj, time.time() if now is None else now) or _by_ready(obj)


def stalled(obj: Object) -> str:
    """The message of a true ``Stalled`` condition, "" where the object is not stalled."""
    found = condition(obj, "Stalled")
    return text(found, "message") if found and found.get("status") == "True" else ""


def _unobserved(obj: Object) -> Status | None:
    """The controller has not seen the latest spec. An observed generation of 0 is none: Go drops it when it writes the object."""
    generation, observed = dig(obj, "metadata.generation"), dig(obj, "status.observedGeneration")
    if not generation or not observed or generation == observed:
        return None
    kind = text(obj, "kind")
    return Status(IN_PROGRESS, f"{kind} generation is {generation}, but latest observed generation is {observed}")


def _standard(obj: Object) -> Status | None:
    """Whichever of Reconciling and Stalled is true, the first in the object's own order."""
    for found in conditions(obj):
        if found.get("status") == "True" and found.get("type") == "Reconciling":
            return Status(IN_PROGRESS, text(found, "message"))
        if found.get("status") == "True" and found.get("type") == "Stalled":
            return Status(FAILED, text(found, "message"))
    return None


def _own_rules(obj: Object, now: float) -> Status | None:
    """Kinds that came before conditions had common meanings. A custom resource of the same name is another kind."""
    group, _, _ = text(obj, "apiVersion").rpartition("/")
    kind = text(obj, "kind")
    if (group, kind) == ("", "Pod"):
        return _pod(obj, now)
    rule = _RULES.get((group, kind))
    return rule(obj) if rule else None


def _by_ready(obj: Object) -> Status:
    """A Ready condition decides; an object without one has nothing to say and counts as current."""
    found = condition(obj)
    if found and found.get("status") == "True":
        return Status(CURRENT, "Resource is Ready")
    if found and found.get("status") in ("False", "Unknown"):
        return Status(IN_PROGRESS, text(found, "message"))
    return Status(CURRENT, "Resource is current")


def _count(obj: Object, path: str, default: int = 0) -> int:
    value: Any = dig(obj, path)
    return value if isinstance(value, int) else default


def _is_true(obj: Object, type_: str) -> bool:
    found = condition(obj, type_)
    return bool(found) and text(found, "status") == "True"


def _deployment(obj: Object) -> Status:
    wanted, existing = _count(obj, "spec.replicas", 1), _count(obj, "status.replicas")
    updated, ready = _count(obj, "status.updatedReplicas"), _count(obj, "status.readyReplicas")
    available = _count(obj, "status.availableReplicas")
    progress = condition(obj, "Progressing") or {}
    if text(progress, "reason") == "ProgressDeadlineExceeded":
        return Status(FAILED, "Progress deadline exceeded")
    if wanted > existing:
        return Status(IN_PROGRESS, f"replicas: {existing}/{wanted}")
    if wanted > updated:
        return Status(IN_PROGRESS, f"Updated: {updated}/{wanted}")
    if existing > wanted:
        return Status(IN_PROGRESS, f"Pending termination: {existing - wanted}")
    if updated > available:
        return Status(IN_PROGRESS, f"Available: {available}/{updated}")
    if wanted > ready:
        return Status(IN_PROGRESS, f"Ready: {ready}/{wanted}")
    rolled_out = text(progress, "status") == "True" and text(progress, "reason") == "NewReplicaSetAvailable"
    if dig(obj, "spec.progressDeadlineSeconds") is not None and not rolled_out:
        return Status(IN_PROGRESS, "ReplicaSet not Available")
    if not _is_true(obj, "Available"):
        return Status(IN_PROGRESS, "Deployment not Available")
    return Status(CURRENT, f"Deployment is available. Replicas: {existing}")


def _stateful_set(obj: Object) -> Status:
    if text(obj, "spec.updateStrategy.type") == "OnDelete":
        return Status(CURRENT, "StatefulSet is using the ondelete update strategy")
    wanted, existing = _count(obj, "spec.replicas", 1), _count(obj, "status.replicas")
    ready, updated = _count(obj, "status.readyReplicas"), _count(obj, "status.updatedReplicas")
    current = _count(obj, "status.currentReplicas")
    partition = _count(obj, "spec.updateStrategy.rollingUpdate.partition")
    if wanted > existing:
        return Status(IN_PROGRESS, f"Replicas: {existing}/{wanted}")
    if wanted > ready:
        return Status(IN_PROGRESS, f"Ready: {ready}/{wanted}")
    if existing > wanted:
        return Status(IN_PROGRESS, f"Pending termination: {existing - wanted}")
    if partition:
        if updated < wanted - partition:
            return Status(IN_PROGRESS, f"updated: {updated}/{wanted - partition}")
        return Status(CURRENT, f"Partition rollout complete. updated: {updated}")
    if wanted > current:
        return Status(IN_PROGRESS, f"current: {current}/{wanted}")
    if text(obj, "status.currentRevision") != text(obj, "status.updateRevision"):
        return Status(IN_PROGRESS, "Waiting for updated revision to match current")
    return Status(CURRENT, f"All replicas scheduled as expected. Replicas: {existing}")


def _daemon_set(obj: Object) -> Status:
    wanted = _count(obj, "status.desiredNumberScheduled", -1)
    if wanted < 0:
        return Status(IN_PROGRESS, "Missing .status.desiredNumberScheduled")
    fields = {"Current": "currentNumberScheduled", "Updated": "updatedNumberScheduled"}
    fields |= {"Available": "numberAvailable", "Ready": "numberReady"}
    for word, field in fields.items():
        have = _count(obj, f"status.{field}")
        if wanted > have:
            return Status(IN_PROGRESS, f"{word}: {have}/{wanted}")
    return Status(CURRENT, f"All replicas scheduled as expected. Replicas: {wanted}")


def _replica_set(obj: Object) -> Status:
    if _is_true(obj, "ReplicaFailure"):
        found = condition(obj, "ReplicaFailure")
        return Status(IN_PROGRESS, text(found, "message") or "Replica Failure condition. Check Pods")
    wanted, existing = _count(obj, "spec.replicas", 1), _count(obj, "status.replicas")
    for word, field in {"Labelled": "fullyLabeledReplicas", "Available": "availableReplicas", "Ready": "readyReplicas"}.items():
        have = _count(obj, f"status.{field}")
        if wanted > have:
            return Status(IN_PROGRESS, f"{word}: {have}/{wanted}")
    if existing > wanted:
        return Status(IN_PROGRESS, f"Pending termination: {existing - wanted}")
    return Status(CURRENT, f"ReplicaSet is available. Replicas: {existing}")


def _pod(obj: Object, now: float) -> Status:
    phase = text(obj, "status.phase")
    if phase == "Succeeded":
        return Status(CURRENT, "Pod has completed successfully")
    if phase == "Failed":
        return Status(FAILED, text(obj, "status.message") or "Pod has completed, but not successfully")
    if phase == "Running" and _is_true(obj, "Ready"):
        return Status(CURRENT, "Pod is Ready")
    crashing = _crashing(obj)
    if crashing:
        return Status(FAILED, f"Containers in CrashLoop state: {','.join(crashing)}")
    if phase == "Running":
        return Status(IN_PROGRESS, "Pod is running but is not Ready")
    scheduled = condition(obj, "PodScheduled") or {}
    if text(scheduled, "status") == "False" and text(scheduled, "reason") == "Unschedulable":
        from flux_cli.core import rfc3339

        waited = now - rfc3339.seconds(text(obj, "metadata.creationTimestamp"))
        return Status(FAILED if waited > UNSCHEDULABLE_GRACE else IN_PROGRESS, "Pod could not be scheduled")
    return Status(IN_PROGRESS, "Pod is in the Pending phase" if phase == "Pending" else "Pod phase not available")


def _crashing(pod: Object) -> list[str]:
    """The containers that the kubelet restarts again and again."""
    statuses = items(pod, "status.initContainerStatuses") + items(pod, "status.containerStatuses")
    return [text(one, "name") for one in statuses if text(one, "state.waiting.reason") == "CrashLoopBackOff"]


def _job(obj: Object) -> Status:
    """As Flux's health checks read a Job: current when it completed. (Bare kstatus is content once it started.)"""
    wanted = _count(obj, "spec.completions", _count(obj, "spec.parallelism", 1))
    succeeded, failed = _count(obj, "status.succeeded"), _count(obj, "status.failed")
    if _is_true(obj, "Complete"):
        return Status(CURRENT, f"Job Completed. succeeded: {succeeded}/{wanted}")
    if _is_true(obj, "Failed"):
        return Status(FAILED, f"Job Failed. failed: {failed}/{wanted}")
    if not text(obj, "status.startTime"):
        return Status(IN_PROGRESS, "Job not started")
    active = _count(obj, "status.active")
    return Status(IN_PROGRESS, f"Job in progress. success:{succeeded}, active: {active}, failed: {failed}")


def _claim(obj: Object) -> Status:
    phase = text(obj, "status.phase") or "unknown"
    return Status(CURRENT, "PVC is Bound") if phase == "Bound" else Status(IN_PROGRESS, f"PVC is not Bound. phase: {phase}")


def _service(obj: Object) -> Status:
    if text(obj, "spec.type") == "LoadBalancer" and not text(obj, "spec.clusterIP"):
        return Status(IN_PROGRESS, "ClusterIP not set. Service type: LoadBalancer")
    return Status(CURRENT, "Service is ready")


def _definition(obj: Object) -> Status:
    """A CustomResourceDefinition: its names may clash with another's, or it is established."""
    names, established = condition(obj, "NamesAccepted") or {}, condition(obj, "Established") or {}
    if text(names, "status") == "False":
        return Status(FAILED, text(names, "message"))
    if text(established, "status") == "True":
        return Status(CURRENT, "CRD is established")
    if text(established, "status") == "False" and text(established, "reason") != "Installing":
        return Status(FAILED, text(established, "message"))
    return Status(IN_PROGRESS, "Install in progress")


_RULES: dict[tuple[str, str], Callable[[Object], Status]] = {
    ("", "PersistentVolumeClaim"): _claim,
    ("", "Service"): _service,
    ("apps", "DaemonSet"): _daemon_set,
    ("apps", "Deployment"): _deployment,
    ("apps", "ReplicaSet"): _replica_set,
    ("apps", "StatefulSet"): _stateful_set,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _definition,
    ("batch", "Job"): _job,
}
