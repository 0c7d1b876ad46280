"""The API server's defaults for the kinds that most changes are about: facts of the Kubernetes API."""

from typing import Any

from flux_cli.core.objects import Object, dig, items, text

_PODS = {
    "Deployment": "spec.template.spec", "StatefulSet": "spec.template.spec", "DaemonSet": "spec.template.spec",
    "Job": "spec.template.spec", "CronJob": "spec.jobTemplate.spec.template.spec", "ReplicaSet": "spec.template.spec",
    "Pod": "spec",
}  # fmt: skip
_POD: Object = {
    "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler", "securityContext": {},
    "terminationGracePeriodSeconds": 30,
}  # fmt: skip
_CONTAINER: Object = {"resources": {}, "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"}
_PROBE: Object = {"failureThreshold": 3, "periodSeconds": 10, "successThreshold": 1, "timeoutSeconds": 1}
_ROLLING: Object = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}}
_SPECS: dict[str, Object] = {
    "Deployment": {"progressDeadlineSeconds": 600, "replicas": 1, "revisionHistoryLimit": 10},
    "StatefulSet": {"podManagementPolicy": "OrderedReady", "replicas": 1, "revisionHistoryLimit": 10},
    "DaemonSet": {"revisionHistoryLimit": 10},
    "Service": {"internalTrafficPolicy": "Cluster", "sessionAffinity": "None", "type": "ClusterIP"},
    "CronJob": {"concurrencyPolicy": "Allow", "failedJobsHistoryLimit": 1, "successfulJobsHistoryLimit": 3, "suspend": False},
}


def fill(obj: Object) -> None:
    """Set what the server would set where nothing is said."""
    kind, spec = text(obj, "kind"), obj.get("spec")
    if not isinstance(spec, dict) or "." in text(obj, "apiVersion").partition("/")[0].removesuffix(".k8s.io"):
        return
    _missing(spec, _SPECS.get(kind, {}))
    if kind == "Deployment" and not spec.get("strategy"):
        spec["strategy"] = _copy(_ROLLING)
    if kind == "Service":
        for port in items(spec, "ports"):
            port.setdefault("protocol", "TCP")
            if not port.get("targetPort"):
                port["targetPort"] = port.get("port")
    pod = dig(obj, _PODS.get(kind, "-"))
    if isinstance(pod, dict):
        _fill_pod(pod)


def _fill_pod(pod: Object) -> None:
    _missing(pod, _POD)
    for container in (*items(pod, "containers"), *items(pod, "initContainers")):
        _missing(container, _CONTAINER)
        container.setdefault("imagePullPolicy", _pull_policy(text(container, "image")))
        for port in items(container, "ports"):
            port.setdefault("protocol", "TCP")
        for name in ("livenessProbe", "readinessProbe", "startupProbe"):
            if isinstance(container.get(name), dict):
                _missing(container[name], _PROBE)
                if isinstance(container[name].get("httpGet"), dict):
                    _missing(container[name]["httpGet"], {"path": "/", "scheme": "HTTP"})
        for variable in items(container, "env"):
            field = dig(variable, "valueFrom.fieldRef")
            if isinstance(field, dict):
                field.setdefault("apiVersion", "v1")
    for volume in items(pod, "volumes"):
        for kind in ("secret", "configMap", "projected", "downwardAPI"):
            if isinstance(volume.get(kind), dict):
                volume[kind].setdefault("defaultMode", 420)


def _pull_policy(image: str) -> str:
    name, _, digest = image.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    return "Always" if not digest and tag in ("", "latest") else "IfNotPresent"


def _missing(target: Any, defaults: Object) -> None:
    if isinstance(target, dict):
        for key, value in defaults.items():
            if target.get(key) is None:
                target[key] = _copy(value)


def _copy(value: Any) -> Any:
    return {key: _copy(entry) for key, entry in value.items()} if isinstance(value, dict) else value
