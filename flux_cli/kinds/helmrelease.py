"""HelmRelease: a chart with values, installed and upgraded."""

from __future__ import annotations

from flux_cli.core.api import Resource
from flux_cli.core.objects import Object, Ref, dig, items, name_of, namespace_of, text
from flux_cli.kinds._model import (
    NAME,
    STATUS,
    Column,
    Kind,
    Names,
    Need,
    access,
    dependencies,
    need,
    reference,
    source_cell,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def origin(obj: Object) -> Ref | None:
    """Where the chart comes from: ``chartRef``, else the source of the chart template."""
    return reference(obj, "spec.chartRef") or reference(obj, "spec.chart.spec.sourceRef")


def chart(obj: Object) -> Ref | None:
    """The object that helm-controller takes the chart from: what ``chartRef`` names, else the HelmChart it makes itself."""
    direct = reference(obj, "spec.chartRef")
    if direct or not isinstance(dig(obj, "spec.chart"), dict):
        return direct
    made = text(obj, "status.helmChart")
    if "/" in made:
        namespace, name = made.split("/", 1)
        return Ref("HelmChart", namespace, name)
    home = text(obj, "spec.chart.spec.sourceRef.namespace") or namespace_of(obj)
    return Ref("HelmChart", home, f"{namespace_of(obj)}-{name_of(obj)}")


def revision(obj: Object) -> str:
    return text(obj, "status.history.0.chartVersion") or text(obj, "status.lastAttemptedRevision")


def needs(obj: Object) -> Iterable[Need]:
    made = chart(obj)
    if made and made.kind == "HelmChart" and not reference(obj, "spec.chartRef"):
        yield Need("chart", made, "spec.chart")
    yield from need(obj, "source", "spec.chartRef")
    yield from need(obj, "source", "spec.chart.spec.sourceRef")
    yield from dependencies(obj)
    yield from access(obj)
    for index, entry in enumerate(items(obj, "spec.valuesFrom")):
        if text(entry, "name"):
            kind = text(entry, "kind")
            role = "secret" if kind == "Secret" else "configmap"
            ref = Ref(kind, namespace_of(obj), text(entry, "name"))
            keys = (text(entry, "valuesKey") or "values.yaml",)
            yield Need(role, ref, f"spec.valuesFrom.{index}", keys, optional=dig(entry, "optional") is True)


KIND = Kind(
    resource=Resource("helm.toolkit.fluxcd.io", "v2", "helmreleases", "HelmRelease", older=("v2beta2", "v2beta1")),
    names=Names("helmrelease", "helmreleases", "helmrelease", short=("hr",)),
    controller="helm-controller",
    columns=(NAME, source_cell(origin), Column("Revision", revision), *STATUS),
    revision=revision,
    source=chart,
    done=lambda obj: f"applied revision {revision(obj)}",
    needs=needs,
)
