"""Objects as they would be written by hand: what ``export`` prints and what a Git repository should hold."""

from __future__ import annotations

from flux_cli.core.api import ALL, SECRET, Cluster
from flux_cli.core.errors import ApiError, FluxError, Forbidden, NoMatch
from flux_cli.core.objects import Object, dig, namespace_of, text
from flux_cli.kinds import Kind, every
from flux_cli.kinds.schemas import typed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_CREDENTIALS = frozenset({"GitRepository", "OCIRepository", "Bucket", "HelmRepository"})


def exported(kind: Kind, obj: Object) -> Object:
    """The object without what the cluster added: no status, no server metadata, no defaults that Go's types leave out."""
    return {
        "apiVersion": text(obj, "apiVersion") or kind.resource.api_version,  # an older cluster serves an older one
        "kind": kind.kind,
        "metadata": _metadata(obj),
        "spec": typed(kind.kind, "spec", obj.get("spec")),
    }


def _metadata(obj: Object) -> Object:
    meta: Object = {"name": text(obj, "metadata.name"), "namespace": namespace_of(obj)}
    for key in ("labels", "annotations"):
        found = dig(obj, f"metadata.{key}", {})
        if isinstance(found, dict) and found:
            meta[key] = found
    return {key: value for key, value in meta.items() if value}


def export_one(cluster: Cluster, kind: Kind, namespace: str, name: str) -> Object:
    return exported(kind, cluster.get(kind.resource, namespace, name))


def export_all(cluster: Cluster, kind: Kind, namespace: str) -> list[Object]:
    """All objects of a kind in a namespace (``ALL``: everywhere), in the server's order. Raises FluxError where there are
    none."""
    found = cluster.list(kind.resource, namespace).items
    if not found:
        where = f"{namespace} namespace" if namespace else "any namespace"
        raise FluxError(f"no objects found in {where}")
    return [exported(kind, obj) for obj in found]


def credentials(cluster: Cluster, kind: Kind, obj: Object) -> Object | None:
    """The Secret that a source authenticates with, as it is stored; None where the object names none.

    Raises FluxError with the Go CLI's message where it cannot be read.
    """
    name = text(obj, "spec.secretRef.name")
    if kind.kind not in _CREDENTIALS or not name:
        return None
    try:
        secret = cluster.get(SECRET, namespace_of(obj), name)
    except ApiError as err:
        raise FluxError(f"failed to retrieve secret {name}, error: {err}") from err
    out: Object = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": namespace_of(obj)}}
    if dig(secret, "data", {}):
        out["data"] = secret["data"]
    if text(secret, "type"):
        out["type"] = secret["type"]
    return out


def everything(cluster: Cluster, namespace: str, notes: list[str]) -> Iterator[tuple[Kind, Object]]:
    """Objects of every kind, kind by kind; what may not be read or is not served becomes a line of ``notes``."""
    from flux_cli.core.parallel import later, side_by_side

    kinds = [kind for kind in every() if "export" in kind.verbs]
    answers = side_by_side([later(cluster.list, kind.resource, namespace or ALL) for kind in kinds])
    for kind, answer in zip(kinds, answers, strict=True):
        if isinstance(answer, NoMatch):
            continue
        if isinstance(answer, Forbidden):
            notes.append(f"{kind.resource.plural} could not be read: {answer}")
        elif isinstance(answer, Exception):
            raise answer
        else:
            yield from ((kind, exported(kind, obj)) for obj in answer.items)
