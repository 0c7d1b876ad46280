"""The controllers of Flux: are they up, which shard do they watch, what did they log."""

from typing import TYPE_CHECKING

from flux_cli.core import api
from flux_cli.core.objects import Object, dig, items, name_of, namespace_of, text
from flux_cli.diagnosis import relations, workloads
from flux_cli.diagnosis.reader import Reader
from flux_cli.diagnosis.result import Cause, ControllerState

if TYPE_CHECKING:
    from flux_cli.diagnosis.engine import Inquiry

HOME = "flux-system"
SHARD_ARGUMENT = "--watch-label-selector=sharding.fluxcd.io/key"


def deployments(reader: Reader) -> list[Object]:
    """The controllers' Deployments: those of the flux-system namespace that handle a kind."""
    from flux_cli import kinds

    names = {kind.controller for kind in kinds.every()}
    return [d for d in reader.every(api.DEPLOYMENT, HOME) if _component(d) in names]


def _component(deployment: Object) -> str:
    """Sharded copies have names of their own and say in a label what they are."""
    return _label(deployment) or name_of(deployment)


def _label(deployment: Object) -> str:
    marks = dig(deployment, "metadata.labels", {})
    return str(marks.get("app.kubernetes.io/component", "")) if isinstance(marks, dict) else ""


def state(deployment: Object, reader: Reader) -> ControllerState:
    """What its Deployment and pods say."""
    name, namespace = name_of(deployment), namespace_of(deployment)
    pods = workloads.pods(deployment, reader)
    killed = [p for p in pods if _oom(p)]
    wanted = dig(deployment, "spec.replicas", 1)
    if wanted == 0:
        return ControllerState(name, namespace, False, "scaled to 0 replicas")
    if killed:
        return ControllerState(name, namespace, False, f"OOMKilled, {_restarts(killed[0])} restarts")
    if workloads.settled(deployment) and all(workloads.settled(p) for p in pods):
        return ControllerState(name, namespace, True, "running")
    waiting = next((r for p in pods for r in _waiting(p)), "")
    have = workloads.number(deployment, "status.availableReplicas")
    if (have >= 1 or (pods and all(workloads.settled(p) for p in pods))) and not waiting:
        return ControllerState(name, namespace, True, "running")
    return ControllerState(name, namespace, False, waiting or f"{have} of {wanted} replicas available")


def _oom(pod: Object) -> bool:
    """Killed for memory, and either not up again or again and again."""
    for status in items(pod, "status.containerStatuses"):
        reasons = {text(status, "lastState.terminated.reason"), text(status, "state.terminated.reason")}
        if "OOMKilled" in reasons and (dig(status, "ready") is not True or workloads.number(status, "restartCount") > 2):
            return True
    return False


def _restarts(pod: Object) -> int:
    return max((workloads.number(s, "restartCount") for s in items(pod, "status.containerStatuses")), default=0)


def _waiting(pod: Object) -> list[str]:
    found = [text(s, "state.waiting.reason") for s in items(pod, "status.containerStatuses")]
    return [reason for reason in found if reason] or ([f"pod {text(pod, 'status.phase')}"] if not workloads.settled(pod) else [])


def causes(inquiry: "Inquiry", obj: Object) -> list[Cause]:
    """The controller that handles this object, where it is not up."""
    return named_causes(inquiry, relations.controller_of(text(obj, "kind")))


def named_causes(inquiry: "Inquiry", name: str) -> list[Cause]:
    for deployment in deployments(inquiry.reader):
        if name_of(deployment) != name:
            continue
        found = state(deployment, inquiry.reader)
        if not found.healthy:
            what = "controller-oom" if "OOMKilled" in found.state else "controller-down"
            return inquiry.state_cause(
                what, deployment, f"{name}: {found.state}", {"what": found.state, "controller": name}, field="status"
            )
    return []


def watches(reader: Reader, kind: str, shard: str) -> bool:
    """Whether some controller for this kind watches the shard. Without any controller to see, nobody can say no."""
    mine = [d for d in deployments(reader) if _component(d) == relations.controller_of(kind)]
    for deployment in mine:
        for container in items(deployment, "spec.template.spec.containers"):
            if any(str(a).startswith(SHARD_ARGUMENT) and shard in str(a) and "!" not in str(a) for a in items(container, "args")):
                return True
    return not mine


def log_of(inquiry: "Inquiry", kind: str) -> list[str]:
    """The end of the log of the controller that handles this kind."""
    name = relations.controller_of(kind)
    lines: list[str] = []
    for deployment in deployments(inquiry.reader):
        if _component(deployment) == name:
            for pod in workloads.pods(deployment, inquiry.reader):
                lines += inquiry.reader.logs(namespace_of(pod), name_of(pod), tail=2000)
    return lines


def states(reader: Reader) -> list[ControllerState]:
    return [state(d, reader) for d in deployments(reader)]
