"""A tenant: its namespaces, the account that reconciles in them, and what that account may do."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from flux_cli.core.api import NAMESPACE, SERVICE_ACCOUNT, Cluster, Resource
from flux_cli.core.errors import NotFound, UsageError
from flux_cli.core.kubenames import qualified_name
from flux_cli.core.objects import Object, labels, name_of, namespace_of
from flux_cli.services.aftermath import Telling
from flux_cli.services.creating.shape import parse_labels

ROLE_BINDING = Resource("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding")
_RBAC = "rbac.authorization.k8s.io"


class Part(NamedTuple):
    """One object of a tenant; ``title`` is how progress names it."""

    title: str
    resource: Resource
    object: Object


def tenant(
    name: str, *, namespaces: Sequence[str], cluster_role: str, account: str, skip_namespace: bool, label_pairs: Sequence[str]
) -> list[Part]:
    """The objects, namespace by namespace. Raises UsageError."""
    if wrong := qualified_name(name):
        raise UsageError(f"invalid tenant name '{name}': [{' '.join(wrong)}]")
    if not cluster_role:
        raise UsageError("cluster-role is required")
    if not namespaces:
        raise UsageError("with-namespace is required")
    for namespace in namespaces:
        if wrong := qualified_name(namespace):
            raise UsageError(f"invalid namespace '{namespace}': [{' '.join(wrong)}]")
    if account and (wrong := qualified_name(account)):
        raise UsageError(f"invalid service-account name '{account}': [{' '.join(wrong)}]")
    marks = parse_labels(label_pairs) | {"toolkit.fluxcd.io/tenant": name}
    return [
        part for namespace in namespaces for part in _parts(name, namespace, account or name, cluster_role, marks, skip_namespace)
    ]


def _parts(tenant: str, namespace: str, account: str, role: str, marks: dict[str, str], skip_namespace: bool) -> Iterator[Part]:
    where = {"namespace": namespace, "labels": marks}
    if not skip_namespace:
        obj: Object = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "labels": marks}}
        yield Part(f"namespace {namespace}", NAMESPACE, obj)
    obj = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": account, **where}}
    yield Part(f"service account {account}", SERVICE_ACCOUNT, obj)
    user = {"apiGroup": _RBAC, "kind": "User", "name": f"gotk:{namespace}:reconciler"}
    obj = {
        "apiVersion": ROLE_BINDING.api_version, "kind": "RoleBinding", "metadata": {"name": f"{tenant}-reconciler", **where},
        "roleRef": {"apiGroup": _RBAC, "kind": "ClusterRole", "name": role},
        "subjects": [user, {"kind": "ServiceAccount", "name": account, "namespace": namespace}],
    }  # fmt: skip
    yield Part(f"role binding {tenant}-reconciler", ROLE_BINDING, obj)


def put(cluster: Cluster, part: Part) -> bool:
    """Create it, or bring what is there in line: labels of namespaces and accounts; a role binding is made anew.

    Returns whether it is new.
    """
    wanted = part.object
    namespace, name = namespace_of(wanted), name_of(wanted)
    try:
        found: Object | None = cluster.get(part.resource, namespace, name)
    except NotFound:
        found = None
    with Telling(cluster, part.resource, wanted, found):
        if found is None:
            cluster.create(part.resource, namespace, wanted)
        elif part.resource is not ROLE_BINDING:
            if not labels(wanted).items() <= labels(found).items():
                cluster.update(part.resource, namespace, {**found, "metadata": {**found["metadata"], "labels": labels(wanted)}})
        elif _differs(found, wanted):
            cluster.delete(part.resource, namespace, name)  # the role of a binding cannot be changed
            cluster.create(part.resource, namespace, wanted)
    return found is None


def _differs(found: Object, wanted: Object) -> bool:
    """The server fills in nothing that we leave out, but for the empty API group of accounts."""
    subjects = [{k: v for k, v in entry.items() if v} for entry in found.get("subjects") or []]
    return (
        subjects != wanted["subjects"]
        or found.get("roleRef") != wanted["roleRef"]
        or not labels(wanted).items() <= labels(found).items()
    )
