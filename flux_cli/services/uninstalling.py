"""Take Flux off a cluster: controllers, finalizers, definitions, namespace, in the Go CLI's order. What Flux deployed stays.

Once begun it goes on to the end: what fails is told and the rest still done, so that a second run finishes the work.
"""

from collections.abc import Iterator
from typing import NamedTuple

from flux_cli import kinds
from flux_cli.core.api import CRD, DEPLOYMENT, NAMESPACE, SERVICE, SERVICE_ACCOUNT, Cluster, Resource
from flux_cli.core.app import Clock, Log
from flux_cli.core.errors import ApiError, Conflict, FluxError, NotFound
from flux_cli.core.objects import Object, dig, name_of, namespace_of, text

SELECTOR = "app.kubernetes.io/part-of=flux"
NETWORK_POLICY = Resource("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy")
CLUSTER_ROLE = Resource("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", namespaced=False)
CLUSTER_ROLE_BINDING = Resource("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", namespaced=False)
_COMPONENTS = (DEPLOYMENT, SERVICE, NETWORK_POLICY, SERVICE_ACCOUNT, CLUSTER_ROLE, CLUSTER_ROLE_BINDING)
_FINALIZED = (
    "GitRepository", "OCIRepository", "HelmRepository", "HelmChart", "Bucket", "Kustomization", "HelmRelease", "Alert",
    "Provider", "Receiver", "ImagePolicy", "ImageRepository", "ImageUpdateAutomation", "ArtifactGenerator",
)  # fmt: skip
_TRIES = 5


class _Run(NamedTuple):
    cluster: Cluster
    clock: Clock
    log: Log
    dry_run: bool

    @property
    def suffix(self) -> str:
        """What the Go CLI writes after "deleted": the line of a real run ends with a blank."""
        return "(dry run)" if self.dry_run else ""


def uninstall(cluster: Cluster, clock: Clock, log: Log, namespace: str, *, dry_run: bool, keep_namespace: bool) -> None:
    """Never raises for a single object: its failure is a line, as in the Go CLI."""
    run = _Run(cluster, clock, log, dry_run)
    log.action(f"deleting components in {namespace} namespace")
    for resource in _COMPONENTS:
        for obj in _listed(run, resource, namespace if resource.namespaced else "", SELECTOR):
            _delete(run, resource, obj)
    log.action("deleting toolkit.fluxcd.io finalizers in all namespaces")
    for kind in _FINALIZED:
        resource = kinds.named(kind).resource
        for obj in _listed(run, resource):
            _release(run, resource, obj)
    log.action("deleting toolkit.fluxcd.io custom resource definitions")
    for obj in _listed(run, CRD, labels=SELECTOR):
        _delete(run, CRD, obj)
    if not dry_run:
        _sweep(run)
    if not keep_namespace:
        _delete(run, NAMESPACE, {"metadata": {"name": namespace}})
    log.success("uninstall finished")


def _listed(run: _Run, resource: Resource, namespace: str = "", labels: str = "") -> list[Object]:
    """A kind that is not served, or may not be listed, has no objects here; the Go CLI says nothing about it either."""
    try:
        return run.cluster.list(resource, namespace, labels=labels).items
    except FluxError:
        return []


def _id(resource: Resource, obj: Object) -> str:
    return "/".join(part for part in (resource.kind, namespace_of(obj), name_of(obj)) if part)


def _delete(run: _Run, resource: Resource, obj: Object) -> None:
    try:
        run.cluster.delete(resource, namespace_of(obj), name_of(obj), dry_run=run.dry_run)
    except FluxError as err:
        run.log.failure(f"{_id(resource, obj)} deletion failed: {err}")
    else:
        run.log.success(f"{_id(resource, obj)} deleted {run.suffix}")


def _release(run: _Run, resource: Resource, obj: Object) -> None:
    """Write the object without finalizers. A controller that is just ending may write as well: then once more, on its version."""
    try:
        _retried(run, resource, obj)
    except FluxError as err:
        run.log.failure(f"{_id(resource, obj)} removing finalizers failed: {err}")
    else:
        run.log.success(f"{_id(resource, obj)} finalizers deleted {run.suffix}")


def _retried(run: _Run, resource: Resource, obj: Object) -> None:
    for attempt in range(_TRIES):
        metadata = {key: value for key, value in obj["metadata"].items() if key != "finalizers"}
        bare = {"apiVersion": resource.api_version, "kind": resource.kind, **obj, "metadata": metadata}
        try:
            run.cluster.update(resource, namespace_of(obj), bare, dry_run=run.dry_run)
            return
        except Conflict:
            if attempt + 1 == _TRIES:
                raise
        obj = run.cluster.get(resource, namespace_of(obj), name_of(obj))


def _sweep(run: _Run) -> None:
    """Objects that got their finalizer back meanwhile would keep definition and namespace from ending: free them, too."""
    for attempt in range(_TRIES):
        stuck = list(_stuck(run))
        if not stuck:
            return
        if attempt:
            run.clock.sleep(1)
        for resource, obj in stuck:
            try:
                _retried(run, resource, obj)
            except NotFound:
                continue
            except ApiError as err:
                if attempt + 1 == _TRIES:
                    run.log.failure(f"{_id(resource, obj)} removing finalizers failed: {err}")


def _stuck(run: _Run) -> Iterator[tuple[Resource, Object]]:
    """Flux' objects that are being deleted and cannot go."""
    for kind in (*_FINALIZED, "ExternalArtifact"):
        resource = kinds.named(kind).resource
        for obj in _listed(run, resource):
            if text(obj, "metadata.deletionTimestamp") and dig(obj, "metadata.finalizers"):
                yield resource, obj


def ask(manager: str) -> str:
    """The question before it begins."""
    if manager and manager != "flux":
        return f"Flux is managed by {manager}! Are you sure you want to delete Flux and its CRDs using Flux CLI"
    return "Are you sure you want to delete Flux and its custom resource definitions"
