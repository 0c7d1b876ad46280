"""The columns of the API server's own kinds that people look at most."""

from flux_cli.core.objects import Object, dig, items, text
from flux_cli.sandbox.tables import Column, age, containers, joined, since

NAME = Column("Name", lambda obj: text(obj, "metadata.name"), format="name")
AGE = Column("Age", age)
CONTAINERS = Column("Containers", lambda obj: joined([text(c, "name") for c in containers(obj)]), 1)
IMAGES = Column("Images", lambda obj: joined([text(c, "image") for c in containers(obj)]), 1)


def _pairs(obj: Object, path: str) -> str:
    return joined([f"{k}={v}" for k, v in sorted((dig(obj, path, {}) or {}).items())])


def _selector(path: str) -> Column:
    return Column("Selector", lambda obj: _pairs(obj, path), 1)


def _number(path: str) -> Column:
    names = {"spec.replicas": "Desired", "status.replicas": "Current", "status.readyReplicas": "Ready"}
    return Column(names[path], lambda obj: dig(obj, path, 0), type="integer")


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
    ("apiextensions.k8s.io", "customresourcedefinitions"): [
        NAME,
        Column("Created At", lambda obj: text(obj, "metadata.creationTimestamp"), type="date"),
    ],
    ("rbac.authorization.k8s.io", "clusterroles"): [
        NAME,
        Column("Created At", lambda obj: text(obj, "metadata.creationTimestamp"), type="date"),
    ],
}
