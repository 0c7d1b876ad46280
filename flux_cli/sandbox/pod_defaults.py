"""What the API server fills into pods and pod templates."""

from typing import Any

from flux_cli.core.objects import Object, dig, items, text
from flux_cli.sandbox.quantities import canonical

SPEC: Object = {
    "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst", "securityContext": {},
    "schedulerName": "default-scheduler",
}  # fmt: skip
CONTAINER: Object = {"resources": {}, "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"}
POD: Object = {"enableServiceLinks": True, "preemptionPolicy": "PreemptLowerPriority", "priority": 0}
TOLERATIONS = [
    {"effect": "NoExecute", "key": f"node.kubernetes.io/{state}", "operator": "Exists", "tolerationSeconds": 300}
    for state in ("not-ready", "unreachable")
]
PROBE: Object = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
MODE = 0o644
_TEMPLATE = "spec.template.spec"
TEMPLATES = {("apps", plural): _TEMPLATE for plural in ("deployments", "statefulsets", "daemonsets", "replicasets")} | {
    ("batch", "jobs"): _TEMPLATE,
    ("batch", "cronjobs"): "spec.jobTemplate.spec.template.spec",
    ("", "replicationcontrollers"): _TEMPLATE,
    ("", "pods"): "spec",
}


def fill(obj: Object, key: tuple[str, str]) -> None:
    """Fill in the pod spec of an object, where its kind has one. What is shared with another object is copied first."""
    path = TEMPLATES.get(key)
    steps = path.split(".") if path else []
    spec = _own(obj, steps)
    if spec is None or not steps:
        return
    if len(steps) > 1:
        template = dig(obj, ".".join(steps[:-1]))
        template["metadata"] = template.get("metadata") or {}
    for name, value in SPEC.items():
        spec.setdefault(name, {} if value == {} else value)
    if spec.get("serviceAccountName"):
        spec.setdefault("serviceAccount", spec["serviceAccountName"])
    if key == ("", "pods"):
        for name, value in POD.items():
            spec.setdefault(name, value)
        known = {text(t, "key") for t in items(spec, "tolerations")}
        spec["tolerations"] = items(spec, "tolerations") + [t for t in TOLERATIONS if t["key"] not in known]
        obj.setdefault("status", {"phase": "Pending", "qosClass": _quality(spec)})
    for part in ("initContainers", "containers", "ephemeralContainers"):
        if spec.get(part):
            spec[part] = [_container(dict(c), limits_asked=key == ("", "pods")) if isinstance(c, dict) else c for c in spec[part]]
    if spec.get("volumes"):
        spec["volumes"] = [_volume(dict(v)) if isinstance(v, dict) else v for v in spec["volumes"]]


def _quality(spec: Object) -> str:
    """The class of service that follows from requests and limits."""
    asked = [dig(c, "resources", {}) for c in items(spec, "containers")]
    if not any(asked):
        return "BestEffort"
    exact = all(
        r.get("limits") and r.get("requests", r["limits"]) == r["limits"] and {"cpu", "memory"} <= set(r["limits"]) for r in asked
    )
    return "Guaranteed" if exact else "Burstable"


def _own(obj: Any, path: list[str]) -> Object | None:
    """The object at a path, each step on it made a copy, so that filling it in changes nothing else."""
    for name in path:
        if not isinstance(obj, dict) or not isinstance(obj.get(name), dict):
            return None
        obj[name] = dict(obj[name])
        obj = obj[name]
    return obj if isinstance(obj, dict) else None


def _container(container: Object, *, limits_asked: bool) -> Object:
    """``limits_asked``: in a pod what is limited is asked for too; a template waits for its pods."""
    for name, value in CONTAINER.items():
        container.setdefault(name, {} if value == {} else value)
    image = text(container, "image")
    tag = image.rpartition("/")[2].partition("@")[0].partition(":")[2]
    latest = tag == "latest" or (not tag and "@" not in image)
    container.setdefault("imagePullPolicy", "Always" if latest else "IfNotPresent")
    if container.get("ports"):
        container["ports"] = [{"protocol": "TCP"} | port for port in container["ports"]]
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        if isinstance(container.get(name), dict):
            probe = PROBE | container[name]
            container[name] = _asked(probe)
    if isinstance(container.get("lifecycle"), dict):
        hooks = container["lifecycle"].items()
        container["lifecycle"] = {name: _asked(hook) if isinstance(hook, dict) else hook for name, hook in hooks}
    if container.get("env"):
        container["env"] = [_variable(entry) for entry in container["env"]]
    if isinstance(container["resources"], dict):
        amounts = {name: _amounts(value) for name, value in container["resources"].items()}
        if isinstance(amounts.get("limits"), dict) and limits_asked:
            amounts["requests"] = amounts["limits"] | (amounts.get("requests") or {})
        container["resources"] = amounts
    return container


def _asked(handler: Object) -> Object:
    """A probe or a hook: what is asked for where nothing is said."""
    given = {"httpGet": {"path": "/", "scheme": "HTTP"}, "grpc": {"service": ""}}
    return {name: given[name] | way if name in given and isinstance(way, dict) else way for name, way in handler.items()}


def _amounts(value: Any) -> Any:
    return {name: canonical(amount) for name, amount in value.items()} if isinstance(value, dict) else value


def _variable(entry: Any) -> Any:
    source = dig(entry, "valueFrom")
    if not isinstance(source, dict):
        return entry
    given = {"fieldRef": {"apiVersion": "v1"}, "resourceFieldRef": {"divisor": "0"}}
    filled = {name: given[name] | ref if name in given and isinstance(ref, dict) else ref for name, ref in source.items()}
    return entry | {"valueFrom": filled}


def _volume(volume: Object) -> Object:
    if len(volume) < 2:
        volume["emptyDir"] = {}
    for name in ("secret", "configMap", "projected", "downwardAPI"):
        if isinstance(volume.get(name), dict):
            volume[name] = {"defaultMode": MODE} | volume[name]
    if isinstance(volume.get("hostPath"), dict):
        volume["hostPath"] = {"type": ""} | volume["hostPath"]
    sources = dig(volume, "projected.sources")
    if isinstance(sources, list):
        volume["projected"]["sources"] = [_projected(source) for source in sources]
    return volume


def _projected(source: Any) -> Any:
    token = dig(source, "serviceAccountToken")
    return source | {"serviceAccountToken": {"expirationSeconds": 3600} | token} if isinstance(token, dict) else source
