"""Provider: where alerts go; it has no status of its own."""

from __future__ import annotations

from flux_cli.core.api import Resource
from flux_cli.core.objects import Object
from flux_cli.kinds._model import ALL_VERBS, NAME, Kind, Names, Need, always_ready, secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

SENTENCE = "Provider is Ready"


def needs(obj: Object) -> Iterable[Need]:
    return secrets(obj, "spec.secretRef", "spec.certSecretRef", "spec.proxySecretRef")


KIND = Kind(
    resource=Resource("notification.toolkit.fluxcd.io", "v1beta3", "providers", "Provider", older=("v1beta2", "v1beta1")),
    names=Names("alert-provider", "alert-providers", "alert provider", aliases=("provider",)),
    controller="notification-controller",
    columns=(NAME, *always_ready(SENTENCE)),
    verbs=ALL_VERBS - {"reconcile"},
    done=lambda obj: "Provider reconciliation completed",
    static=lambda obj: True,
    static_text=SENTENCE,
    needs=needs,
)
