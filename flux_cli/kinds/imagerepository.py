"""ImageRepository: the tags of an image, scanned."""

from __future__ import annotations

from flux_cli.core.api import Resource
from flux_cli.core.objects import Object, Ref, dig, namespace_of, text
from flux_cli.kinds._model import NAME, STATUS, Column, Kind, Names, Need, local_time, secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

SCANNED = Column("Last scan", lambda obj: local_time(text(obj, "status.lastScanResult.scanTime")))


def needs(obj: Object) -> Iterable[Need]:
    yield from secrets(obj, "spec.secretRef", "spec.certSecretRef", "spec.proxySecretRef")
    account = text(obj, "spec.serviceAccountName")
    if account:
        yield Need("serviceaccount", Ref("ServiceAccount", namespace_of(obj), account), "spec.serviceAccountName")


KIND = Kind(
    resource=Resource(
        "image.toolkit.fluxcd.io", "v1", "imagerepositories", "ImageRepository", older=("v1beta2", "v1beta1", "v1alpha2")
    ),
    names=Names("repository", "repository", "image repository", group="image", aliases=("imagerepo", "imagerepository")),
    controller="image-reflector-controller",
    columns=(NAME, SCANNED, *STATUS),
    done=lambda obj: f"scan fetched {dig(obj, 'status.lastScanResult.tagCount', 0)} tags",
    needs=needs,
)
