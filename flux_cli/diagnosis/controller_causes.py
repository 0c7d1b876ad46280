"""Controllers that are not up, as the cause of what they leave undone."""

from flux_cli.core.objects import Object, namespace_of, text
from flux_cli.diagnosis import controllers, relations
from flux_cli.diagnosis.inquiry import Inquiry
from flux_cli.diagnosis.result import Cause


def handling(inquiry: Inquiry, obj: Object) -> list[Cause]:
    """The controller that handles this object, where it is not up; empty where no controller can be seen at all."""
    name = relations.controller_of(text(obj, "kind"))
    return _not_up(inquiry, controllers.of(inquiry.reader, obj)) or _not_installed(inquiry, name)


def named(inquiry: Inquiry, name: str) -> list[Cause]:
    """The same for a controller by its name."""
    return _not_up(inquiry, controllers.components(inquiry.reader, name)) or _not_installed(inquiry, name)


def _not_up(inquiry: Inquiry, mine: list[Object]) -> list[Cause]:
    for deployment in mine:
        found = controllers.state(deployment, inquiry.reader)
        if not found.healthy:
            what = "controller-oom" if "OOMKilled" in found.state else "controller-down"
            shown = {"what": found.state, "controller": controllers.component(deployment)}
            return inquiry.state_cause(what, deployment, f"{found.name}: {found.state}", shown, field="status")
    return []


def _not_installed(inquiry: Inquiry, name: str) -> list[Cause]:
    """Other controllers of Flux run here, this one does not exist. One that is only known by its log proves nothing."""
    others = [d for d in controllers.deployments(inquiry.reader) if text(d, "metadata.creationTimestamp")]
    if not name or not others or controllers.components(inquiry.reader, name):
        return []
    absent = {"kind": "Deployment", "metadata": {"name": name, "namespace": namespace_of(others[0])}}
    what = "it is not installed"
    return inquiry.state_cause(
        "controller-down", absent, f"{name}: {what}", {"what": what, "controller": name}, field="metadata.name"
    )
