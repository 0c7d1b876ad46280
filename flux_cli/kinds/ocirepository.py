"""OCIRepository: an artifact of a registry as a source."""

from __future__ import annotations

from flux_cli.core.api import Resource
from flux_cli.core.objects import Object, Ref, namespace_of, text
from flux_cli.kinds._model import SOURCE_COLUMNS, Kind, Names, Need, artifact_revision, fetched, secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def needs(obj: Object) -> Iterable[Need]:
    yield from secrets(obj, "spec.secretRef", "spec.certSecretRef", "spec.proxySecretRef", "spec.verify.secretRef")
    account = text(obj, "spec.serviceAccountName")
    if account:
        yield Need("serviceaccount", Ref("ServiceAccount", namespace_of(obj), account), "spec.serviceAccountName")


KIND = Kind(
    resource=Resource("source.toolkit.fluxcd.io", "v1", "ocirepositories", "OCIRepository", older=("v1beta2",)),
    names=Names("oci", "oci", "source oci", group="source", aliases=("ocirepo", "ocirepository")),
    controller="source-controller",
    columns=SOURCE_COLUMNS,
    revision=artifact_revision,
    done=fetched,
    needs=needs,
)
