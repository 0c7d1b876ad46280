"""The API server's defaults for its own kinds, filled in after a change computed here: facts of the Kubernetes API.

What an object has already stays, so only what a change brings in or drops has to be known.
"""

from typing import Any

from flux_cli.core.objects import Object, dig, items, text
from flux_cli.sandbox import pod_defaults
from flux_cli.sandbox.catalog import Served
from flux_cli.sandbox.copying import copied
from flux_cli.sandbox.quantities import canonical

_ROLLING: Object = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}}
_SPECS: dict[str, Object] = {
    "Deployment": {"progressDeadlineSeconds": 600, "replicas": 1, "revisionHistoryLimit": 10},
    "StatefulSet": {
        "podManagementPolicy": "OrderedReady", "replicas": 1, "revisionHistoryLimit": 10,
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
    },
    "DaemonSet": {
        "revisionHistoryLimit": 10,
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}},
    },
    "Service": {"internalTrafficPolicy": "Cluster", "sessionAffinity": "None", "type": "ClusterIP"},
    "CronJob": {"concurrencyPolicy": "Allow", "failedJobsHistoryLimit": 1, "successfulJobsHistoryLimit": 3, "suspend": False},
    "Job": {"backoffLimit": 6, "completionMode": "NonIndexed", "manualSelector": False, "parallelism": 1, "suspend": False},
    "HorizontalPodAutoscaler": {"minReplicas": 1},
    "PersistentVolumeClaim": {"volumeMode": "Filesystem"},
}  # fmt: skip
_RATE = {"periodSeconds": 15}
_SCALE_UP: Object = {
    "policies": [{"type": "Pods", "value": 4, **_RATE}, {"type": "Percent", "value": 100, **_RATE}],
    "selectPolicy": "Max", "stabilizationWindowSeconds": 0,
}  # fmt: skip
_SCALE_DOWN: Object = {"policies": [{"type": "Percent", "value": 100, **_RATE}], "selectPolicy": "Max"}
_CPU: Object = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}
_TEMPLATE = "deprecated.daemonset.template.generation"


def fill(obj: Object, live: Object, served: Served) -> None:
    """Set what the server would set where nothing is said. Custom kinds are left alone."""
    if "." in served.group and not served.group.endswith(".k8s.io"):
        return
    if served.kind in _WHOLE:
        _WHOLE[served.kind](obj)
    spec = obj.get("spec")
    if not isinstance(spec, dict):
        return
    _missing(spec, _SPECS.get(served.kind, {}))
    if served.kind in _MORE:
        _MORE[served.kind](spec)
    pod_defaults.fill(obj, served.key)
    if served.kind == "DaemonSet":
        _count_template(obj, live)


def _binding(obj: Object) -> None:
    for subject in items(obj, "subjects"):
        if text(subject, "kind") in ("User", "Group"):
            subject.setdefault("apiGroup", "rbac.authorization.k8s.io")


def _data(obj: Object) -> None:
    """An empty map of a ConfigMap or a Secret is not kept."""
    for field in ("data", "binaryData"):
        if obj.get(field) == {}:
            del obj[field]


def _deployment(spec: Object) -> None:
    spec["strategy"] = dict(spec.get("strategy") or {})
    _strategy(spec["strategy"], copied(_ROLLING))


def _stateful_set(spec: Object) -> None:
    for claim in items(spec, "volumeClaimTemplates"):
        claim.setdefault("apiVersion", "v1")
        claim.setdefault("kind", "PersistentVolumeClaim")
        claim.setdefault("status", {"phase": "Pending"})
        claim.setdefault("spec", {}).setdefault("volumeMode", "Filesystem")
        _claim(claim["spec"])


def _count_template(daemon_set: Object, live: Object) -> None:
    """The number of the template goes on with each change of it."""
    number = str(dig(live, "metadata.annotations", {}).get(_TEMPLATE, ""))
    if number.isdigit() and dig(live, "spec.template") != dig(daemon_set, "spec.template"):
        notes = dig(daemon_set, "metadata.annotations", {})
        daemon_set["metadata"]["annotations"] = {**notes, _TEMPLATE: str(int(number) + 1)}


def _service(spec: Object) -> None:
    for port in items(spec, "ports"):
        port.setdefault("protocol", "TCP")
        if not port.get("targetPort"):
            port["targetPort"] = port.get("port")
    if spec["type"] in ("NodePort", "LoadBalancer"):
        spec.setdefault("externalTrafficPolicy", "Cluster")
    if spec["type"] == "LoadBalancer":
        spec.setdefault("allocateLoadBalancerNodePorts", True)
    if spec["sessionAffinity"] == "ClientIP":
        spec.setdefault("sessionAffinityConfig", {"clientIP": {"timeoutSeconds": 10800}})


def _network_policy(spec: Object) -> None:
    for rule in (*items(spec, "ingress"), *items(spec, "egress")):
        for port in items(rule, "ports"):
            port.setdefault("protocol", "TCP")
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]


def _autoscaler(spec: Object) -> None:
    if not spec.get("metrics"):
        spec["metrics"] = [copied(_CPU)]
    for metric in spec["metrics"]:
        for source in metric.values():
            target = dig(source, "target")
            for field in ("value", "averageValue") if isinstance(target, dict) else ():
                if target.get(field) is not None:
                    target[field] = canonical(target[field])
    if isinstance(spec.get("behavior"), dict):
        for name, rules in (("scaleUp", _SCALE_UP), ("scaleDown", _SCALE_DOWN)):
            spec["behavior"][name] = {**copied(rules), **(spec["behavior"].get(name) or {})}


def _limit_range(spec: Object) -> None:
    for limit in items(spec, "limits"):
        for name, amounts in limit.items():
            if isinstance(amounts, dict):
                limit[name] = {key: canonical(amount) for key, amount in amounts.items()}
        if text(limit, "type") == "Container":
            default = {**(limit.get("max") or {}), **(limit.get("default") or {})}
            request = {**default, **(limit.get("min") or {}), **(limit.get("defaultRequest") or {})}
            limit.update({key: value for key, value in (("default", default), ("defaultRequest", request)) if value})


def _quota(spec: Object) -> None:
    spec["hard"] = {key: canonical(amount) for key, amount in (dig(spec, "hard") or {}).items()}


def _claim(spec: Object) -> None:
    requests = dig(spec, "resources.requests")
    if isinstance(requests, dict):
        requests.update({key: canonical(amount) for key, amount in requests.items()})


_MORE = {
    "Deployment": _deployment, "Service": _service, "NetworkPolicy": _network_policy,
    "HorizontalPodAutoscaler": _autoscaler, "LimitRange": _limit_range, "ResourceQuota": _quota,
    "PersistentVolumeClaim": _claim, "StatefulSet": _stateful_set,
}  # fmt: skip
_WHOLE = {"RoleBinding": _binding, "ClusterRoleBinding": _binding, "Secret": _data, "ConfigMap": _data}


def _missing(target: Any, defaults: Object) -> None:
    for key, value in defaults.items():
        if target.get(key) is None:
            target[key] = copied(value)
        elif isinstance(value, dict) and isinstance(target[key], dict) and key == "updateStrategy":
            _strategy(target[key], value)


def _strategy(there: Object, defaults: Object) -> None:
    there.setdefault("type", defaults["type"])
    if there["type"] == defaults["type"]:
        there["rollingUpdate"] = {**defaults["rollingUpdate"], **(there.get("rollingUpdate") or {})}
