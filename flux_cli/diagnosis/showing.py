"""What a workload that is not up shows: its pods, their containers and claims, conditions, events, the end of the log."""

from collections.abc import Iterator

from flux_cli.core import api
from flux_cli.core.objects import Object, Ref, conditions, dig, items, name_of, namespace_of, ref_of, text
from flux_cli.diagnosis import workloads
from flux_cli.diagnosis.observing import Seen, warnings
from flux_cli.diagnosis.reader import Reader
from flux_cli.diagnosis.result import Evidence

MAX_PODS = 20  # of one workload; more of them show the same
LAST_LINES = 6  # of a log: what a person reads at a glance


def shows(obj: Object, reader: Reader) -> list[Seen]:
    """Everything that says why this workload is not up: its pods first, then its conditions and events."""
    namespace = namespace_of(obj)
    reader.prefetch((), [(api.POD, namespace), (api.EVENT, namespace)])
    found: list[Seen] = []
    kind = text(obj, "kind")
    family = workloads.pods(obj, reader)
    for pod in workloads.troubled(obj, reader)[:MAX_PODS]:
        found += _pod_shows(pod) + warnings(reader.warnings(ref_of(pod)))
    found += _own(obj) + warnings(reader.warnings(ref_of(obj)))
    if kind == "Deployment":
        found += warnings(_of_replica_sets(obj, reader))
    if kind in ("StatefulSet", "Deployment", "Job", "Pod"):
        found += _claims(family or [obj], obj, reader)
    return found


def _of_replica_sets(deployment: Object, reader: Reader) -> list[Object]:
    name = name_of(deployment)
    found = [e for e in reader.events(namespace_of(deployment)) if text(e, "involvedObject.kind") == "ReplicaSet"]
    return [e for e in found if text(e, "type") == "Warning" and text(e, "involvedObject.name").rpartition("-")[0] == name]


def _own(obj: Object) -> list[Seen]:
    """Conditions of the workload itself that speak of trouble, as "reason: message"."""
    kind, ref, found = text(obj, "kind"), ref_of(obj), []
    if kind == "Service":
        return [_state(obj, "LoadBalancerPending", "status.loadBalancer.ingress is empty", "status.loadBalancer")]
    if kind == "PersistentVolumeClaim":
        return [_state(obj, "ClaimPending", f"phase {text(obj, 'status.phase') or 'unknown'}", "status.phase")]
    for entry in conditions(obj):
        type_, status, reason = text(entry, "type"), text(entry, "status"), text(entry, "reason")
        bad = status == "True" if type_ in ("Failed", "FailureTarget", "ReplicaFailure", "Stalled") else status == "False"
        if bad or reason == "ProgressDeadlineExceeded":
            shown = f"{reason or type_}: {text(entry, 'message')}"
            found.append(
                Seen(kind, reason, shown, Evidence(ref, f"condition {type_}={status}", shown, text(entry, "lastTransitionTime")))
            )
    return found


def _state(obj: Object, reason: str, message: str, field: str, time: str = "") -> Seen:
    return Seen(
        text(obj, "kind"), reason, f"{reason}: {message}", Evidence(ref_of(obj), field, f"{reason}: {message}".strip(": "), time)
    )


def _pod_shows(pod: Object) -> list[Seen]:
    """What keeps a pod from being ready: container states (init containers first), scheduling, eviction."""
    found: list[Seen] = []
    for group in ("initContainerStatuses", "containerStatuses"):
        for index, status in enumerate(items(pod, f"status.{group}")):
            if isinstance(status, dict):
                found += _container(pod, status, f"status.{group}.{index}")
    for entry in conditions(pod):
        if text(entry, "type") == "PodScheduled" and text(entry, "status") == "False":
            reason, message = text(entry, "reason") or "Unschedulable", text(entry, "message")
            found.append(_state(pod, reason, message, "condition PodScheduled=False", text(entry, "lastTransitionTime")))
    if text(pod, "status.reason"):
        found.append(_state(pod, text(pod, "status.reason"), text(pod, "status.message"), "status.reason"))
    return found


def _container(pod: Object, status: Object, field: str) -> Iterator[Seen]:
    """Waiting, terminated and last terminated state of a container that is not ready.

    How it ended is told before the loop that follows from it: OOMKilled before CrashLoopBackOff.
    """
    if status.get("ready") is True and dig(status, "state.running") is not None:
        return
    name = text(status, "name")
    last, now = dig(status, "lastState.terminated"), dig(status, "state.terminated")
    for path, ended in (("lastState.terminated", last), ("state.terminated", now)):
        if isinstance(ended, dict) and text(ended, "reason") != "Completed" and workloads.number(ended, "exitCode") != 0:
            code, reason = workloads.number(ended, "exitCode"), text(ended, "reason") or "Error"
            words = f"container {name}: exit code {code} {text(ended, 'message')}".rstrip()
            yield _state(pod, reason, words, f"{field}.{path}", text(ended, "finishedAt"))
    waiting = dig(status, "state.waiting")
    if isinstance(waiting, dict):
        yield _state(pod, text(waiting, "reason"), f"{text(waiting, 'message')} (container {name})", f"{field}.state.waiting")


def _claims(family: list[Object], top: Object, reader: Reader) -> list[Seen]:
    """Volume claims of the pods (or of a StatefulSet's template) that are not bound."""
    namespace, names = namespace_of(top), []
    for pod in family:
        names += [text(v, "persistentVolumeClaim.claimName") for v in items(pod, "spec.volumes")]
    found: list[Seen] = []
    for name in dict.fromkeys(n for n in names if n):
        ref = Ref("PersistentVolumeClaim", namespace, name)
        claim = reader.get(ref)
        if claim is None and reader.missing(ref):
            text_ = f'persistentvolumeclaim "{name}" not found'
            found.append(Seen("PersistentVolumeClaim", "", text_, Evidence(ref, "spec.volumes", text_)))
        elif claim is not None and not workloads.settled(claim):
            found += [*warnings(reader.warnings(ref)), *_own(claim)]
    return found


def last_lines(obj: Object, reader: Reader) -> list[Evidence]:
    """The end of the log of the first pod that is not up; that of the run before where the container is between two."""
    namespace = namespace_of(obj)
    for pod in workloads.troubled(obj, reader):
        if not items(pod, "status.containerStatuses"):
            continue
        name = name_of(pod)
        again = any(workloads.number(s, "restartCount") > 0 for s in items(pod, "status.containerStatuses"))
        lines = (reader.logs(namespace, name, tail=20, previous=True) if again else []) or reader.logs(namespace, name, tail=20)
        if lines:
            return [Evidence(ref_of(pod), "log", line) for line in lines[-LAST_LINES:] if line.strip()]
    return []
