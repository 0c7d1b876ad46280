"""What a cell of a table shows of an object: values that are more than a field."""

from collections.abc import Callable

from flux_cli.core.objects import Object, dig, items, text
from flux_cli.sandbox.catalog import Served
from flux_cli.sandbox.columns import between, joined, since
from flux_cli.sandbox.conversion import SCALERS

SCALER = Served(SCALERS[0], "v2", SCALERS[1], "HorizontalPodAutoscaler", True)
MODES = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}


def pairs(obj: Object, path: str) -> str:
    return joined([f"{k}={v}" for k, v in sorted((dig(obj, path, {}) or {}).items())])


def ready(obj: Object) -> str:
    return f"{dig(obj, 'status.readyReplicas', 0)}/{dig(obj, 'spec.replicas', 0)}"


def pod_ready(obj: Object) -> str:
    ready = sum(1 for s in items(obj, "status.containerStatuses") if dig(s, "ready") is True)
    return f"{ready}/{len(items(obj, 'spec.containers'))}"


def pod_status(obj: Object) -> str:
    """The phase, or why a container waits or ended."""
    shown = text(obj, "status.reason") or text(obj, "status.phase")
    for status in items(obj, "status.initContainerStatuses"):
        reason = text(status, "state.waiting.reason") or text(status, "state.terminated.reason")
        if reason and dig(status, "state.terminated.exitCode") != 0 and reason != "PodInitializing":
            return f"Init:{reason}"
    for status in reversed(items(obj, "status.containerStatuses")):
        shown = text(status, "state.waiting.reason") or text(status, "state.terminated.reason") or shown
    return "Terminating" if text(obj, "metadata.deletionTimestamp") else shown


def restarts(obj: Object) -> str:
    return str(sum(dig(s, "restartCount", 0) for s in items(obj, "status.containerStatuses")))


def node_status(obj: Object) -> str:
    ready = next((text(c, "status") for c in items(obj, "status.conditions") if text(c, "type") == "Ready"), "")
    shown = {"True": "Ready", "False": "NotReady"}.get(ready, "Unknown")
    return shown + (",SchedulingDisabled" if dig(obj, "spec.unschedulable") is True else "")


def ports(obj: Object) -> str:
    def one(port: Object) -> str:
        node = f":{port['nodePort']}" if port.get("nodePort") else ""
        return f"{port.get('port')}{node}/{port.get('protocol', 'TCP')}"

    return joined([one(p) for p in items(obj, "spec.ports")])


def outside(obj: Object) -> str:
    """Where a Service is reached from outside the cluster."""
    addresses = items(obj, "spec.externalIPs")
    match text(obj, "spec.type"):
        case "ExternalName":
            return text(obj, "spec.externalName") or "<none>"
        case "LoadBalancer":
            given = [text(i, "ip") or text(i, "hostname") for i in items(obj, "status.loadBalancer.ingress")]
            return joined(given + addresses) if given + addresses else "<pending>"
    return joined(addresses)


def targets(obj: Object) -> str:
    """``cpu: 12%/80%``: what a scaler measures and wants, two of them and the number of the others."""
    shown, metrics = [], items(obj, "spec.metrics")
    for index, metric in enumerate(metrics):
        kind = text(metric, "type")
        field = kind[:1].lower() + kind[1:]
        name = text(metric, f"{field}.name") or text(metric, f"{field}.metric.name")
        now = items(obj, "status.currentMetrics")[index : index + 1]
        current = dig(now[0], f"{field}.current", {}) if now else {}
        target = dig(metric, f"{field}.target", {})
        if "averageUtilization" in target:
            used = f"{current['averageUtilization']}%" if "averageUtilization" in current else "<unknown>"
            shown.append(f"{name}: {used}/{target['averageUtilization']}%")
        else:
            wanted = target.get("averageValue") or target.get("value", "<auto>")
            used = current.get("averageValue") or current.get("value", "<unknown>")
            shown.append(f"{name + ': ' if name and kind == 'Resource' else ''}{used}/{wanted}")
    more = f" + {len(shown) - 2} more..." if len(shown) > 2 else ""
    return ", ".join(shown[:2]) + more if shown else "<none>"


def used(*prefixes: str) -> Callable[[Object], str]:
    """What of a quota is used, for limits or for the rest."""

    def value(obj: Object) -> str:
        hard, used = dig(obj, "status.hard", {}), dig(obj, "status.used", {})
        named = [name for name in sorted(hard) if name.startswith(prefixes) or (not prefixes and not name.startswith("limits."))]
        return ", ".join(f"{name}: {used.get(name, '0')}/{hard[name]}" for name in named)

    return value


def event_object(obj: Object) -> str:
    return f"{text(obj, 'involvedObject.kind').lower()}/{text(obj, 'involvedObject.name')}"


def event_source(obj: Object) -> str:
    return ", ".join(filter(None, (text(obj, "source.component") or text(obj, "reportingComponent"), text(obj, "source.host"))))


def last_seen(obj: Object) -> str:
    stamp = text(obj, "series.lastObservedTime") or text(obj, "lastTimestamp") or text(obj, "eventTime")
    return since(stamp or text(obj, "firstTimestamp"))


def job_status(obj: Object) -> str:
    done = {text(c, "type") for c in items(obj, "status.conditions") if text(c, "status") == "True"}
    if text(obj, "metadata.deletionTimestamp"):
        return "Terminating"
    return next((kind for kind in ("Complete", "Failed", "Suspended", "FailureTarget") if kind in done), "Running")


def completions(obj: Object) -> str:
    done, wanted = dig(obj, "status.succeeded", 0), dig(obj, "spec.completions")
    if wanted is not None:
        return f"{done}/{wanted}"
    side_by_side = dig(obj, "spec.parallelism", 1)
    return f"{done}/1 of {side_by_side}" if side_by_side > 1 else f"{done}/1"


def duration(obj: Object) -> str:
    begun, ended = text(obj, "status.startTime"), text(obj, "status.completionTime")
    if not begun:
        return ""
    return between(begun, ended) if ended else since(begun)


def scheduled(stamp: str) -> str:
    return since(stamp) if stamp else "<none>"
