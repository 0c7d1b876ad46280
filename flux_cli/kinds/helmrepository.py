"""HelmRepository: an index of charts, or a registry that holds them."""

from __future__ import annotations

from flux_cli.core.api import Resource
from flux_cli.core.objects import Object, condition, text
from flux_cli.core.text import shorten
from flux_cli.kinds._model import (
    NAME,
    REVISION,
    SUSPENDED,
    Column,
    Kind,
    Names,
    Need,
    artifact_revision,
    fetched,
    message,
    ready,
    secrets,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

SENTENCE = "Helm repository is Ready"


def is_oci(obj: Object) -> bool:
    """Such a repository is only an address: the controller writes no status to it."""
    return text(obj, "spec.type") == "oci"


def done(obj: Object) -> str:
    """An address has nothing fetched; what the Go CLI says then is a message that nobody writes."""
    return text(condition(obj), "message") if is_oci(obj) else fetched(obj)


def needs(obj: Object) -> Iterable[Need]:
    return secrets(obj, "spec.secretRef", "spec.certSecretRef")


KIND = Kind(
    resource=Resource("source.toolkit.fluxcd.io", "v1", "helmrepositories", "HelmRepository", older=("v1beta2", "v1beta1")),
    names=Names("helm", "helm", "source helm", group="source", aliases=("helmrepo", "helmrepository")),
    controller="source-controller",
    columns=(
        NAME,
        REVISION,
        SUSPENDED,
        Column("Ready", lambda obj: "True" if is_oci(obj) else ready(obj)),
        Column("Message", lambda obj: SENTENCE if is_oci(obj) else shorten(message(obj))),
    ),
    revision=artifact_revision,
    done=done,
    static=is_oci,
    static_text=SENTENCE,
    needs=needs,
    reconcilable=lambda obj: not is_oci(obj),
)
