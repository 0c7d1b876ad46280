"""ExternalArtifact: a source whose artifact another controller makes."""

from __future__ import annotations

from flux_cli.core.api import Resource
from flux_cli.core.objects import Object, dig, text
from flux_cli.kinds._model import NAME, READY, REVISION, SHORT_MESSAGE, Column, Kind, Names, Need, artifact_revision, need

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def origin(obj: Object) -> str:
    """Kind/namespace/name as written: an empty namespace stays empty, as the Go CLI prints it."""
    ref = dig(obj, "spec.sourceRef")
    return f"{text(ref, 'kind')}/{text(ref, 'namespace')}/{text(ref, 'name')}" if isinstance(ref, dict) else ""


def needs(obj: Object) -> Iterable[Need]:
    return need(obj, "source", "spec.sourceRef")


KIND = Kind(
    resource=Resource("source.toolkit.fluxcd.io", "v1", "externalartifacts", "ExternalArtifact"),
    names=Names("external", "external", "source external-artifact", group="source", aliases=("externalartifact",)),
    controller="source-watcher",
    columns=(NAME, REVISION, Column("Source", origin), READY, SHORT_MESSAGE),
    verbs=frozenset({"get", "export"}),
    revision=artifact_revision,
    needs=needs,
)
