"""Receiver: a webhook that has sources reconciled."""

from __future__ import annotations

from flux_cli.core.api import Resource
from flux_cli.core.objects import Object, Ref, items, namespace_of, text
from flux_cli.kinds._model import NAME, STATUS, Kind, Names, Need, secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def needs(obj: Object) -> Iterable[Need]:
    yield from secrets(obj, "spec.secretRef")
    for index, entry in enumerate(items(obj, "spec.resources")):
        if text(entry, "name") not in ("", "*"):
            ref = Ref(text(entry, "kind"), text(entry, "namespace") or namespace_of(obj), text(entry, "name"))
            yield Need("target", ref, f"spec.resources.{index}")


KIND = Kind(
    resource=Resource("notification.toolkit.fluxcd.io", "v1", "receivers", "Receiver", older=("v1beta2", "v1beta1")),
    names=Names("receiver", "receivers", "receiver"),
    controller="notification-controller",
    columns=(NAME, *STATUS),
    done=lambda obj: "Receiver reconciliation completed",
    needs=needs,
)
