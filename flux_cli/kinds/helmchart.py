"""HelmChart: one chart of a source, packed; made for releases mostly."""

from __future__ import annotations

from flux_cli.core.api import Resource
from flux_cli.core.objects import Object, Ref
from flux_cli.kinds._model import (
    NAME,
    SHORT_STATUS,
    Column,
    Kind,
    Names,
    Need,
    artifact_revision,
    fetched,
    need,
    reference,
    secrets,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def source(obj: Object) -> Ref | None:
    return reference(obj, "spec.sourceRef")


def needs(obj: Object) -> Iterable[Need]:
    yield from need(obj, "source", "spec.sourceRef")
    yield from secrets(obj, "spec.verify.secretRef")


KIND = Kind(
    resource=Resource("source.toolkit.fluxcd.io", "v1", "helmcharts", "HelmChart", older=("v1beta2", "v1beta1")),
    names=Names("chart", "chart", "source chart", group="source", aliases=("hc", "helmchart")),
    controller="source-controller",
    columns=(NAME, Column("Revision", artifact_revision), *SHORT_STATUS),
    revision=artifact_revision,
    source=source,
    done=fetched,
    needs=needs,
)
