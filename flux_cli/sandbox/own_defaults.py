"""What the API server fills into its own kinds beyond any schema. Of kinds that are not here it fills in nothing."""

import base64
from collections.abc import Callable
from typing import Any

from flux_cli.core.objects import Object, dig, items, text
from flux_cli.sandbox import pod_defaults, services
from flux_cli.sandbox.catalog import Served
from flux_cli.sandbox.copying import copied
from flux_cli.sandbox.stamps import now

RBAC = "rbac.authorization.k8s.io"
UID, NAME = "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"
REVISION = "deprecated.daemonset.template.generation"
ROLLING = "RollingUpdate"
_COUNTS = ("currentNumberScheduled", "desiredNumberScheduled", "numberMisscheduled", "numberReady")
_HEALTH = ("currentHealthy", "desiredHealthy", "disruptionsAllowed", "expectedPods")
# Fields of the spec where nothing is said.
SPECS: dict[tuple[str, str], Object] = {
    ("", "persistentvolumeclaims"): {"volumeMode": "Filesystem"},
    ("", "replicationcontrollers"): {"replicas": 1},
    ("apps", "replicasets"): {"replicas": 1},
    ("apps", "deployments"): {"replicas": 1, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600},
    ("apps", "daemonsets"): {"revisionHistoryLimit": 10},
    ("apps", "statefulsets"): {
        "replicas": 1,
        "revisionHistoryLimit": 10,
        "podManagementPolicy": "OrderedReady",
        "serviceName": "",
    },
    ("batch", "cronjobs"): {
        "concurrencyPolicy": "Allow",
        "suspend": False,
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 1,
    },
}
# How a workload is updated: the field, and what a rolling update says.
STRATEGIES: dict[tuple[str, str], tuple[str, Object]] = {
    ("apps", "deployments"): ("strategy", {"maxUnavailable": "25%", "maxSurge": "25%"}),
    ("apps", "daemonsets"): ("updateStrategy", {"maxUnavailable": 1, "maxSurge": 0}),
    ("apps", "statefulsets"): ("updateStrategy", {"partition": 0}),
}
NO_STATUS = (("", "namespaces"), ("", "nodes"))  # that have theirs, or none
# The status of a new object, where it is not empty.
STATUSES: dict[tuple[str, str], Object] = {
    ("", "persistentvolumeclaims"): {"phase": "Pending"},
    ("", "replicationcontrollers"): {"replicas": 0},
    ("", "services"): {"loadBalancer": {}},
    ("apps", "replicasets"): {"replicas": 0},
    ("apps", "statefulsets"): {"replicas": 0, "availableReplicas": 0},
    ("apps", "daemonsets"): dict.fromkeys(_COUNTS, 0),
    ("networking.k8s.io", "ingresses"): {"loadBalancer": {}},
    ("policy", "poddisruptionbudgets"): dict.fromkeys(_HEALTH, 0),
}


def fill(obj: Object, served: Served, before: Object | None = None) -> None:
    """Fill in what is missing; ``before``: the object that an update replaces. What is shared with it is copied first."""
    key = served.key
    if key in SPECS:
        obj["spec"] = copied(SPECS[key]) | (obj.get("spec") or {})
    if key in STRATEGIES:
        _strategy(obj["spec"], *STRATEGIES[key])
    if key in _SPECIAL:
        _SPECIAL[key](obj)
    if key in _REMEMBERED:
        _REMEMBERED[key](obj, before)
    pod_defaults.fill(obj, key)
    if (
        before is None
        and not served.custom
        and "status" in served.subresources
        and key not in (("", "namespaces"), ("", "nodes"))
    ):
        obj.setdefault("status", copied(STATUSES.get(key, {})))


def admit(obj: Object, served: Served) -> None:
    """What the server gives a new object after its owners are written down: nobody's fields."""
    if served.key == ("batch", "jobs"):
        _mark_job(obj)
    if served.key == ("", "services"):
        services.place(obj)


def _strategy(spec: Object, field: str, rolling: Object) -> None:
    way = spec[field] = dict(spec.get(field) or {})
    if way.setdefault("type", ROLLING) == ROLLING:
        way["rollingUpdate"] = rolling | (way.get("rollingUpdate") or {})


def _namespace(obj: Object, before: Object | None) -> None:
    labels = obj["metadata"].get("labels") or {}
    obj["metadata"]["labels"] = labels | {"kubernetes.io/metadata.name": obj["metadata"]["name"]}
    obj.setdefault("spec", {}).setdefault("finalizers", ["kubernetes"])
    if before is None:
        obj["status"] = {"phase": "Active"}


def _secret(obj: Object) -> None:
    plain = obj.pop("stringData", None)
    if isinstance(plain, dict):
        obj["data"] = (obj.get("data") or {}) | {k: base64.b64encode(str(v).encode()).decode() for k, v in plain.items()}
    obj.setdefault("type", "Opaque")


def _set(obj: Object) -> None:
    given = obj["spec"].get("persistentVolumeClaimRetentionPolicy") or {}
    obj["spec"]["persistentVolumeClaimRetentionPolicy"] = {"whenDeleted": "Retain", "whenScaled": "Retain"} | given


def _daemons(obj: Object, before: Object | None) -> None:
    """A number counts the changes of the template."""
    marks = obj["metadata"].get("annotations") or {}
    count = int(dig(before, "metadata.annotations", {}).get(REVISION, 0)) if before else 0
    new = before is None or dig(before, "spec.template") != _filled(obj)
    obj["metadata"]["annotations"] = marks | {REVISION: str(count + 1 if new else count)}


def _filled(obj: Object) -> Any:
    whole = {"spec": copied(obj["spec"])}
    pod_defaults.fill(whole, ("apps", "daemonsets"))
    return dig(whole, "spec.template")


def _replication(obj: Object) -> None:
    labels = dig(obj, "spec.template.metadata.labels")
    if isinstance(labels, dict) and labels:
        obj["spec"].setdefault("selector", dict(labels))
        obj["metadata"].setdefault("labels", dict(labels))


def _job(obj: Object) -> None:
    spec = obj["spec"] = dict(obj.get("spec") or {})
    if "completions" not in spec and "parallelism" not in spec:
        spec["completions"] = 1
    for name, value in (("parallelism", 1), ("backoffLimit", 6), ("completionMode", "NonIndexed"), ("suspend", False)):
        spec.setdefault(name, value)
    spec.setdefault("podReplacementPolicy", "TerminatingOrFailed")
    spec.setdefault("manualSelector", False)


def _mark_job(obj: Object) -> None:
    """Unless it is done by hand: a selector that no other job has."""
    spec = obj["spec"]
    if spec.get("manualSelector") or not isinstance(spec.get("template"), dict):
        return
    uid, name = obj["metadata"]["uid"], obj["metadata"]["name"]
    marks = {UID: uid, NAME: name, "controller-uid": uid, "job-name": name}
    spec.setdefault("selector", {"matchLabels": {UID: uid}})
    template = spec["template"] = dict(spec["template"])
    metadata = template["metadata"] = dict(template.get("metadata") or {})
    metadata["labels"] = (metadata.get("labels") or {}) | marks
    obj["metadata"]["labels"] = (obj["metadata"].get("labels") or {}) | metadata["labels"]


def _cron(obj: Object) -> None:
    template = obj["spec"].get("jobTemplate")
    if isinstance(template, dict):
        obj["spec"]["jobTemplate"] = {"metadata": {}} | template


def _scaler(obj: Object, before: Object | None) -> None:
    old = obj["apiVersion"] == "autoscaling/v1"
    spec = obj["spec"] = {"minReplicas": 1} | (obj.get("spec") or {})
    if old:
        spec.setdefault("targetCPUUtilizationPercentage", 80)
    elif not spec.get("metrics"):
        target = {"type": "Utilization", "averageUtilization": 80}
        spec["metrics"] = [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]
    if before is None:
        counts: Object = {"currentReplicas": 0} if old else {"currentMetrics": None}
        obj["status"] = counts | {"desiredReplicas": 0}


def _limits(obj: Object) -> None:
    spec = obj["spec"] = dict(obj.get("spec") or {})
    spec["limits"] = [_limit(dict(one)) if dig(one, "type") == "Container" else one for one in items(spec, "limits")]


def _limit(one: Object) -> Object:
    default = (one.get("max") or {}) | (one.get("default") or {})
    asked = (one.get("min") or {}) | default | (one.get("defaultRequest") or {})
    return one | {k: v for k, v in (("default", default), ("defaultRequest", asked)) if v}


def _binding(obj: Object) -> None:
    if isinstance(obj.get("roleRef"), dict):
        obj["roleRef"] = {"apiGroup": RBAC} | obj["roleRef"]
    if obj.get("subjects"):
        people = ("User", "Group")
        obj["subjects"] = [({"apiGroup": RBAC} | s) if text(s, "kind") in people else s for s in items(obj, "subjects")]


def _network_policy(obj: Object) -> None:
    spec = obj["spec"] = dict(obj.get("spec") or {})
    spec.setdefault("policyTypes", ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"])


def _storage_class(obj: Object) -> None:
    obj.setdefault("reclaimPolicy", "Delete")
    obj.setdefault("volumeBindingMode", "Immediate")


def _priority_class(obj: Object) -> None:
    obj.setdefault("preemptionPolicy", "PreemptLowerPriority")


def _slice(obj: Object) -> None:
    obj["endpoints"] = [{"conditions": {}} | endpoint for endpoint in items(obj, "endpoints")]


def _definition(obj: Object) -> None:
    """A definition is served at once, and says so in its status."""
    names = dig(obj, "spec.names", {})
    if isinstance(names, dict) and text(names, "kind"):
        names.setdefault("listKind", f"{names['kind']}List")
        names.setdefault("singular", names["kind"].lower())
    obj.setdefault("spec", {}).setdefault("conversion", {"strategy": "None"})
    stored = [v.get("name") for v in dig(obj, "spec.versions", []) if v.get("storage")]
    at = now()
    said = (
        ("NamesAccepted", "NoConflicts", "no conflicts found"),
        ("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    )
    conditions = [{"type": t, "status": "True", "lastTransitionTime": at, "reason": r, "message": m} for t, r, m in said]
    obj.setdefault("status", {"conditions": conditions, "acceptedNames": names, "storedVersions": stored})


_SPECIAL: dict[tuple[str, str], Callable[[Object], None]] = {
    ("", "secrets"): _secret,
    ("", "limitranges"): _limits,
    ("", "replicationcontrollers"): _replication,
    ("apps", "statefulsets"): _set,
    ("batch", "cronjobs"): _cron,
    ("batch", "jobs"): _job,
    ("networking.k8s.io", "networkpolicies"): _network_policy,
    (RBAC, "rolebindings"): _binding,
    (RBAC, "clusterrolebindings"): _binding,
    ("storage.k8s.io", "storageclasses"): _storage_class,
    ("scheduling.k8s.io", "priorityclasses"): _priority_class,
    ("discovery.k8s.io", "endpointslices"): _slice,
    ("apiextensions.k8s.io", "customresourcedefinitions"): _definition,
}
# What depends on the object as it was.
_REMEMBERED: dict[tuple[str, str], Callable[[Object, Object | None], None]] = {
    ("", "namespaces"): _namespace,
    ("", "services"): services.fill,
    ("apps", "daemonsets"): _daemons,
    ("autoscaling", "horizontalpodautoscalers"): _scaler,
}
