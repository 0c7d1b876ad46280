"""GitRepository: a branch, tag or commit as a source."""

from __future__ import annotations

from flux_cli.core.api import Resource
from flux_cli.core.objects import Object, Ref, items, namespace_of, text
from flux_cli.kinds._model import SOURCE_COLUMNS, Kind, Names, Need, artifact_revision, fetched, secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def needs(obj: Object) -> Iterable[Need]:
    yield from secrets(obj, "spec.secretRef", "spec.proxySecretRef", "spec.verify.secretRef")
    for index, entry in enumerate(items(obj, "spec.include")):
        name = text(entry, "repository.name")
        if name:
            yield Need("source", Ref("GitRepository", namespace_of(obj), name), f"spec.include.{index}.repository")


KIND = Kind(
    resource=Resource("source.toolkit.fluxcd.io", "v1", "gitrepositories", "GitRepository", older=("v1beta2", "v1beta1")),
    names=Names("git", "git", "source git", group="source", aliases=("gitrepo", "gitrepository")),
    controller="source-controller",
    columns=SOURCE_COLUMNS,
    revision=artifact_revision,
    done=fetched,
    needs=needs,
)
