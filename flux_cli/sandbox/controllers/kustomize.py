"""Kustomization: applies what its source holds, as far as the scenario or a folder on this machine says what that is."""

from flux_cli.core import durations
from flux_cli.core.errors import ApiError, NoMatch, NotFound
from flux_cli.core.objects import Object, Ref, dig, items, name_of, namespace_of, text
from flux_cli.kinds import named
from flux_cli.sandbox.controllers._loop import FINALIZER, Desk
from flux_cli.sandbox.controllers._needs import dependencies_ready, find
from flux_cli.sandbox.controllers._outcome import Condition, Failure, Line, Note, Outcome, Waiting, ready
from flux_cli.sandbox.controllers.folder import manifests_at
from flux_cli.sandbox.controllers.health import Health
from flux_cli.sandbox.stamps import now

MANAGER = "kustomize-controller"
# What is applied first.
ORDER = (
    "CustomResourceDefinition",
    "Namespace",
    "ClusterRole",
    "ClusterRoleBinding",
    "ResourceQuota",
    "LimitRange",
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "ConfigMap",
    "Secret",
    "Service",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "Job",
    "CronJob",
)
OWNER = "kustomize.toolkit.fluxcd.io"


class Kustomization:
    """Source, dependencies, build, apply, prune."""

    kind = named("Kustomization")
    static = False
    work = "Fetching manifests"
    ready_work = "Reconciliation in progress"
    failing = "Building manifests"

    def __init__(self) -> None:
        self._health = Health()

    def reconcile(self, desk: Desk, obj: Object) -> Outcome:
        source = self._source(desk, obj)
        dependencies_ready(desk, self.kind, obj, "30s")
        self._secrets(desk, obj)
        revision = text(source, "status.artifact.revision")
        attempted: Object = {"lastAttemptedRevision": revision}
        changes: dict[str, str] = {}
        built = self._build(desk, obj, source)
        if built is None:  # nobody says what is in the source: what was applied stays
            entries = items(obj, "status.inventory.entries")
        else:
            entries, changes = self._apply(desk, obj, built, attempted)
        applied = attempted | {"inventory": {"entries": entries}}
        refs = [Ref(kind, namespace, name) for namespace, name, _, kind in map(entry_parts, (e["id"] for e in entries))]
        marks = {f"{OWNER}/revision": revision}
        told = (
            [Note("Progressing", "\n".join(f"{ref} {did}" for ref, did in changes.items()), annotations=marks)] if changes else []
        )
        pending = self._health.pending(desk, obj, refs, applied)
        if pending:
            return pending._replace(notes=tuple(told))
        status = applied | {"lastAppliedRevision": revision, "history": _history(obj, revision)}
        said = ready("ReconciliationSucceeded", f"Applied revision: {revision}")
        if dig(obj, "spec.wait") is True or items(obj, "spec.healthChecks"):
            said = (*said, Condition("Healthy", "True", "Succeeded", "Health check passed in 30.1ms"))
            told.append(Note("Progressing", "Health check passed in 30.1ms", annotations=marks))
        done = f"Reconciliation finished in 32.1ms, next run in {every(obj)}"
        told.append(Note("ReconciliationSucceeded", done, annotations=marks))
        lines = (Line("server-side apply completed", fields={"output": changes, "revision": revision}),) if entries else ()
        return Outcome(said, True, status, tuple(told), lines)

    def _source(self, desk: Desk, obj: Object) -> Object:
        ref = self.kind.source(obj) if self.kind.source else None
        found = find(desk, ref) if ref else None
        if ref is None or found is None:
            known = ref is not None and ref.kind in ("GitRepository", "OCIRepository", "Bucket", "ExternalArtifact")
            resource = named(ref.kind).resource.name if ref and known else ""
            said = f'{resource} "{ref.name if ref else ""}" not found'
            raise Waiting("ArtifactFailed", said, f"Source '{ref}' not found")
        if not dig(found, "status.artifact"):
            said = "Source artifact not found, retrying in 30s"
            raise Waiting("ArtifactFailed", said, said)
        return found

    def _secrets(self, desk: Desk, obj: Object) -> None:
        """What a build needs besides the source; the first that is missing ends it."""
        for need in self.kind.needs(obj):
            if need.role not in ("secret", "configmap", "kubeconfig") or need.optional:
                continue
            resource = desk.cluster.resolve("v1", need.ref.kind)
            try:
                desk.cluster.get(resource, need.ref.namespace, need.ref.name)
            except NotFound as err:
                where = f"{need.ref.namespace}/{need.ref.name}"
                if need.role == "kubeconfig":
                    raise Failure("ReconciliationFailed", f"unable to read KubeConfig secret '{where}' error: {err}") from None
                if "decryption" in need.field:
                    raise Failure("BuildFailed", f"cannot get sops decryption Secret '{where}': {err}") from None
                said = f"post build failed for '{name_of(obj)}': substitute from '{need.ref.kind}/{need.ref.name}' error: {err}"
                raise Failure("BuildFailed", said) from None

    def _build(self, desk: Desk, obj: Object, source: Object) -> list[Object] | None:
        built = desk.world.manifests(namespace_of(obj), name_of(obj))
        folder = desk.world.folder(text(source, "spec.url"))
        return manifests_at(folder, text(obj, "spec.path")) if built is None and folder else built

    def _apply(self, desk: Desk, obj: Object, built: list[Object], attempted: Object) -> tuple[list[Object], dict[str, str]]:
        """Apply all, then remove what an earlier revision applied and this one has not; the inventory, and what changed."""
        entries, changes = [], {}
        for manifest in sorted(
            built, key=lambda manifest: ORDER.index(manifest["kind"]) if manifest["kind"] in ORDER else len(ORDER)
        ):
            ready_made = self._labelled(obj, manifest)
            ref, group, did = self._apply_one(desk, ready_made, attempted)
            entries.append(
                {"id": entry_id(ref.namespace, ref.name, group, ref.kind), "v": ready_made["apiVersion"].rpartition("/")[2]}
            )
            if did != "unchanged":
                changes[str(ref)] = did
        kept = {entry["id"] for entry in entries}
        gone = [entry for entry in items(obj, "status.inventory.entries") if text(entry, "id") not in kept]
        if dig(obj, "spec.prune") is True:
            for ref in prune(desk, gone):
                changes[str(ref)] = "deleted"
        return sorted(entries, key=lambda entry: entry["id"]), changes

    def _labelled(self, obj: Object, manifest: Object) -> Object:
        metadata = dict(manifest["metadata"])
        target = text(obj, "spec.targetNamespace")
        if target:  # dropped again where the kind has no namespace
            metadata["namespace"] = target
        metadata["labels"] = (metadata.get("labels") or {}) | {
            f"{OWNER}/name": name_of(obj),
            f"{OWNER}/namespace": namespace_of(obj),
        }
        return manifest | {"metadata": metadata}

    def _apply_one(self, desk: Desk, manifest: Object, attempted: Object) -> tuple[Ref, str, str]:
        try:
            resource = desk.cluster.resolve(manifest["apiVersion"], manifest["kind"])
        except NoMatch as err:
            raise Failure("ReconciliationFailed", str(err), status=attempted) from None
        namespace = (namespace_of(manifest) or "default") if resource.namespaced else ""
        ref = Ref(manifest["kind"], namespace, name_of(manifest))
        try:
            before = desk.cluster.get(resource, namespace, ref.name)
        except NotFound:
            before = {}
        try:
            after = desk.cluster.apply(resource, namespace, manifest, field_manager=MANAGER, force=True)
        except NotFound as err:
            raise Failure("ReconciliationFailed", f"{ref} not found: {err}\n", status=attempted) from None
        except ApiError as err:
            raise Failure("ReconciliationFailed", f"{ref} dry-run failed ({err.reason}): {err}\n", status=attempted) from None
        same = text(before, "metadata.resourceVersion") == text(after, "metadata.resourceVersion")
        return ref, resource.group, "unchanged" if same else "configured" if before else "created"

    def clean_up(self, desk: Desk, obj: Object) -> None:
        """A deleted Kustomization takes along what it applied, where it prunes."""
        if dig(obj, "spec.prune") is True and FINALIZER in items(obj, "metadata.finalizers"):
            prune(desk, items(obj, "status.inventory.entries"))


def prune(desk: Desk, entries: list[Object]) -> list[Ref]:
    """Delete what these entries of an inventory name; what was."""
    gone = []
    for entry in entries:
        namespace, name, group, kind = entry_parts(text(entry, "id"))
        version = text(entry, "v")
        try:
            resource = desk.cluster.resolve(f"{group}/{version}" if group else version, kind)
            desk.cluster.delete(resource, namespace, name)
            gone.append(Ref(resource.kind, namespace, name))
        except ApiError:
            continue  # not there any more, or not for us to remove
    return gone


def entry_id(namespace: str, name: str, group: str, kind: str) -> str:
    """How an inventory names an object: ``namespace_name_group_kind``, a colon in the name as two underscores."""
    return f"{namespace}_{name.replace(':', '__')}_{group}_{kind}"


def entry_parts(id: str) -> tuple[str, str, str, str]:
    """(namespace, name, group, kind) of an inventory's entry."""
    namespace, _, rest = id.partition("_")
    rest, _, kind = rest.rpartition("_")
    name, _, group = rest.rpartition("_")
    return namespace, name.replace("__", ":"), group, kind


def every(obj: Object) -> str:
    """The interval, as Go writes it."""
    try:
        return durations.format(durations.parse(text(obj, "spec.interval") or "10m"))
    except ValueError:
        return "10m0s"


def _history(obj: Object, revision: str) -> list[Object]:
    """One entry a content; the newest first, five at most."""
    import hashlib

    digest = "sha256:" + hashlib.sha256(f"{text(obj, 'spec.path')}{revision}".encode()).hexdigest()
    known, at = items(obj, "status.history"), now()
    same: Object = next((h for h in known if text(h, "digest") == digest), {})
    entry = {
        "digest": digest,
        "firstReconciled": text(same, "firstReconciled") or at,
        "lastReconciled": at,
        "lastReconciledDuration": "32.1ms",
        "lastReconciledStatus": "ReconciliationSucceeded",
        "metadata": {"revision": revision},
        "totalReconciliations": dig(same, "totalReconciliations", 0) + 1,
    }
    return [entry, *(h for h in known if h is not same)][:5]


CONTROLLERS = [Kustomization()]
