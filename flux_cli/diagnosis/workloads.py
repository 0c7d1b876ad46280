"""Whether a workload is up or on its way, and which pods are its own."""

from collections.abc import Callable

from flux_cli.core import api
from flux_cli.core.objects import Object, Ref, annotations, condition, dig, items, namespace_of, ref_of, text
from flux_cli.diagnosis.reader import Reader
from flux_cli.diagnosis.relations import controlled_by, same_family
from flux_cli.kinds import kstatus

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


def _controlled(obj: Object) -> bool:
    """As kstatus has it, for which a rollout is not done while pods of before are there; and nothing is missing or refused."""
    refused = text(condition(obj, "ReplicaFailure"), "status") == "True"
    short = text(obj, "kind") == "StatefulSet" and number(obj, "status.readyReplicas") < number(obj, "spec.replicas")
    return current(obj) and not refused and not short


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
    "Deployment": _controlled,
    "StatefulSet": _controlled,
    "DaemonSet": _controlled,
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
    """Whether a health check would count an object of any kind as done."""
    return kstatus.compute(obj).state == kstatus.CURRENT


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
