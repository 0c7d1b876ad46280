"""ArtifactGenerator: sources put together into ExternalArtifacts."""

from __future__ import annotations

from flux_cli.core.api import Resource
from flux_cli.core.objects import Object, Ref, items, namespace_of, text
from flux_cli.core.objects import annotations as annotations_of
from flux_cli.kinds._model import MESSAGE, NAME, READY, Column, Kind, Names, Need

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

SWITCH = "source.extensions.fluxcd.io/reconcile"


def disabled(obj: Object) -> bool:
    """The kind has no ``spec.suspend``: an annotation switches it off."""
    return str(annotations_of(obj).get(SWITCH, "")).lower() == "disabled"


def needs(obj: Object) -> Iterable[Need]:
    for index, entry in enumerate(items(obj, "spec.sources")):
        if text(entry, "name"):
            ref = Ref(text(entry, "kind"), text(entry, "namespace") or namespace_of(obj), text(entry, "name"))
            yield Need("source", ref, f"spec.sources.{index}")


KIND = Kind(
    resource=Resource("source.extensions.fluxcd.io", "v1beta1", "artifactgenerators", "ArtifactGenerator"),
    names=Names("generator", "generators", "artifactgenerator", group="artifact", aliases=("artifactgenerator", "ag")),
    controller="source-watcher",
    columns=(NAME, Column("Suspended", lambda obj: str(disabled(obj))), READY, MESSAGE),
    verbs=frozenset({"get", "export"}),
    needs=needs,
    suspended=disabled,
)
