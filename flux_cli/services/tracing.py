"""``trace``: from an object to the Kustomization or HelmRelease that manages it, and on to where its manifests come from.

The report is data: blocks of (label, value) with the width of their label column, which differs between blocks in the Go CLI.
"""

from __future__ import annotations

from flux_cli import kinds
from flux_cli.core.api import Cluster
from flux_cli.core.errors import ApiError, FluxError, Unreachable
from flux_cli.core.objects import Object, condition, dig, items, labels, name_of, namespace_of, text
from flux_cli.core.parallel import side_by_side
from flux_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

KUSTOMIZE, HELM = "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io"
_ORIGIN = (("Origin Revision", "org.opencontainers.image.revision"), ("Origin Source", "org.opencontainers.image.source"))
_KUSTOMIZATION_SOURCES = ("GitRepository", "OCIRepository", "ExternalArtifact")


class NotManaged(FluxError):
    """Nothing says that Flux made the object."""

    def __init__(self) -> None:
        super().__init__("object not managed by Flux")


class Block(Record):
    """Lines of one object; a line without a label is empty. ``subject`` is the object as it was read."""

    width: int
    lines: list[tuple[str, str]]
    subject: Object


def trace(cluster: Cluster, obj: Object) -> list[Block]:
    """The report on one object. Raises NotManaged, and FluxError when what manages it cannot be read."""
    fetched: dict[tuple[str, str, str], Object | None] = {}
    name, namespace = _manager(cluster, obj, KUSTOMIZE, fetched)
    if name:
        return [_object(obj, 17), *_kustomization(cluster, namespace, name)]
    name, namespace = _manager(cluster, obj, HELM, fetched)
    if name:
        return [_object(obj, 16), *_helm_release(cluster, namespace, name)]
    raise NotManaged


def _manager(cluster: Cluster, obj: Object, group: str, fetched: dict[tuple[str, str, str], Object | None]) -> tuple[str, str]:
    """(name, namespace) of what manages the object or an owner of it; the first owner that has owners itself decides."""
    found = labels(obj)
    if found.get(f"{group}/name"):
        return str(found[f"{group}/name"]), str(found.get(f"{group}/namespace", ""))
    for reference in items(obj, "metadata.ownerReferences"):
        owner = _owner(cluster, reference, namespace_of(obj), fetched)
        if owner is None:
            return "", ""
        found = labels(owner)
        if found.get(f"{group}/name"):
            return str(found[f"{group}/name"]), str(found.get(f"{group}/namespace", ""))
        if items(owner, "metadata.ownerReferences"):
            return _manager(cluster, owner, group, fetched)
    return "", ""


def _owner(
    cluster: Cluster, reference: Object, namespace: str, fetched: dict[tuple[str, str, str], Object | None]
) -> Object | None:
    """The owner, asked for once; None where it cannot be read."""
    key = (text(reference, "apiVersion"), text(reference, "kind"), text(reference, "name"))
    if key not in fetched:
        fetched[key] = None  # also ends a circle of owners
        try:
            resource = cluster.resolve(key[0], key[1])
            fetched[key] = cluster.get(resource, namespace if resource.namespaced else "", key[2], metadata_only=True)
        except (ApiError, Unreachable):
            return None
    return fetched[key]


def _kustomization(cluster: Cluster, namespace: str, name: str) -> list[Block]:
    obj = _find(cluster, "Kustomization", namespace, name, "kustomization")
    lines = [("Kustomization", name_of(obj)), ("Namespace", namespace_of(obj))]
    lines += _given("Target", text(obj, "spec.targetNamespace"))
    lines += [("Path", text(obj, "spec.path")), ("Revision", text(obj, "status.lastAppliedRevision")), *_status(obj)]
    kind = text(obj, "spec.sourceRef.kind")
    blocks = [Block(17, lines, obj)]
    if kind in _KUSTOMIZATION_SOURCES:
        source = _find(
            cluster, kind, text(obj, "spec.sourceRef.namespace") or namespace_of(obj), text(obj, "spec.sourceRef.name")
        )
        blocks.append(_SOURCES[kind](source, 17, True))
    return blocks


def _helm_release(cluster: Cluster, namespace: str, name: str) -> list[Block]:
    obj = _find(cluster, "HelmRelease", namespace, name)
    lines = [("HelmRelease", name_of(obj)), ("Namespace", namespace_of(obj))]
    lines += _given("Target", text(obj, "spec.targetNamespace"))
    lines += [("Revision", text(obj, "status.lastAttemptedRevision")), *_status(obj)]
    calls: list[Callable[[], Block]] = []
    chart_namespace, _, chart = text(obj, "status.helmChart").partition("/")
    if chart_namespace:
        calls.append(lambda: _chart(_find(cluster, "HelmChart", chart_namespace, chart)))
    kind, ref = _helm_source(obj)
    if kind:
        width = {"GitRepository": 15, "HelmRepository": 16}.get(kind, 17)
        where = text(ref, "namespace") or namespace_of(obj)
        calls.append(lambda: _SOURCES[kind](_find(cluster, kind, where, text(ref, "name")), width, False))
    blocks = [Block(16, lines, obj)]
    for found in side_by_side(calls):
        if isinstance(found, Exception):
            raise found
        blocks.append(found)
    return blocks


def _helm_source(obj: Object) -> tuple[str, Object]:
    """The kind that has a block and the reference to it, or nothing."""
    if dig(obj, "spec.chart") is None:
        ref, shown = dig(obj, "spec.chartRef", {}), ("OCIRepository", "ExternalArtifact")
    else:
        ref, shown = dig(obj, "spec.chart.spec.sourceRef", {}), ("GitRepository", "HelmRepository")
    kind = text(ref, "kind")
    return (kind if kind in shown else ""), ref


def _find(cluster: Cluster, kind: str, namespace: str, name: str, called: str = "") -> Object:
    try:
        return cluster.get(kinds.named(kind).resource, namespace, name)
    except ApiError as err:
        raise FluxError(f"failed to find {called or kind}: {err}") from err


def _object(obj: Object, width: int) -> Block:
    lines = [("Object", f"{text(obj, 'kind')}/{name_of(obj)}"), *_given("Namespace", namespace_of(obj))]
    return Block(width, [*lines, ("Status", "Managed by Flux")], obj)


def _given(label: str, value: str) -> list[tuple[str, str]]:
    return [(label, value)] if value else []


def _status(obj: Object, *, tells_failure: bool = False) -> list[tuple[str, str]]:
    """When it was last reconciled. Only some blocks say that it failed."""
    ready = condition(obj)
    if ready is None:
        return [("Status", "Unknown")]
    failed = tells_failure and text(ready, "status") == "False"
    when = _time(text(ready, "lastTransitionTime"))
    return [
        ("Status", f"Last {'reconciliation failed' if failed else 'reconciled'} at {when}"),
        ("Message", text(ready, "message")),
    ]


def _time(stamp: str) -> str:
    """Go's Time.String() in the local zone."""
    from flux_cli.core import rfc3339

    local = rfc3339.local(stamp)
    if local is None:
        return "0001-01-01 00:00:00 +0000 UTC"
    fraction = f".{local.microsecond:06}".rstrip("0") if local.microsecond else ""
    return local.strftime("%Y-%m-%d %H:%M:%S") + fraction + local.strftime(" %z %Z")


def _revision(obj: Object, origin: bool) -> list[tuple[str, str]]:
    """The artifact's revision, and for a Kustomization where it was made; a key that is missing leaves an empty line."""
    if dig(obj, "status.artifact") is None:
        return []
    metadata: Mapping[str, object] = dig(obj, "status.artifact.metadata", {}) if origin else {}
    lines = [("Revision", text(obj, "status.artifact.revision"))]
    if metadata:
        lines += [(label, str(metadata[key])) if metadata.get(key) else ("", "") for label, key in _ORIGIN]
    return lines


def _first(obj: Object, fields: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The first of the reference's fields that is set."""
    return next(([(label, text(obj, f"spec.ref.{key}"))] for label, key in fields if text(obj, f"spec.ref.{key}")), [])


def _chart(obj: Object) -> Block:
    lines = [("HelmChart", name_of(obj)), ("Namespace", namespace_of(obj)), ("Chart", text(obj, "spec.chart"))]
    return Block(16, [*lines, ("Version", text(obj, "spec.version")), *_revision(obj, False), *_status(obj)], obj)


def _helm_repository(obj: Object, width: int, _: bool) -> Block:
    lines = [("HelmRepository", name_of(obj)), ("Namespace", namespace_of(obj)), ("URL", text(obj, "spec.url"))]
    return Block(width, [*lines, *_revision(obj, False), *_status(obj)], obj)


def _git_repository(obj: Object, width: int, _: bool) -> Block:
    lines = [("GitRepository", name_of(obj)), ("Namespace", namespace_of(obj)), ("URL", text(obj, "spec.url"))]
    lines += _first(obj, (("Tag", "tag"), ("Tag", "semver"), ("Branch", "branch")))
    return Block(width, [*lines, *_revision(obj, False), *_status(obj, tells_failure=True)], obj)


def _oci_repository(obj: Object, width: int, origin: bool) -> Block:
    lines = [("OCIRepository", name_of(obj)), ("Namespace", namespace_of(obj)), ("URL", text(obj, "spec.url"))]
    lines += _first(obj, (("Tag", "tag"), ("Tag", "semver"), ("Digest", "digest")))
    return Block(width, [*lines, *_revision(obj, origin), *_status(obj, tells_failure=True)], obj)


def _external_artifact(obj: Object, width: int, origin: bool) -> Block:
    if dig(obj, "spec.sourceRef") is None:
        raise FluxError(f"ExternalArtifact {namespace_of(obj)}/{name_of(obj)} is missing spec.sourceRef")
    source = "/".join(text(obj, f"spec.sourceRef.{key}") for key in ("kind", "namespace", "name"))
    lines = [("ExternalArtifact", name_of(obj)), ("Namespace", namespace_of(obj)), ("Source", source)]
    return Block(width, [*lines, *_revision(obj, origin), *_status(obj, tells_failure=True)], obj)


_SOURCES: dict[str, Callable[[Object, int, bool], Block]] = {
    "GitRepository": _git_repository,
    "HelmRepository": _helm_repository,
    "OCIRepository": _oci_repository,
    "ExternalArtifact": _external_artifact,
}
