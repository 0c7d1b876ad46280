"""Alert: which events go to which provider."""

from __future__ import annotations

from flux_cli.core.api import Resource
from flux_cli.core.objects import Object, Ref, items, namespace_of, text
from flux_cli.kinds._model import ALL_VERBS, NAME, SUSPENDED, Kind, Names, Need, always_ready, need

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

SENTENCE = "Alert is Ready"


def needs(obj: Object) -> Iterable[Need]:
    yield from need(obj, "provider", "spec.providerRef", "Provider")
    for index, entry in enumerate(items(obj, "spec.eventSources")):
        if text(entry, "name") not in ("", "*"):
            ref = Ref(text(entry, "kind"), text(entry, "namespace") or namespace_of(obj), text(entry, "name"))
            yield Need("target", ref, f"spec.eventSources.{index}")


KIND = Kind(
    resource=Resource("notification.toolkit.fluxcd.io", "v1beta3", "alerts", "Alert", older=("v1beta2", "v1beta1")),
    names=Names("alert", "alerts", "alert"),
    controller="notification-controller",
    columns=(NAME, SUSPENDED, *always_ready(SENTENCE)),
    verbs=ALL_VERBS - {"reconcile"},
    done=lambda obj: "Alert reconciliation completed",
    static=lambda obj: True,
    static_text=SENTENCE,
    needs=needs,
)
