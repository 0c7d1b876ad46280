"""Objects of the cluster to the stored version of their API: rewritten one by one, then the old versions are forgotten."""

from collections.abc import Callable, Iterator

from flux_cli.core.api import CRD, JSON_PATCH, Cluster, Resource
from flux_cli.core.errors import Conflict, FluxError, NotFound
from flux_cli.core.objects import Object, dig, items, name_of, namespace_of, text

PART_OF_FLUX = "app.kubernetes.io/part-of=flux"
_ATTEMPTS = 5
_AGAIN = "What is listed above is migrated, the rest is as it was. Run the command again to go on."

Tell = Callable[[str], None]


def migrate(cluster: Cluster, tell: Tell, *, dry_run: bool = False) -> None:
    """Migrate every object of Flux; ``tell`` hears of each that was written. Raises FluxError at the first that cannot be.

    What was told is migrated, whatever happens after; the rest is as it was, and a second run goes on from there.
    ``dry_run``: the server checks the writes and stores nothing.
    """
    try:
        definitions = cluster.list(CRD, labels=PART_OF_FLUX).items
    except FluxError as err:
        raise FluxError(f"failed to list CRDs: {err}", hint=err.hint) from err
    for listed in definitions:
        _migrate_kind(cluster, name_of(listed), tell, dry_run)


def _migrate_kind(cluster: Cluster, name: str, tell: Tell, dry_run: bool) -> None:
    """A conflict starts this kind over, as the Go CLI does."""
    for attempt in range(_ATTEMPTS):
        try:
            _migrate_once(cluster, name, tell, dry_run)
            return
        except Conflict as err:
            if attempt == _ATTEMPTS - 1:
                raise FluxError(f"failed to migrate resources for CRD {name}: {err}") from err


def _migrate_once(cluster: Cluster, name: str, tell: Tell, dry_run: bool) -> None:
    try:
        definition = cluster.get(CRD, "", name)
    except FluxError as err:
        raise FluxError(f"failed to get CRD {name}: {err}", hint=err.hint) from err
    version = next((text(v, "name") for v in items(definition, "spec.versions") if dig(v, "storage") is True), "")
    if not version:
        raise FluxError(f"no storage version found for CRD {name}")
    resource = Resource(
        text(definition, "spec.group"), version, text(definition, "spec.names.plural"), text(definition, "spec.names.kind"),
        text(definition, "spec.scope") == "Namespaced",
    )  # fmt: skip
    for subject in _rewrite(cluster, resource, dry_run):
        tell(f"{subject} migrated to version {version}")
    if items(definition, "status.storedVersions") != [version]:
        definition["status"]["storedVersions"] = [version]
        try:
            cluster.update(CRD, "", definition, subresource="status", dry_run=dry_run)
        except Conflict:
            raise
        except FluxError as err:
            raise FluxError(f"failed to update CRD {name} status: {err}", hint=_AGAIN) from err
        tell(f"{name} migrated to storage version {version}")


def _rewrite(cluster: Cluster, resource: Resource, dry_run: bool) -> Iterator[str]:
    """Write each object anew, so that the server stores it in its present version; yields ``Kind/namespace/name``."""
    failed = f"failed to migrate resources for CRD {resource.name}: "
    try:
        found = cluster.raw(resource.path())  # whole objects: a list by the client leaves out who manages which field
    except FluxError as err:
        raise FluxError(f"{failed}failed to list resources for CRD {resource.name}: {err}", hint=err.hint) from err
    for obj in items(found, "items"):
        subject = f"{resource.kind}/{namespace_of(obj)}/{name_of(obj)}"
        entries = items(obj, "metadata.managedFields")
        stale = any(text(entry, "apiVersion") != resource.api_version for entry in entries)
        try:
            if stale:
                patch = _managed_by(obj, entries, resource.api_version)
                cluster.patch(resource, namespace_of(obj), name_of(obj), patch, content_type=JSON_PATCH, dry_run=dry_run)
            else:
                cluster.patch(resource, namespace_of(obj), name_of(obj), {}, dry_run=dry_run)
        except NotFound:
            pass
        except Conflict:
            raise
        except FluxError as err:
            what = "failed to migrate managed fields" if stale else "failed to migrate"
            raise FluxError(f"{failed} {subject} {what}: {err}", hint=_AGAIN) from err
        yield subject


def _managed_by(obj: Object, entries: list[Object], api_version: str) -> list[Object]:
    """A patch that lets every manager speak of the stored version; refused when the object changed since it was read."""
    return [
        {"op": "replace", "path": "/metadata/managedFields", "value": [entry | {"apiVersion": api_version} for entry in entries]},
        {"op": "replace", "path": "/metadata/resourceVersion", "value": text(obj, "metadata.resourceVersion")},
    ]
