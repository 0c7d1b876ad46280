"""Kustomization: a folder of manifests of a source, applied."""

from __future__ import annotations

from flux_cli.core.api import Resource
from flux_cli.core.objects import Object, Ref, dig, items, namespace_of, text
from flux_cli.core.text import shorten
from flux_cli.kinds._model import (
    NAME,
    SHORT_STATUS,
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


def source(obj: Object) -> Ref | None:
    return reference(obj, "spec.sourceRef")


def revision(obj: Object) -> str:
    return text(obj, "status.lastAppliedRevision")


def needs(obj: Object) -> Iterable[Need]:
    yield from need(obj, "source", "spec.sourceRef")
    yield from dependencies(obj)
    yield from access(obj)
    yield from need(obj, "secret", "spec.decryption.secretRef", "Secret")
    for index, entry in enumerate(items(obj, "spec.postBuild.substituteFrom")):
        if text(entry, "name"):
            kind = text(entry, "kind")
            role = "secret" if kind == "Secret" else "configmap"
            ref = Ref(kind, namespace_of(obj), text(entry, "name"))
            yield Need(role, ref, f"spec.postBuild.substituteFrom.{index}", optional=dig(entry, "optional") is True)


KIND = Kind(
    resource=Resource("kustomize.toolkit.fluxcd.io", "v1", "kustomizations", "Kustomization", older=("v1beta2", "v1beta1")),
    names=Names("kustomization", "kustomizations", "kustomization", short=("ks",)),
    controller="kustomize-controller",
    columns=(NAME, source_cell(source), Column("Revision", lambda obj: shorten(revision(obj))), *SHORT_STATUS),
    revision=revision,
    source=source,
    done=lambda obj: f"applied revision {revision(obj)}",
    needs=needs,
)
