"""ImageUpdateAutomation: wanted tags, committed to Git."""

from __future__ import annotations

from flux_cli.core.api import Resource
from flux_cli.core.objects import Object, condition, text
from flux_cli.kinds._model import NAME, STATUS, Column, Kind, Names, Need, local_time, need

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def done(obj: Object) -> str:
    found = condition(obj)
    if found:
        return text(found, "message")
    last = local_time(text(obj, "status.lastAutomationRunTime"))
    return f"last run {last}" if last else "automation not yet run"


def needs(obj: Object) -> Iterable[Need]:
    return need(obj, "source", "spec.sourceRef")


KIND = Kind(
    resource=Resource(
        "image.toolkit.fluxcd.io",
        "v1",
        "imageupdateautomations",
        "ImageUpdateAutomation",
        older=("v1beta2", "v1beta1", "v1alpha2"),
    ),
    names=Names("update", "update", "image update automation", group="image", aliases=("iua", "imageupdateautomation")),
    controller="image-automation-controller",
    columns=(NAME, Column("Last run", lambda obj: local_time(text(obj, "status.lastAutomationRunTime"))), *STATUS),
    done=done,
    needs=needs,
)
