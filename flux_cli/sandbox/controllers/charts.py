"""HelmChart: a version of a chart, taken from its source."""

from flux_cli.core.errors import NotFound
from flux_cli.core.objects import Object, dig, name_of, namespace_of, text
from flux_cli.kinds import named
from flux_cli.sandbox.controllers._loop import Desk
from flux_cli.sandbox.controllers._outcome import Failure, Note, Outcome, ready
from flux_cli.sandbox.controllers.sources import STORAGE, stored


class Chart:
    """Pulled from a HelmRepository, packaged from the other sources."""

    kind = named("HelmChart")
    static = False
    work = "reconciliation in progress"
    ready_work = "reconciliation in progress"
    failing = "building artifact"

    def reconcile(self, desk: Desk, obj: Object) -> Outcome:
        source = self._source(desk, obj)
        wanted, name = text(obj, "spec.version") or "*", text(obj, "spec.chart")
        remote = text(source, "kind") == "HelmRepository"
        observed: Object = {"observedSourceArtifactRevision": text(source, "status.artifact.revision") or None}
        if remote:
            version, reason, verb = self._pulled(desk, source, name, wanted, observed), "ChartPullSucceeded", "pulled"
        else:
            name = name.rstrip("/").rpartition("/")[2] or name
            found = desk.world.chart(text(source, "spec.url") or text(source, "spec.bucketName"), name, "*")
            version, reason, verb = text(found, "version") or "0.1.0", "ChartPackageSucceeded", "packaged"
        message = f"{verb} '{name}' chart with version '{version}'"
        artifact = stored(desk, obj, "HelmChart", version, f"{name}-{version}", "tgz")
        status = observed | {
            "observedChartName": name,
            "url": f"{STORAGE}/helmchart/{namespace_of(obj)}/{name_of(obj)}/latest.tar.gz",
        }
        conditions = ready(reason, message, "ArtifactInStorage")
        if text(obj, "status.artifact.revision") == version and text(obj, "status.observedChartName") == name:
            return Outcome(
                conditions, True, status, (Note("ArtifactUpToDate", f"artifact up-to-date with remote revision: '{version}'"),)
            )
        marks = {"source.toolkit.fluxcd.io/revision": version, "source.toolkit.fluxcd.io/digest": artifact["digest"]}
        return Outcome(conditions, True, status | {"artifact": artifact}, (Note(reason, message, annotations=marks),))

    def _source(self, desk: Desk, obj: Object) -> Object:
        kind, name = text(obj, "spec.sourceRef.kind"), text(obj, "spec.sourceRef.name")
        if kind not in ("HelmRepository", "GitRepository", "Bucket"):
            raise Failure(
                "UnsupportedSourceKind",
                f"failed to get source: unsupported source kind '{kind}'",
                kind="FetchFailed",
                stalled=True,
            )
        try:
            source = desk.cluster.get(named(kind).resource, namespace_of(obj), name)
        except NotFound:
            said = f'failed to get source: {kind}.source.toolkit.fluxcd.io "{name}" not found'
            raise Failure("SourceUnavailable", said, kind="FetchFailed") from None
        oci = text(source, "spec.type") == "oci"
        if not oci and not dig(source, "status.artifact"):
            raise Failure("NoSourceArtifact", f"no artifact available for {kind} source '{name}'", kind="FetchFailed")
        return source

    def _pulled(self, desk: Desk, source: Object, name: str, wanted: str, observed: Object) -> str:
        found = desk.world.chart(text(source, "spec.url"), name, wanted)
        if found is not None:
            return text(found, "version")
        why = f"failed to get chart version for remote reference: no '{name}' chart with version matching '{wanted}' found"
        if text(source, "spec.type") == "oci":
            raise Failure("ChartPullError", f"chart pull error: {why}", kind="FetchFailed", status=observed)
        raise Failure(
            "InvalidChartReference", f"invalid chart reference: {why}", kind="FetchFailed", stalled=True, status=observed
        )

    def clean_up(self, desk: Desk, obj: Object) -> None:
        desk.journal.line(self.kind, obj, "garbage collected artifacts for deleted resource")


CONTROLLERS = [Chart()]
