"""Where things come from: the release of a chart, the source of a manifest, the controller of an artifact."""

from collections.abc import Callable

from flux_cli.core.objects import Object, Ref, dig, ref_of, text
from flux_cli.diagnosis import controllers, relations
from flux_cli.diagnosis.context import Context
from flux_cli.diagnosis.reader import Reader

SOURCE_KINDS = ("GitRepository", "OCIRepository", "Bucket", "HelmRepository", "ExternalArtifact")


def release(at: Context) -> Ref | None:
    """The HelmRelease that a HelmChart was made for: nobody edits the chart object itself."""
    if at.kind != "HelmChart":
        return None
    owner = relations.owner(at.obj)
    if owner and owner.kind == "HelmRelease":
        return owner
    parts = at.ref.name.split("-")  # older controllers left no labels: the name is <namespace>-<name> of the release
    for count in range(1, min(len(parts), 5)):
        made_for = Ref("HelmRelease", "-".join(parts[:count]), "-".join(parts[count:]))
        found = at.reader.get(made_for)
        if found and text(found, "spec.chart.spec.chart") == text(at.obj, "spec.chart"):
            return made_for
    return None


def itself(at: Context) -> Ref | None:
    return release(at) or at.ref


def source(at: Context) -> Ref | None:
    return relations.source_ref(at.obj) or (at.ref if at.kind in SOURCE_KINDS else None)


def origin(at: Context) -> Ref | None:
    """The source of a chart or a release; None for other kinds."""
    return source(at) if at.kind in ("HelmChart", "HelmRelease") else None


def _files(ref: Ref, reader: Reader) -> Ref:
    """Behind an ExternalArtifact with one source: that source, for there the files are kept."""
    if ref.kind != "ExternalArtifact":
        return ref
    made = reader.get(ref)
    maker = relations.source_ref(made) if made else None
    generator = reader.get(maker) if maker and maker.kind == "ArtifactGenerator" else None
    sources = [n.ref for n in reader.needs(generator) if n.role == "source"] if generator else []
    return sources[0] if len(sources) == 1 else ref


def manifest(at: Context) -> Ref | None:
    """Where a manifest comes from: the source of a Kustomization, or the HelmRelease; a workload's by its owner."""
    if at.kind == "Kustomization":
        found = relations.source_ref(at.obj)
        return _files(found, at.reader) if found else None
    if at.kind in ("HelmRelease", "HelmChart"):
        return itself(at)
    owner = relations.owner(at.obj)
    if owner is None and at.workload:
        top = at.reader.get(at.workload)
        owner = relations.owner(top) if top else None
    if owner is None:
        return at.workload
    if owner.kind == "HelmRelease":
        return owner
    made_by = at.reader.get(owner)
    return manifest(at._replace(obj=made_by)) if made_by else owner


def git_of(at: Context) -> Object | None:
    """The GitRepository that this is about."""
    if at.kind == "GitRepository":
        return at.obj
    found = relations.source_ref(at.obj)
    return at.reader.get(found) if found and found.kind == "GitRepository" else None


def git_source(at: Context) -> Ref | None:
    git = git_of(at)
    found = relations.source_ref(at.obj)
    return ref_of(git) if git else found if found and found.kind == "GitRepository" else None


def oci_asked(at: Context) -> Ref | None:
    """A chart that an OCI HelmRepository lacks: asked for by the release, unless the URL repeats the chart's name."""
    if at.kind not in ("HelmChart", "HelmRelease"):
        return None
    found = relations.source_ref(at.obj)
    holder = at.reader.get(found) if found else None
    if found and found.kind == "OCIRepository":
        return found
    chart = text(at.obj, "spec.chart") or text(at.obj, "spec.chart.spec.chart")
    return found if chart and text(holder, "spec.url").rstrip("/").endswith(f"/{chart}") else itself(at)


def oci_source(at: Context) -> Ref | None:
    found = source(at)
    return found if found and found.kind == "OCIRepository" else None


def missing_source(at: Context) -> Ref | None:
    """The named source; its namespace is that of the reference with this name."""
    name = at.captured.get("source_name")
    wanted = [n.ref for n in at.reader.needs(at.obj) if n.role in ("source", "image")]
    for ref in wanted:
        if ref.name == name or (name is None and at.reader.missing(ref)):
            return ref
    return Ref(at.captured["source_kind"], at.namespace, name) if name else None


def remote(at: Context) -> Ref | None:
    """Whose spec holds the address that is called."""
    if at.kind == "Alert":
        return provider(at)
    return source(at)


def when_spec(*fields: str) -> Callable[[Context], Ref | None]:
    """The object itself where its spec has the part that is at fault, else where the manifest comes from."""

    def find(at: Context) -> Ref | None:
        return at.ref if any(dig(at.obj, f"spec.{field}") for field in fields) else manifest(at)

    return find


def substitution_value(at: Context) -> Ref | None:
    if dig(at.obj, "spec.postBuild.substitute"):
        return at.ref
    named = [n.ref for n in at.reader.needs(at.obj) if n.field.startswith("spec.postBuild.substituteFrom")]
    return named[0] if len(named) == 1 else manifest(at)


def target_namespace(at: Context) -> Ref | None:
    """A namespace that the spec names is the spec's fault; one that a manifest names is the manifest's."""
    wanted = at.captured.get("missing_namespace")
    if not wanted or wanted in (text(at.obj, "spec.targetNamespace"), text(at.obj, "spec.storageNamespace")):
        return at.ref
    return manifest(at)


def producer(at: Context) -> Ref:
    """The controller that hands out the artifact."""
    found = relations.need_of(at.obj, "chart", "source")
    kind = found.ref.kind if found else at.kind
    return controllers.ref(at.reader, "source-watcher" if kind == "ExternalArtifact" else "source-controller")


def controller(at: Context) -> Ref | None:
    if at.kind in ("Deployment", "Pod"):
        return at.workload or at.ref
    name = at.captured.get("controller") or relations.controller_of(at.kind)
    return controllers.ref(at.reader, name, at.obj) if name else None


def provider(at: Context) -> Ref | None:
    if at.kind == "Provider":
        return at.ref
    name = at.captured.get("provider") or text(at.obj, "spec.providerRef.name")
    return Ref("Provider", at.namespace, name) if name and at.kind == "Alert" else None
