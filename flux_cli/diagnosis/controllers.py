"""The controllers of Flux: where they run, are they up, which objects do they watch, what did they log."""

from flux_cli import kinds
from flux_cli.core import api, labelselectors
from flux_cli.core.objects import Object, Ref, dig, items, labels, name_of, namespace_of, text
from flux_cli.diagnosis import relations, workloads
from flux_cli.diagnosis.reader import Reader
from flux_cli.diagnosis.result import ControllerState

HOME = "flux-system"
PART_OF = "app.kubernetes.io/part-of=flux"
SELECTOR = "--watch-label-selector="


def deployments(reader: Reader) -> list[Object]:
    """The controllers' Deployments: those of the flux-system namespace, else those that carry Flux's label elsewhere."""
    names = {kind.controller for kind in kinds.every()}
    here = [d for d in reader.every(api.DEPLOYMENT, HOME) if component(d) in names]
    if here or reader.refused(api.DEPLOYMENT, HOME):
        return here
    return [d for d in reader.labelled(api.DEPLOYMENT, PART_OF) if component(d) in names]


def of(reader: Reader, obj: Object) -> list[Object]:
    """The Deployments that watch this object: those of its controller whose label selector takes it."""
    mine = components(reader, relations.controller_of(text(obj, "kind")))
    return [d for d in mine if labelselectors.matches(_selector(d), labels(obj))]


def ref(reader: Reader, name: str, obj: Object | None = None) -> Ref:
    """The Deployment of this controller, the one that watches the object before others; where none is seen, where it belongs."""
    mine = components(reader, name)
    watching = [d for d in mine if obj is not None and d in of(reader, obj)]
    found = next(iter([*watching, *mine]), None)
    if found is not None:
        return Ref("Deployment", namespace_of(found), name_of(found))
    others = deployments(reader)
    return Ref("Deployment", namespace_of(others[0]) if others else HOME, name)


def components(reader: Reader, name: str) -> list[Object]:
    """The Deployments of the controller of this name, shards included."""
    return [d for d in deployments(reader) if component(d) == name]


def component(deployment: Object) -> str:
    """Sharded copies have names of their own and say in a label what they are."""
    return str(labels(deployment).get("app.kubernetes.io/component") or "") or name_of(deployment)


def _selector(deployment: Object) -> str:
    """Which objects it watches; "" for all, and for a selector that cannot be read."""
    for container in items(deployment, "spec.template.spec.containers"):
        for argument in items(container, "args"):
            if str(argument).startswith(SELECTOR):
                try:
                    labelselectors.matches(found := str(argument)[len(SELECTOR) :], {})
                except ValueError:
                    return ""
                return found
    return ""


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


def unwatched(reader: Reader, obj: Object) -> str:
    """What the controllers for this kind select, none of them the object; "" where one does, or none is seen."""
    mine = components(reader, relations.controller_of(text(obj, "kind")))
    return "" if not mine or of(reader, obj) else ", ".join(dict.fromkeys(_selector(d) for d in mine))


def log_of(reader: Reader, kind: str) -> list[str]:
    """The end of the log of the controller that handles this kind."""
    lines: list[str] = []
    for deployment in components(reader, relations.controller_of(kind)):
        for pod in workloads.pods(deployment, reader):
            lines += reader.logs(namespace_of(pod), name_of(pod), tail=2000)
    return lines


def states(reader: Reader) -> list[ControllerState]:
    return [state(d, reader) for d in deployments(reader)]
