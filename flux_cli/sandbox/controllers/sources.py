"""GitRepository, OCIRepository, Bucket and HelmRepository."""

from flux_cli.core.api import SECRET
from flux_cli.core.errors import NotFound
from flux_cli.core.objects import Object, name_of, namespace_of, text
from flux_cli.kinds import Kind, named
from flux_cli.sandbox.controllers._loop import Desk
from flux_cli.sandbox.controllers._outcome import Failure, Note, Outcome, ready
from flux_cli.sandbox.controllers._remote import asked
from flux_cli.sandbox.stamps import now

STORAGE = "http://source-controller.flux-system.svc.cluster.local."
SHORT = {
    "GitRepository": "gitrepository",
    "OCIRepository": "ocirepository",
    "Bucket": "bucket",
    "HelmRepository": "helmrepository",
}
MISSING = {
    "GitRepository": "failed to get secret '{where}': {error}",
    "OCIRepository": "failed to get credential: {error}",
    "Bucket": "failed to get secret '{where}': {error}",
    "HelmRepository": "failed to get authentication secret '{where}': {error}",
}


class Source:
    """A source: fetch, or what stands for it, and say which revision is stored."""

    static = False
    work = "reconciliation in progress"
    ready_work = "reconciliation in progress"
    failing = "building artifact"

    def __init__(self, kind: str) -> None:
        self.kind: Kind = named(kind)

    def reconcile(self, desk: Desk, obj: Object) -> Outcome:
        need_secret(desk, obj, "spec.secretRef.name", MISSING[self.kind.kind], "FetchFailed")
        revision, message, told, file = getattr(self, f"_{self.kind.kind.lower()}")(desk, obj)
        artifact = stored(desk, obj, self.kind.kind, revision, file)
        reason = "Succeeded"
        status: Object = {"artifact": artifact}
        if self.kind.kind == "HelmRepository":
            status["url"] = f"{STORAGE}/helmrepository/{namespace_of(obj)}/{name_of(obj)}/index.yaml"
        wanted = ready(reason, message, "ArtifactInStorage")
        if text(obj, "status.artifact.revision") == revision:
            note = Note("ArtifactUpToDate", f"artifact up-to-date with remote revision: '{revision}'")
            if self.kind.kind == "GitRepository":
                note = Note("GitOperationSucceeded", f"no changes since last reconciliation: observed revision '{revision}'")
            return Outcome(wanted, True, status | {"artifact": obj["status"]["artifact"]}, (note,))
        marks = {"source.toolkit.fluxcd.io/revision": revision, "source.toolkit.fluxcd.io/digest": artifact["digest"]}
        return Outcome(wanted, True, status, (Note("NewArtifact", told, annotations=marks),))

    def clean_up(self, desk: Desk, obj: Object) -> None:
        desk.journal.line(self.kind, obj, "garbage collected artifacts for deleted resource")

    def _gitrepository(self, desk: Desk, obj: Object) -> tuple[str, str, str, str]:
        url = text(obj, "spec.url")
        ref, shown = git_ref(obj)
        world = desk.world
        if world.environ is not None and not world.staged(url, ref) and not world.folder(url):
            shown, commit = asked(desk.cluster, obj, world.environ)
        else:
            commit = text(obj, "spec.ref.commit") or world.commit(url, ref)
        revision = f"{shown}@sha1:{commit}" if shown else f"sha1:{commit}"
        told = f"stored artifact for commit '{desk.world.subject(url)}'"
        return revision, f"stored artifact for revision '{revision}'", told, commit

    def _ocirepository(self, desk: Desk, obj: Object) -> tuple[str, str, str, str]:
        digest = text(obj, "spec.ref.digest").removeprefix("sha256:")
        tag = text(obj, "spec.ref.tag") or _bare(text(obj, "spec.ref.semver")) or ("" if digest else "latest")
        digest = digest or desk.world.digest(text(obj, "spec.url"), tag)
        revision = f"{tag}@sha256:{digest}" if tag else f"sha256:{digest}"
        told = f"stored artifact with revision '{revision}' from '{text(obj, 'spec.url')}'"
        return revision, f"stored artifact for digest '{revision}'", told, digest

    def _bucket(self, desk: Desk, obj: Object) -> tuple[str, str, str, str]:
        digest = desk.world.digest(text(obj, "spec.bucketName"), text(obj, "spec.endpoint"))
        told = f"stored artifact with 1 fetched files from '{text(obj, 'spec.bucketName')}' bucket"
        return f"sha256:{digest}", f"stored artifact: revision 'sha256:{digest}'", told, digest

    def _helmrepository(self, desk: Desk, obj: Object) -> tuple[str, str, str, str]:
        url = text(obj, "spec.url")
        if url.startswith("oci://"):
            raise Failure(
                "URLInvalid", f"invalid Helm repository URL: scheme of '{url}' needs type oci", kind="FetchFailed", stalled=True
            )
        digest = desk.world.digest(url)
        told = f"stored fetched index of size 2.612kB from '{url}'"
        return f"sha256:{digest}", f"stored artifact: revision 'sha256:{digest}'", told, f"index-{digest}"


def need_secret(
    desk: Desk, obj: Object, field: str, message: str, condition: str, reason: str = "AuthenticationFailed"
) -> Object | None:
    """The Secret that a field names, None where it names none; Failure with ``message`` where it is missing."""
    name = text(obj, field)
    if not name:
        return None
    try:
        return desk.cluster.get(SECRET, namespace_of(obj), name)
    except NotFound as err:
        said = message.format(where=f"{namespace_of(obj)}/{name}", error=err)
        raise Failure(reason, said, kind=condition) from None


def git_ref(obj: Object) -> tuple[str, str]:
    """(ref that is looked up, how the revision names it)."""
    name, semver, tag = text(obj, "spec.ref.name"), text(obj, "spec.ref.semver"), text(obj, "spec.ref.tag")
    if name:
        return name, name
    if semver:
        return _bare(semver), _bare(semver)
    if tag:
        return tag, tag
    branch = text(obj, "spec.ref.branch")
    if not branch and text(obj, "spec.ref.commit"):
        return "", ""
    return branch or "master", branch or "master"


def _bare(semver: str) -> str:
    from flux_cli.sandbox.world import floor

    return floor(semver) if semver else ""


def stored(desk: Desk, obj: Object, kind: str, revision: str, file: str, suffix: str = "tar.gz") -> Object:
    """The ``artifact`` of a status."""
    suffix = "yaml" if kind == "HelmRepository" else suffix
    path = f"{kind.lower()}/{namespace_of(obj)}/{name_of(obj)}/{file}.{suffix}"
    digest = "sha256:" + desk.world.digest(path, revision)
    return {
        "path": path,
        "url": f"{STORAGE}/{path}",
        "revision": revision,
        "digest": digest,
        "lastUpdateTime": now(),
        "size": 2151,
    }


CONTROLLERS = [Source(kind) for kind in SHORT]
