"""The columns of the API server's own kinds that people look at most."""

from flux_cli.core.objects import Object, dig, items, text
from flux_cli.sandbox.columns import Column, age, between, containers, joined, since

NUMBERS = {
    "spec.replicas": "Desired",
    "status.replicas": "Current",
    "status.readyReplicas": "Ready",
    "status.desiredNumberScheduled": "Desired",
    "status.currentNumberScheduled": "Current",
    "status.numberReady": "Ready",
    "status.updatedNumberScheduled": "Up-to-date",
    "status.numberAvailable": "Available",
}
MODES = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}
NAME = Column("Name", lambda obj: text(obj, "metadata.name"), format="name")
AGE = Column("Age", age)
CONTAINERS = Column("Containers", lambda obj: joined([text(c, "name") for c in containers(obj)]), 1)
IMAGES = Column("Images", lambda obj: joined([text(c, "image") for c in containers(obj)]), 1)


def _pairs(obj: Object, path: str) -> str:
    return joined([f"{k}={v}" for k, v in sorted((dig(obj, path, {}) or {}).items())])


def _selector(path: str) -> Column:
    return Column("Selector", lambda obj: _pairs(obj, path), 1)


def _number(path: str) -> Column:
    return Column(NUMBERS[path], lambda obj: dig(obj, path, 0), type="integer")


def _ready(obj: Object) -> str:
    return f"{dig(obj, 'status.readyReplicas', 0)}/{dig(obj, 'spec.replicas', 0)}"


def _pod_ready(obj: Object) -> str:
    ready = sum(1 for s in items(obj, "status.containerStatuses") if dig(s, "ready") is True)
    return f"{ready}/{len(items(obj, 'spec.containers'))}"


def _pod_status(obj: Object) -> str:
    """The phase, or why a container waits or ended."""
    shown = text(obj, "status.reason") or text(obj, "status.phase")
    for status in items(obj, "status.initContainerStatuses"):
        reason = text(status, "state.waiting.reason") or text(status, "state.terminated.reason")
        if reason and dig(status, "state.terminated.exitCode") != 0 and reason != "PodInitializing":
            return f"Init:{reason}"
    for status in reversed(items(obj, "status.containerStatuses")):
        shown = text(status, "state.waiting.reason") or text(status, "state.terminated.reason") or shown
    return "Terminating" if text(obj, "metadata.deletionTimestamp") else shown


def _restarts(obj: Object) -> str:
    return str(sum(dig(s, "restartCount", 0) for s in items(obj, "status.containerStatuses")))


def _node_status(obj: Object) -> str:
    ready = next((text(c, "status") for c in items(obj, "status.conditions") if text(c, "type") == "Ready"), "")
    shown = {"True": "Ready", "False": "NotReady"}.get(ready, "Unknown")
    return shown + (",SchedulingDisabled" if dig(obj, "spec.unschedulable") is True else "")


def _address(kind: str) -> Column:
    def value(obj: Object) -> str:
        return next((text(a, "address") for a in items(obj, "status.addresses") if text(a, "type") == f"{kind}IP"), "<none>")

    return Column(f"{kind}-IP", value, 1)


def _ports(obj: Object) -> str:
    def one(port: Object) -> str:
        node = f":{port['nodePort']}" if port.get("nodePort") else ""
        return f"{port.get('port')}{node}/{port.get('protocol', 'TCP')}"

    return joined([one(p) for p in items(obj, "spec.ports")])


def _event_object(obj: Object) -> str:
    return f"{text(obj, 'involvedObject.kind').lower()}/{text(obj, 'involvedObject.name')}"


def _event_source(obj: Object) -> str:
    return ", ".join(filter(None, (text(obj, "source.component") or text(obj, "reportingComponent"), text(obj, "source.host"))))


def _last_seen(obj: Object) -> str:
    stamp = text(obj, "series.lastObservedTime") or text(obj, "lastTimestamp") or text(obj, "eventTime")
    return since(stamp or text(obj, "firstTimestamp"))


def _job_status(obj: Object) -> str:
    done = {text(c, "type") for c in items(obj, "status.conditions") if text(c, "status") == "True"}
    if text(obj, "metadata.deletionTimestamp"):
        return "Terminating"
    return next((kind for kind in ("Complete", "Failed", "Suspended", "FailureTarget") if kind in done), "Running")


def _completions(obj: Object) -> str:
    done, wanted = dig(obj, "status.succeeded", 0), dig(obj, "spec.completions")
    if wanted is not None:
        return f"{done}/{wanted}"
    side_by_side = dig(obj, "spec.parallelism", 1)
    return f"{done}/1 of {side_by_side}" if side_by_side > 1 else f"{done}/1"


def _duration(obj: Object) -> str:
    begun, ended = text(obj, "status.startTime"), text(obj, "status.completionTime")
    if not begun:
        return ""
    return between(begun, ended) if ended else since(begun)


def _scheduled(stamp: str) -> str:
    return since(stamp) if stamp else "<none>"


def _subjects(kind: str) -> Column:
    def one(subject: Object) -> str:
        return f"{text(subject, 'namespace')}/{text(subject, 'name')}" if kind == "ServiceAccount" else text(subject, "name")

    def value(obj: Object) -> str:
        return ", ".join(one(s) for s in items(obj, "subjects") if text(s, "kind") == kind)

    return Column(f"{kind}s", value, 1)


EVENTS = [
    Column("Last Seen", _last_seen),
    Column("Type", lambda obj: text(obj, "type")),
    Column("Reason", lambda obj: text(obj, "reason")),
    Column("Object", _event_object),
    Column("Subobject", lambda obj: text(obj, "involvedObject.fieldPath"), 1),
    Column("Source", _event_source, 1),
    Column("Message", lambda obj: text(obj, "message").strip()),
    Column("First Seen", lambda obj: since(text(obj, "firstTimestamp") or text(obj, "eventTime")), 1),
    Column("Count", lambda obj: dig(obj, "series.count") or dig(obj, "count", 1), 1),
    Column("Name", lambda obj: text(obj, "metadata.name"), 1, format="name"),
]

COLUMNS: dict[tuple[str, str], list[Column]] = {
    ("", "namespaces"): [NAME, Column("Status", lambda obj: text(obj, "status.phase")), AGE],
    ("", "configmaps"): [NAME, Column("Data", lambda obj: len(dig(obj, "data", {})) + len(dig(obj, "binaryData", {}))), AGE],
    ("", "secrets"): [
        NAME,
        Column("Type", lambda obj: text(obj, "type")),
        Column("Data", lambda obj: len(dig(obj, "data", {}))),
        AGE,
    ],
    ("", "pods"): [
        NAME,
        Column("Ready", _pod_ready),
        Column("Status", _pod_status),
        Column("Restarts", _restarts),
        AGE,
        Column("IP", lambda obj: text(obj, "status.podIP") or "<none>", 1),
        Column("Node", lambda obj: text(obj, "spec.nodeName") or "<none>", 1),
        Column("Nominated Node", lambda obj: text(obj, "status.nominatedNodeName") or "<none>", 1),
        Column("Readiness Gates", lambda obj: "<none>", 1),
    ],
    ("", "nodes"): [
        NAME,
        Column("Status", _node_status),
        Column("Roles", lambda obj: "<none>"),
        AGE,
        Column("Version", lambda obj: text(obj, "status.nodeInfo.kubeletVersion")),
        _address("Internal"),
        _address("External"),
        Column("OS-Image", lambda obj: text(obj, "status.nodeInfo.osImage") or "<unknown>", 1),
        Column("Kernel-Version", lambda obj: text(obj, "status.nodeInfo.kernelVersion") or "<unknown>", 1),
        Column("Container-Runtime", lambda obj: text(obj, "status.nodeInfo.containerRuntimeVersion") or "<unknown>", 1),
    ],
    ("", "services"): [
        NAME,
        Column("Type", lambda obj: text(obj, "spec.type")),
        Column("Cluster-IP", lambda obj: text(obj, "spec.clusterIP") or "<none>"),
        Column("External-IP", lambda obj: joined(items(obj, "spec.externalIPs"))),
        Column("Port(s)", _ports),
        AGE,
        _selector("spec.selector"),
    ],
    ("", "events"): EVENTS,
    ("apps", "deployments"): [
        NAME,
        Column("Ready", _ready),
        Column("Up-to-date", lambda obj: dig(obj, "status.updatedReplicas", 0)),
        Column("Available", lambda obj: dig(obj, "status.availableReplicas", 0)),
        AGE,
        CONTAINERS,
        IMAGES,
        _selector("spec.selector.matchLabels"),
    ],
    ("apps", "replicasets"): [
        NAME,
        *map(_number, ("spec.replicas", "status.replicas", "status.readyReplicas")),
        AGE,
        CONTAINERS,
        IMAGES,
        _selector("spec.selector.matchLabels"),
    ],
    ("apps", "statefulsets"): [NAME, Column("Ready", _ready), AGE, CONTAINERS, IMAGES],
    ("apps", "daemonsets"): [
        NAME,
        *(_number(path) for path in NUMBERS if path.endswith(("Scheduled", "numberReady", "numberAvailable"))),
        Column("Node Selector", lambda obj: _pairs(obj, "spec.template.spec.nodeSelector")),
        AGE,
        CONTAINERS,
        IMAGES,
        _selector("spec.selector.matchLabels"),
    ],
    ("batch", "jobs"): [
        NAME,
        Column("Status", _job_status),
        Column("Completions", _completions),
        Column("Duration", _duration),
        AGE,
        CONTAINERS,
        IMAGES,
        _selector("spec.selector.matchLabels"),
    ],
    ("batch", "cronjobs"): [
        NAME,
        Column("Schedule", lambda obj: text(obj, "spec.schedule")),
        Column("Timezone", lambda obj: text(obj, "spec.timeZone") or "<none>"),
        Column("Suspend", lambda obj: str(dig(obj, "spec.suspend", False)), type="boolean"),
        Column("Active", lambda obj: len(items(obj, "status.active")), type="integer"),
        Column("Last Schedule", lambda obj: _scheduled(text(obj, "status.lastScheduleTime"))),
        AGE,
        Column("Containers", lambda obj: CONTAINERS.value(dig(obj, "spec.jobTemplate", {})), 1),
        Column("Images", lambda obj: IMAGES.value(dig(obj, "spec.jobTemplate", {})), 1),
        _selector("spec.jobTemplate.spec.selector.matchLabels"),
    ],
    ("networking.k8s.io", "ingresses"): [
        NAME,
        Column("Class", lambda obj: text(obj, "spec.ingressClassName") or "<none>"),
        Column("Hosts", lambda obj: ",".join(text(r, "host") or "*" for r in items(obj, "spec.rules")) or "*"),
        Column(
            "Address",
            lambda obj: ",".join(text(i, "ip") or text(i, "hostname") for i in items(obj, "status.loadBalancer.ingress")),
        ),
        Column("Ports", lambda obj: "80, 443" if items(obj, "spec.tls") else "80"),
        AGE,
    ],
    ("", "persistentvolumeclaims"): [
        NAME,
        Column("Status", lambda obj: text(obj, "status.phase") or "Pending"),
        Column("Volume", lambda obj: text(obj, "spec.volumeName")),
        Column("Capacity", lambda obj: text(obj, "status.capacity.storage") if text(obj, "spec.volumeName") else ""),
        Column("Access Modes", lambda obj: ",".join(MODES.get(mode, str(mode)) for mode in items(obj, "status.accessModes"))),
        Column("StorageClass", lambda obj: text(obj, "spec.storageClassName")),
        Column("VolumeAttributesClass", lambda obj: text(obj, "spec.volumeAttributesClassName") or "<unset>"),
        AGE,
        Column("VolumeMode", lambda obj: text(obj, "spec.volumeMode") or "Filesystem", 1),
    ],
    ("rbac.authorization.k8s.io", "roles"): [
        NAME,
        Column("Created At", lambda obj: text(obj, "metadata.creationTimestamp"), type="date"),
    ],
    ("rbac.authorization.k8s.io", "rolebindings"): [
        NAME,
        Column("Role", lambda obj: f"{text(obj, 'roleRef.kind')}/{text(obj, 'roleRef.name')}"),
        AGE,
        *map(_subjects, ("User", "Group", "ServiceAccount")),
    ],
    ("apiextensions.k8s.io", "customresourcedefinitions"): [
        NAME,
        Column("Created At", lambda obj: text(obj, "metadata.creationTimestamp"), type="date"),
    ],
    ("rbac.authorization.k8s.io", "clusterroles"): [
        NAME,
        Column("Created At", lambda obj: text(obj, "metadata.creationTimestamp"), type="date"),
    ],
}
