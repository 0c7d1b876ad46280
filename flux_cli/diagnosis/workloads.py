"""Whether a workload is up or on its way, and which pods are its own."""

from collections.abc import Callable

from flux_cli.core import api
from flux_cli.core.objects import Object, Ref, annotations, condition, dig, items, namespace_of, ref_of, text
from flux_cli.diagnosis.reader import Reader
from flux_cli.diagnosis.relations import controlled_by, same_family

CONTROLLED = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob")
ROLLING = ("NewReplicaSetCreated", "FoundNewReplicaSet", "ReplicaSetUpdated")  # a rollout that was never complete
KINDS = (*CONTROLLED, "Pod", "Service", "PersistentVolumeClaim")


def number(obj: Object, path: str) -> int:
    value = dig(obj, path, 0)
    return value if isinstance(value, int) else 0


def settled(obj: Object) -> bool:
    """Whether this workload is as it should be, by the rules that kstatus uses."""
    kind = text(obj, "kind")
    check = _CHECKS.get(kind)
    if check is not None:
        return check(obj)
    for type_ in ("Ready", "Available", "Established"):
        found = condition(obj, type_)
        if found is not None:
            return text(found, "status") == "True"
    stalled = condition(obj, "Stalled")
    return stalled is None or text(stalled, "status") != "True"


def _deployment(obj: Object) -> bool:
    wanted = dig(obj, "spec.replicas", 1)
    wanted = wanted if isinstance(wanted, int) else 1
    failed = condition(obj, "ReplicaFailure")
    late = condition(obj, "Progressing")
    if (failed and text(failed, "status") == "True") or (late and text(late, "reason") == "ProgressDeadlineExceeded"):
        return False
    if number(obj, "status.observedGeneration") < number(obj, "metadata.generation"):
        return False
    if number(obj, "status.replicas") > wanted:  # a rollout keeps the pods of before up until the new ones are
        return False
    return number(obj, "status.updatedReplicas") >= wanted and number(obj, "status.availableReplicas") >= wanted


def _stateful_set(obj: Object) -> bool:
    wanted = dig(obj, "spec.replicas", 1)
    held = text(obj, "spec.updateStrategy.type") == "OnDelete" or number(obj, "spec.updateStrategy.rollingUpdate.partition") > 0
    old = text(obj, "status.currentRevision") != text(obj, "status.updateRevision")
    return number(obj, "status.readyReplicas") >= (wanted if isinstance(wanted, int) else 1) and (held or not old)


def _daemon_set(obj: Object) -> bool:
    wanted = number(obj, "status.desiredNumberScheduled")
    return number(obj, "status.numberReady") >= wanted and number(obj, "status.updatedNumberScheduled") >= wanted


def _job(obj: Object) -> bool:
    done = condition(obj, "Complete") or condition(obj, "SuccessCriteriaMet")
    return dig(obj, "spec.suspend") is True or (done is not None and text(done, "status") == "True")


def up(obj: Object) -> bool:
    """Whether a pod is ready, or has done its work."""
    ready = condition(obj, "Ready")
    return text(obj, "status.phase") == "Succeeded" or (ready is not None and text(ready, "status") == "True")


def _service(obj: Object) -> bool:
    return text(obj, "spec.type") != "LoadBalancer" or bool(items(obj, "status.loadBalancer.ingress"))


_CHECKS: dict[str, Callable[[Object], bool]] = {
    "Deployment": _deployment,
    "StatefulSet": _stateful_set,
    "DaemonSet": _daemon_set,
    "ReplicaSet": lambda obj: number(obj, "status.readyReplicas") >= number(obj, "spec.replicas"),
    "Job": _job,
    "CronJob": lambda obj: True,
    "Pod": up,
    "Service": _service,
    "PersistentVolumeClaim": lambda obj: text(obj, "status.phase") == "Bound",
    "CustomResourceDefinition": lambda obj: text(condition(obj, "Established"), "status") in ("True", ""),
    "Namespace": lambda obj: text(obj, "status.phase") != "Terminating",
    "ConfigMap": lambda obj: True,
    "Secret": lambda obj: True,
    "ServiceAccount": lambda obj: True,
}


def current(obj: Object) -> bool:
    """Whether a health check would count an object of any kind as done: kstatus waits for ``Reconciling`` to end as well."""
    generation, observed = dig(obj, "metadata.generation"), dig(obj, "status.observedGeneration")
    behind = isinstance(generation, int) and isinstance(observed, int) and observed < generation
    return settled(obj) and not behind and text(condition(obj, "Reconciling"), "status") != "True"


def starting(obj: Object, reader: Reader) -> bool:
    """Whether a workload that is not up is on its way, and nothing it shows speaks of trouble yet."""
    match text(obj, "kind"):
        case "Deployment" if condition(obj, "Progressing"):
            found = pods(obj, reader)
            return text(condition(obj, "Progressing"), "reason") in ROLLING or (bool(found) and all(map(up, found)))
        case "Job":
            return not (condition(obj, "Failed") or condition(obj, "FailureTarget"))
        case "PersistentVolumeClaim":
            return not reader.warnings(ref_of(obj))
        case "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Pod":
            return all(text(pod, "status.phase") == "Pending" for pod in pods(obj, reader) if not up(pod))
    return False


def is_hook(obj: Object) -> bool:
    return "helm.sh/hook" in annotations(obj)


def pods(obj: Object, reader: Reader) -> list[Object]:
    """The pods of a workload; a pod is its own."""
    kind = text(obj, "kind")
    if kind == "Pod":
        return [obj]
    if kind not in CONTROLLED:
        return []
    owned = reader.pods(ref_of(obj))
    return owned or [p for p in reader.every(api.POD, namespace_of(obj)) if same_family(obj, p)]


def troubled(obj: Object, reader: Reader) -> list[Object]:
    """The pods that are not up: of a rollout those of the newest ReplicaSet, dead and ending ones only where no other is left."""
    found = [p for p in pods(obj, reader) if not up(p)]
    if text(obj, "kind") in ("Job", "Pod"):
        return found
    found = [p for p in found if not _leaving(p)] or found
    newest = max((text(p, "metadata.creationTimestamp") for p in found), default="")
    last = {controlled_by(p) for p in found if text(p, "metadata.creationTimestamp") == newest}
    return [p for p in found if controlled_by(p) in last] if text(obj, "kind") == "Deployment" else found


def _leaving(pod: Object) -> bool:
    return text(pod, "status.phase") == "Failed" or bool(text(pod, "metadata.deletionTimestamp"))


def top(obj: Object, reader: Reader) -> Ref:
    """The workload that a pod belongs to, as far as it can be read; any other object is its own."""
    made_by = controlled_by(obj)
    if made_by and made_by.kind == "ReplicaSet":
        made_by = Ref("Deployment", made_by.namespace, made_by.name.rpartition("-")[0])
    return made_by if made_by and made_by.kind in CONTROLLED and reader.get(made_by) else ref_of(obj)
