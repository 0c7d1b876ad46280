"""ArtifactGenerator, and the ExternalArtifacts that it makes."""

from flux_cli.core.errors import Conflict, NotFound
from flux_cli.core.objects import Object, dig, items, name_of, namespace_of, text
from flux_cli.kinds import named
from flux_cli.sandbox.controllers._loop import Desk
from flux_cli.sandbox.controllers._needs import find
from flux_cli.sandbox.controllers._outcome import Failure, Note, Outcome, conditions, ready
from flux_cli.sandbox.controllers.notifications import Static
from flux_cli.sandbox.controllers.sources import stored
from flux_cli.sandbox.stamps import now

LABEL = "source.extensions.fluxcd.io/generator"


class ArtifactGenerator:
    """One ExternalArtifact for each entry, of the revisions that its sources are at."""

    kind = named("ArtifactGenerator")
    static = False
    work = "reconciliation in progress"
    ready_work = "reconciliation in progress"
    failing = "reconciliation in progress"

    def reconcile(self, desk: Desk, obj: Object) -> Outcome:
        revisions = []
        for need in self.kind.needs(obj):
            source = find(desk, need.ref)
            if source is None:
                group = named(need.ref.kind).resource.group
                raise Failure("SourceFetchFailed", f'get sources failed: {need.ref.kind}.{group} "{need.ref.name}" not found')
            if not dig(source, "status.artifact"):
                raise Failure("SourceFetchFailed", f"get sources failed: source '{need.ref}' is not ready")
            revisions.append(text(source, "status.artifact.revision"))
        made = [self._make(desk, obj, entry, revisions) for entry in items(obj, "spec.artifacts")]
        message = f"reconciliation succeeded, generated {len(made)} artifact(s)"
        changed = made != items(obj, "status.inventory")
        return Outcome(ready("Succeeded", message), True, {"inventory": made}, (Note("Succeeded", message),) if changed else ())

    def _make(self, desk: Desk, obj: Object, entry: Object, revisions: list[str]) -> Object:
        name, namespace = text(entry, "name"), namespace_of(obj)
        resource = named("ExternalArtifact").resource
        origin = {
            "apiVersion": self.kind.resource.api_version,
            "kind": self.kind.kind,
            "name": name_of(obj),
            "namespace": namespace,
        }
        revision = "latest@sha256:" + desk.world.digest(name, *revisions)
        body: Object = {
            "apiVersion": resource.api_version,
            "kind": resource.kind,
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"sourceRef": origin},
        }
        body["metadata"]["labels"] = {LABEL: text(obj, "metadata.uid")}
        try:
            known = desk.cluster.get(resource, namespace, name)
        except NotFound:
            try:
                known = desk.cluster.create(resource, namespace, body)
            except Conflict:
                known = desk.cluster.get(resource, namespace, name)
        artifact = stored(desk, known, "ExternalArtifact", revision, revision[-8:])
        if text(known, "status.artifact.revision") != revision:
            said = conditions(known, ready("Succeeded", "Artifact is ready"), now())
            desk.cluster.patch(
                resource, namespace, name, {"status": {"artifact": artifact, "conditions": said}}, subresource="status"
            )
        return {
            "name": name,
            "namespace": namespace,
            "digest": artifact["digest"],
            "filename": artifact["path"].rpartition("/")[2],
        }

    def clean_up(self, desk: Desk, obj: Object) -> None:
        for entry in items(obj, "status.inventory"):
            try:
                desk.cluster.delete(named("ExternalArtifact").resource, text(entry, "namespace"), text(entry, "name"))
            except NotFound:
                continue


CONTROLLERS = [ArtifactGenerator(), Static("ExternalArtifact")]
