"""Objects at another version than the one that they were written at: of the server's own kinds only scalers differ."""

from flux_cli.core.objects import Object, dig, items, text
from flux_cli.sandbox.catalog import Served

SCALERS = ("autoscaling", "horizontalpodautoscalers")


def as_served(obj: Object, served: Served) -> Object:
    """The object at the version that was asked for."""
    if obj.get("apiVersion") == served.api_version and obj.get("kind") == served.kind:
        return obj
    if served.key == SCALERS:
        obj = _older(obj) if served.version == "v1" else _newer(obj)
    return {"kind": served.kind, "apiVersion": served.api_version} | {
        k: v for k, v in obj.items() if k not in ("kind", "apiVersion")
    }


def _is_cpu(metric: Object) -> bool:
    return text(metric, "type") == "Resource" and text(metric, "resource.name") == "cpu"


def _older(obj: Object) -> Object:
    """v1 knows the use of CPU alone."""
    spec, status = dict(obj.get("spec") or {}), dict(obj.get("status") or {})
    cpu = next(filter(_is_cpu, items(spec, "metrics")), None)
    target = dig(cpu, "resource.target.averageUtilization")
    spec.pop("metrics", None)
    if target is not None:
        spec["targetCPUUtilizationPercentage"] = target
    used = next(filter(_is_cpu, items(status, "currentMetrics")), None)
    now = dig(used, "resource.current.averageUtilization")
    kept = {k: v for k, v in status.items() if k not in ("currentMetrics", "conditions")}
    kept |= {"currentCPUUtilizationPercentage": now} if now is not None else {}
    return obj | {"spec": spec, "status": {"currentReplicas": 0} | kept}


def _newer(obj: Object) -> Object:
    spec, status = dict(obj.get("spec") or {}), dict(obj.get("status") or {})
    target = spec.pop("targetCPUUtilizationPercentage", None)
    if target is not None:
        wanted = {"type": "Utilization", "averageUtilization": target}
        spec["metrics"] = [{"type": "Resource", "resource": {"name": "cpu", "target": wanted}}]
    if not status.get("currentReplicas"):
        status.pop("currentReplicas", None)
    return obj | {"spec": spec, "status": {"currentMetrics": None} | status}
