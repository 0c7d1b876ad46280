"""ImagePolicy: which tag of an image repository is wanted."""

from __future__ import annotations

from flux_cli.core.api import Resource
from flux_cli.core.objects import Object, text
from flux_cli.kinds._model import MESSAGE, NAME, READY, Column, Kind, Names, Need, need

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def latest(obj: Object) -> str:
    """``name:tag@digest`` of the image that the policy selected."""
    digest = text(obj, "status.latestRef.digest")
    chosen = f"{text(obj, 'status.latestRef.name')}:{text(obj, 'status.latestRef.tag')}"
    return f"{chosen}@{digest}" if digest else chosen


def needs(obj: Object) -> Iterable[Need]:
    return need(obj, "image", "spec.imageRepositoryRef", "ImageRepository")


KIND = Kind(
    resource=Resource("image.toolkit.fluxcd.io", "v1", "imagepolicies", "ImagePolicy", older=("v1beta2", "v1beta1", "v1alpha2")),
    names=Names("policy", "policy", "image policy", group="image", aliases=("imagepolicy",)),
    controller="image-reflector-controller",
    columns=(
        NAME,
        Column("Image", lambda obj: text(obj, "status.latestRef.name")),
        Column("Tag", lambda obj: text(obj, "status.latestRef.tag")),
        READY,
        MESSAGE,
    ),
    revision=lambda obj: text(obj, "status.latestRef.tag"),
    done=lambda obj: f"selected ref {latest(obj)}",
    needs=needs,
)
