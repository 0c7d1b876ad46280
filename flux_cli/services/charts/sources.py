"""Where a release's chart comes from, and how it gets into a folder of ours."""

import io
import pathlib
import shutil
from collections.abc import Callable
from typing import Any

from flux_cli.core.api import Cluster
from flux_cli.core.errors import ApiError, FluxError
from flux_cli.core.objects import Object, dig, items, name_of, namespace_of, text
from flux_cli.git.verifying import NotVerified
from flux_cli.kinds import named
from flux_cli.services.charts.artifacts import artifact, identity
from flux_cli.services.charts.dependencies import complete
from flux_cli.services.charts.helm import Helm
from flux_cli.services.charts.packages import local_chart, unpacked
from flux_cli.services.charts.plan import Plan
from flux_cli.services.charts.repositories import from_registry, from_repository
from flux_cli.services.charts.trees import from_git
from flux_cli.services.charts.versions import generation, of_digest, of_packaged, stamped
from flux_cli.services.feature_gates import enabled


def fetch(plan: Plan, release: Object, connect: Callable[[], Cluster], helm: Helm, folder: pathlib.Path) -> pathlib.Path:
    """The chart's folder, with dependencies, merged values files and the controllers' build metadata, below ``folder``.

    Raises FluxError.
    """
    spec, owner = dig(release, "spec.chart.spec", {}), namespace_of(release)
    ref, place = dig(release, "spec.chartRef", {}), text(release, "status.helmChart")
    by_chart = not spec and text(ref, "kind") == "HelmChart"

    def usable(chart: pathlib.Path) -> pathlib.Path:
        return local_chart(chart, spec, folder, lambda made: complete(made, connect, owner, helm))

    if plan.chart and (plan.file or by_chart):
        return usable(pathlib.Path(plan.chart))
    if by_chart:
        chart = _get(connect(), "HelmChart", text(ref, "namespace") or owner, text(ref, "name"))
        spec, owner, place = dig(chart, "spec", {}), namespace_of(chart), f"{namespace_of(chart)}/{name_of(chart)}"
    fetching = _Fetching(plan, connect, helm, folder)
    if plan.chart:
        found = pathlib.Path(plan.chart)
    else:
        found = fetching.within(spec, owner, place) if spec else fetching.whole(ref, owner)
    found = usable(found)
    if not spec:
        return stamped(found, fetching.digest(ref, owner), folder)
    place = place or f"{text(spec, 'sourceRef.namespace') or owner}/{owner}-{name_of(release)}"
    number = generation(connect, spec, place) if items(spec, "valuesFiles") else 0
    revision = fetching.known_revision(dig(spec, "sourceRef", {}), owner) if text(spec, "reconcileStrategy") == "Revision" else ""
    return stamped(found, of_packaged(spec, number, revision), folder)


class _Fetching:
    """One fetch: what is asked for, by which way, and where it goes."""

    def __init__(self, plan: Plan, connect: Callable[[], Cluster], helm: Helm, folder: pathlib.Path) -> None:
        self._plan, self._connect, self._helm, self._folder = plan, connect, helm, folder
        self._revision = ""  # of what was fetched, where it says so

    def whole(self, ref: Any, owner: str) -> pathlib.Path:
        """A source that is the chart: ``chartRef``."""
        source, kind = self._source(ref, owner), text(ref, "kind")
        if isinstance(source, pathlib.Path):
            return source
        if kind == "ExternalArtifact":
            try:
                return self._package(source)
            except FluxError as err:
                raise FluxError(str(err), hint="\n".join(part for part in (err.hint, _local(source)) if part)) from err
        if kind != "OCIRepository":
            raise _no_charts(kind)
        try:
            made, self._revision = from_registry(self._connect(), source, self._plan, self._helm, self._folder)
            return made
        except FluxError as err:
            return self._instead(source, err, self._package)

    def within(self, spec: Object, owner: str, place: str) -> pathlib.Path:
        """A chart that a source has among others, or among other files. ``place``: the HelmChart that the release got it by."""
        ref = dig(spec, "sourceRef", {})
        source, kind = self._source(ref, owner), text(ref, "kind")
        if kind == "HelmRepository":
            if isinstance(source, pathlib.Path):
                return source
            try:
                return from_repository(self._connect(), source, spec, self._plan, self._helm, self._folder)
            except FluxError as err:
                return self._instead(self._same_chart(spec, place, err), err, self._package)
        root = source if isinstance(source, pathlib.Path) else self._tree(source, kind)
        found = root / text(spec, "chart").lstrip("/")
        if root is not source and root.resolve() not in (found.resolve(), *found.resolve().parents):
            raise FluxError(f"the chart's path leads out of the source: {text(spec, 'chart')}")
        return found

    def digest(self, ref: Any, owner: str) -> str:
        """By which helm-controller marks the chart of an OCIRepository, unless it is told not to."""
        if text(ref, "kind") != "OCIRepository":
            return ""
        revision = self._revision or self.known_revision(ref, owner)
        tracked = revision and not enabled(self._connect(), "helm-controller", "DisableChartDigestTracking")
        return of_digest(revision) if tracked else ""

    def known_revision(self, ref: Any, owner: str) -> str:
        """What the cluster has of a source, whose files may be on this machine; empty where it does not say."""
        kind, namespace = text(ref, "kind"), text(ref, "namespace") or owner
        try:
            return text(_get(self._connect(), kind, namespace, text(ref, "name")), "status.artifact.revision")
        except FluxError:
            return ""

    def _same_chart(self, spec: Object, place: str, err: FluxError) -> Object:
        """The HelmChart behind a release, where it is what the release still wants. Raises ``err`` where it is not."""
        namespace, _, name = place.partition("/")
        try:
            found = _get(self._connect(), "HelmChart", namespace, name) if name else {}
        except FluxError:
            found = {}
        if any(text(found, f"spec.{field}") != text(spec, field) for field in ("chart", "version", "sourceRef.name")):
            raise err
        return found

    def _tree(self, source: Object, kind: str) -> pathlib.Path:
        """The source's files."""
        root = self._folder / "source"
        root.mkdir()
        try:
            if kind == "GitRepository":
                from_git(self._connect(), source, self._plan, self._helm, root)
            elif kind == "Bucket":
                from flux_cli.services.charts.buckets import from_bucket

                from_bucket(self._connect(), source, self._helm.users, self._plan.seconds, root)
            else:
                raise _no_charts(kind)
        except FluxError as err:
            return self._instead(source, err, lambda source: self._unpacked(source, root))
        return root

    def _instead(self, source: Object, err: FluxError, read: Callable[[Object], pathlib.Path]) -> pathlib.Path:
        """What source-controller has of a source that is out of reach from here. Raises the first error where it has nothing.

        A signature that is wrong is no matter of reach.
        """
        if isinstance(err, NotVerified):
            raise err
        try:
            made = read(source)
        except FluxError as second:
            raise FluxError(
                f"{err}", hint="\n".join(part for part in (err.hint, f"Nor else: {second}", _local(source)) if part)
            ) from err
        self._revision = text(source, "status.artifact.revision")
        self._plan.tell(
            f"{identity(source)} cannot be fetched from here ({err}): its artifact in the cluster is used, {self._revision}"
        )
        return made

    def _package(self, source: Object) -> pathlib.Path:
        """The chart that an artifact is."""
        package = self._folder / "artifact.tgz"
        package.write_bytes(artifact(self._connect(), source))
        return unpacked(package, self._folder / "artifact")

    def _unpacked(self, source: Object, root: pathlib.Path) -> pathlib.Path:
        """The files that an artifact holds."""
        from flux_cli.oci.unpacking import unpack

        shutil.rmtree(root)  # what came before the failure
        root.mkdir()
        unpack(io.BytesIO(artifact(self._connect(), source)), root)
        return root

    def _source(self, ref: Any, owner: str) -> Object | pathlib.Path:
        """The source object, or the folder that stands for it on this machine."""
        namespace = text(ref, "namespace") or owner
        local = self._plan.local_sources.get(f"{text(ref, 'kind')}/{namespace}/{text(ref, 'name')}")
        if local:
            return pathlib.Path(local)
        return _get(self._connect(), text(ref, "kind"), namespace, text(ref, "name"))


def _get(cluster: Cluster, kind: str, namespace: str, name: str) -> Object:
    try:
        return cluster.get(named(kind).resource, namespace, name)
    except KeyError as err:
        raise _no_charts(kind) from err
    except ApiError as err:
        raise FluxError(f"failed to get {kind} {namespace}/{name}: {err}", hint=err.hint) from err


def _local(source: Object) -> str:
    return f"Or say where it is on this machine: --local-sources {identity(source)}=./folder"


def _no_charts(kind: str) -> FluxError:
    return FluxError(f"charts do not come from a {kind or 'source without kind'}")
