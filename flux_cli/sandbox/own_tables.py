"""The columns of the API server's own kinds that people look at most."""

from flux_cli.core.objects import Object, dig, items, text
from flux_cli.sandbox.cells import (
    MODES,
    SCALER,
    completions,
    duration,
    event_object,
    event_source,
    job_status,
    last_seen,
    node_status,
    outside,
    pairs,
    pod_ready,
    pod_status,
    ports,
    ready,
    restarts,
    scheduled,
    targets,
    used,
)
from flux_cli.sandbox.columns import AGE, NAME, Column, containers, joined, since, subjects
from flux_cli.sandbox.conversion import as_served

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
CONTAINERS = Column("Containers", lambda obj: joined([text(c, "name") for c in containers(obj)]), 1)
IMAGES = Column("Images", lambda obj: joined([text(c, "image") for c in containers(obj)]), 1)


def _selector(path: str) -> Column:
    return Column("Selector", lambda obj: pairs(obj, path), 1)


def _number(path: str) -> Column:
    return Column(NUMBERS[path], lambda obj: dig(obj, path, 0), type="integer")


def _address(kind: str) -> Column:
    def value(obj: Object) -> str:
        return next((text(a, "address") for a in items(obj, "status.addresses") if text(a, "type") == f"{kind}IP"), "<none>")

    return Column(f"{kind}-IP", value, 1)


EVENTS = [
    Column("Last Seen", last_seen),
    Column("Type", lambda obj: text(obj, "type")),
    Column("Reason", lambda obj: text(obj, "reason")),
    Column("Object", event_object),
    Column("Subobject", lambda obj: text(obj, "involvedObject.fieldPath"), 1),
    Column("Source", event_source, 1),
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
        Column("Ready", pod_ready),
        Column("Status", pod_status),
        Column("Restarts", restarts),
        AGE,
        Column("IP", lambda obj: text(obj, "status.podIP") or "<none>", 1),
        Column("Node", lambda obj: text(obj, "spec.nodeName") or "<none>", 1),
        Column("Nominated Node", lambda obj: text(obj, "status.nominatedNodeName") or "<none>", 1),
        Column("Readiness Gates", lambda obj: "<none>", 1),
    ],
    ("", "nodes"): [
        NAME,
        Column("Status", node_status),
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
        Column("External-IP", outside),
        Column("Port(s)", ports),
        AGE,
        _selector("spec.selector"),
    ],
    ("", "events"): EVENTS,
    ("", "resourcequotas"): [NAME, Column("Request", used()), Column("Limit", used("limits.")), AGE],
    ("", "limitranges"): [NAME, Column("Created At", lambda obj: text(obj, "metadata.creationTimestamp"), type="date")],
    ("autoscaling", "horizontalpodautoscalers"): [
        NAME,
        Column("Reference", lambda obj: f"{text(obj, 'spec.scaleTargetRef.kind')}/{text(obj, 'spec.scaleTargetRef.name')}"),
        Column("Targets", lambda obj: targets(as_served(obj, SCALER))),
        Column("MinPods", lambda obj: str(dig(obj, "spec.minReplicas", "<unset>"))),
        Column("MaxPods", lambda obj: dig(obj, "spec.maxReplicas", 0)),
        Column("Replicas", lambda obj: dig(obj, "status.currentReplicas", 0)),
        AGE,
    ],
    ("autoscaling", "scales"): [
        NAME._replace(format=""),
        _number("spec.replicas"),
        Column("Available", lambda obj: dig(obj, "status.replicas", 0), type="integer"),
        AGE,
    ],
    ("policy", "poddisruptionbudgets"): [
        NAME,
        Column("Min Available", lambda obj: str(dig(obj, "spec.minAvailable", "N/A"))),
        Column("Max Unavailable", lambda obj: str(dig(obj, "spec.maxUnavailable", "N/A"))),
        Column("Allowed Disruptions", lambda obj: dig(obj, "status.disruptionsAllowed", 0), type="integer"),
        AGE,
    ],
    ("apps", "deployments"): [
        NAME,
        Column("Ready", ready),
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
    ("apps", "statefulsets"): [NAME, Column("Ready", ready), AGE, CONTAINERS, IMAGES],
    ("apps", "daemonsets"): [
        NAME,
        *(_number(path) for path in NUMBERS if path.endswith(("Scheduled", "numberReady", "numberAvailable"))),
        Column("Node Selector", lambda obj: pairs(obj, "spec.template.spec.nodeSelector")),
        AGE,
        CONTAINERS,
        IMAGES,
        _selector("spec.selector.matchLabels"),
    ],
    ("batch", "jobs"): [
        NAME,
        Column("Status", job_status),
        Column("Completions", completions),
        Column("Duration", duration),
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
        Column("Last Schedule", lambda obj: scheduled(text(obj, "status.lastScheduleTime"))),
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
        *map(subjects, ("User", "Group", "ServiceAccount")),
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
