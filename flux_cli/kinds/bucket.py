"""Bucket: files of an object store as a source."""

from __future__ import annotations

from flux_cli.core.api import Resource
from flux_cli.core.objects import Object
from flux_cli.kinds._model import SOURCE_COLUMNS, Kind, Names, Need, artifact_revision, fetched, secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def needs(obj: Object) -> Iterable[Need]:
    return secrets(
        obj, "spec.secretRef", "spec.certSecretRef", "spec.proxySecretRef", "spec.sts.secretRef", "spec.sts.certSecretRef"
    )


KIND = Kind(
    resource=Resource("source.toolkit.fluxcd.io", "v1", "buckets", "Bucket", older=("v1beta2", "v1beta1")),
    names=Names("bucket", "bucket", "source bucket", group="source"),
    controller="source-controller",
    columns=SOURCE_COLUMNS,
    revision=artifact_revision,
    done=fetched,
    needs=needs,
)
