"""HelmRelease: makes its HelmChart, waits for it, and says what an install or an upgrade comes to."""

import contextlib
import hashlib
import json

from flux_cli.core import durations
from flux_cli.core.errors import ApiError, Conflict, NotFound
from flux_cli.core.objects import Object, Ref, annotations, condition, dig, items, name_of, namespace_of, text
from flux_cli.kinds import named
from flux_cli.kinds.helmrelease import chart as chart_of
from flux_cli.sandbox.controllers._loop import Desk
from flux_cli.sandbox.controllers._needs import current, dependencies_ready, find
from flux_cli.sandbox.controllers._outcome import Failure, Line, Note, Outcome, Waiting, ready
from flux_cli.sandbox.stamps import now

LABEL = "helm.toolkit.fluxcd.io"
MANAGER = "helm-controller"
FORCED, RESET, REQUESTED = (f"reconcile.fluxcd.io/{word}At" for word in ("force", "reset", "requested"))


class HelmRelease:
    """Chart, dependencies, values, action, history."""

    kind = named("HelmRelease")
    static = False
    work = "Fulfilling prerequisites"
    ready_work = "reconciliation in progress"
    failing = "Running 'install' action with timeout of 5m0s"

    def reconcile(self, desk: Desk, obj: Object) -> Outcome:
        if not dig(obj, "spec.chart") and not dig(obj, "spec.chartRef"):
            raise Failure("ArtifactFailed", "could not get Source object: no chart and no chartRef", stalled=True)
        made = self._chart(desk, obj)
        dependencies_ready(desk, self.kind, obj, "30s")
        version, name, app = self._ready_chart(desk, obj, made)
        self._values(desk, obj, made)
        status = made | self._handled(obj)
        latest = dig(obj, "status.history.0", {})
        config = _config_digest(obj)
        same = (text(latest, "chartVersion"), text(latest, "chartName"), text(latest, "configDigest")) == (version, name, config)
        forced = status.get("lastHandledForceAt", "") != text(obj, "status.lastHandledForceAt") and "lastHandledForceAt" in status
        if same and not forced and text(latest, "status") == "deployed":
            status = status | {"lastAttemptedGeneration": dig(obj, "metadata.generation", 1)}
            words = condition(obj) if text(condition(obj), "status") == "True" else condition(obj, "Released")
            action = "install" if dig(latest, "version", 1) == 1 else "upgrade"
            message = (
                text(words, "message")
                if text(words, "status") == "True"
                else _succeeded(obj, action, dig(latest, "version", 1), name, version)
            )
            conditions = ready(f"{action.title()}Succeeded", message, "Released")
            return Outcome(conditions, True, status, lines=(Line("release in-sync with desired state"),))
        return self._release(desk, obj, status, name, version, app)

    def _release(self, desk: Desk, obj: Object, status: Object, name: str, version: str, app: str) -> Outcome:
        """An install, or an upgrade of what is there."""
        history = items(obj, "status.history")
        number = max((dig(h, "version", 0) for h in history), default=0) + 1
        action = "upgrade" if history else "install"
        inventory = self._apply(desk, obj, name, action, version)
        at, config = now(), _config_digest(obj)
        release = text(obj, "spec.releaseName") or name_of(obj)
        target = text(obj, "spec.targetNamespace") or namespace_of(obj)
        entry = {
            "action": action,
            "apiVersion": "v2",
            "appVersion": app,
            "chartName": name,
            "chartVersion": version,
            "configDigest": config,
            "digest": "sha256:" + hashlib.sha256(f"{release}{number}{version}{config}".encode()).hexdigest(),
            "firstDeployed": text(history[-1] if history else {}, "firstDeployed") or at,
            "lastDeployed": at,
            "name": release,
            "namespace": target,
            "status": "deployed",
            "version": number,
        }
        older = [_older(h) for h in history]
        message = _succeeded(obj, action, number, name, version)
        status = status | {
            "history": [entry, *older][:5],
            "inventory": {"entries": inventory},
            "storageNamespace": _storage(obj),
            "failures": None,
            "installFailures": None,
            "upgradeFailures": None,
            "lastAttemptedConfigDigest": config,
            "lastAttemptedGeneration": dig(obj, "metadata.generation", 1),
            "lastAttemptedReleaseAction": action,
            "lastAttemptedReleaseActionDuration": "1.2s",
            "lastAttemptedRevision": version,
        }
        marks = {f"{LABEL}/revision": version, f"{LABEL}/token": config}
        reason = f"{action.title()}Succeeded"
        lines = (Line(f"running '{action}' action with timeout of {_timeout(obj)}"), Line("release in-sync with desired state"))
        return Outcome(ready(reason, message, "Released"), True, status, (Note(reason, message, annotations=marks),), lines)

    def _handled(self, obj: Object) -> Object:
        """``forceAt`` and ``resetAt`` count where they came with the present request."""
        found: Object = {}
        for mark, field in ((FORCED, "lastHandledForceAt"), (RESET, "lastHandledResetAt")):
            if mark in annotations(obj) and annotations(obj)[mark] == annotations(obj).get(REQUESTED):
                found[field] = annotations(obj)[mark]
        return found

    def _chart(self, desk: Desk, obj: Object) -> Object:
        """The HelmChart that the chart template asks for, made or brought in line; the status that names it."""
        template = dig(obj, "spec.chart.spec")
        if not isinstance(template, dict):
            return {"helmChart": None}
        home = text(template, "sourceRef.namespace") or namespace_of(obj)
        name = f"{namespace_of(obj)}-{name_of(obj)}"
        source = {k: v for k, v in template["sourceRef"].items() if k in ("kind", "name")}
        wanted = {k: v for k, v in template.items() if k not in ("sourceRef",)} | {"sourceRef": source}
        wanted = {"interval": text(obj, "spec.interval"), "reconcileStrategy": "ChartVersion", "version": "*"} | wanted
        origin = f"{source.get('kind')}/{home}/{source.get('name')}"
        resource = named("HelmChart").resource
        try:
            known = desk.cluster.get(resource, home, name)
        except NotFound:
            owner = {f"{LABEL}/name": name_of(obj), f"{LABEL}/namespace": namespace_of(obj)}
            body = {
                "apiVersion": resource.api_version,
                "kind": "HelmChart",
                "metadata": {"name": name, "labels": owner},
                "spec": wanted,
            }
            with contextlib.suppress(Conflict):  # it came meanwhile
                desk.cluster.create(resource, home, body, field_manager=MANAGER)
            note = Note("HelmChartCreated", f"Created HelmChart/{home}/{name} with SourceRef '{origin}'")
            self._say(desk, obj, note)
            return {"helmChart": f"{home}/{name}"}
        if {k: dig(known, "spec", {}).get(k) for k in wanted} != wanted:
            desk.cluster.patch(resource, home, name, {"spec": wanted}, field_manager=MANAGER)
            self._say(desk, obj, Note("HelmChartConfigured", f"Configured HelmChart/{home}/{name} with SourceRef '{origin}'"))
        else:
            desk.journal.line(self.kind, obj, f"HelmChart/{home}/{name} with SourceRef '{origin}' is in-sync")
        return {"helmChart": f"{home}/{name}"}

    def _say(self, desk: Desk, obj: Object, note: Note) -> None:
        desk.journal.event(self.kind, obj, note)
        desk.journal.line(self.kind, obj, note.message)

    def _ready_chart(self, desk: Desk, obj: Object, made: Object) -> tuple[str, str, str]:
        """(version, name, app version) of the chart. Raises Waiting until there is one at the present spec."""
        where = text(made, "helmChart").split("/")
        ref = Ref("HelmChart", where[0], where[1]) if len(where) == 2 else chart_of(obj)
        source = find(desk, ref) if ref else None
        if ref is None or source is None:
            resource = named(ref.kind).resource.name if ref else ""
            said = f'could not get Source object: {resource} "{ref.name if ref else ""}" not found'
            raise Waiting("ArtifactFailed", said, said, status=made)
        why = ""
        if not current(source) and text(condition(source), "status") != "False":
            why = "latest generation of object has not been reconciled"
        elif text(condition(source), "status") != "True":
            why = text(condition(source), "message") or "latest generation of object has not been reconciled"
        elif not dig(source, "status.artifact"):
            why = "does not have an artifact"
        if why:
            said = f"{ref.kind} '{ref.namespace}/{ref.name}' is not ready: {why}"
            raise Waiting("SourceNotReady", said, said, status=made)
        revision = text(source, "status.artifact.revision")
        if ref.kind == "HelmChart":
            name = text(source, "status.observedChartName") or text(source, "spec.chart")
            return revision, name, self._app_version(desk, source, name, revision)
        tag, _, digest = revision.partition("@sha256:")
        name = text(source, "spec.url").rstrip("/").rpartition("/")[2] or name_of(source)
        return f"{tag.removeprefix('v')}+{digest[:12]}", name, tag

    def _app_version(self, desk: Desk, source: Object, name: str, version: str) -> str:
        repository = find(
            desk, Ref(text(source, "spec.sourceRef.kind"), namespace_of(source), text(source, "spec.sourceRef.name"))
        )
        return text(desk.world.chart(text(repository, "spec.url"), name, version), "appVersion") or version

    def _values(self, desk: Desk, obj: Object, made: Object) -> None:
        for entry in items(obj, "spec.valuesFrom"):
            if dig(entry, "optional") is True:
                continue
            kind, name, key = text(entry, "kind"), text(entry, "name"), text(entry, "valuesKey") or "values.yaml"
            head = f"could not resolve {kind} chart values reference '{namespace_of(obj)}/{name}' with key '{key}'"
            try:
                found = desk.cluster.get(desk.cluster.resolve("v1", kind), namespace_of(obj), name)
            except NotFound as err:
                raise self._prerequisite("ValuesError", f"{head}: {err}", made) from None
            if key not in (found.get("data") or {}):
                raise self._prerequisite(
                    "ValuesError", f"{head}: missing key '{key}' in {kind} '{namespace_of(obj)}/{name}'", made
                )

    def _prerequisite(self, reason: str, message: str, status: Object) -> Waiting:
        return Waiting(reason, message, message, status=status, note=Note(reason, message, warning=True))

    def _apply(self, desk: Desk, obj: Object, name: str, action: str, version: str) -> list[Object]:
        """Apply what the chart renders, where the scenario says what that is; the inventory's entries."""
        entries = []
        target = text(obj, "spec.targetNamespace") or namespace_of(obj)
        release = text(obj, "spec.releaseName") or name_of(obj)
        for manifest in desk.world.workloads(name):
            made = json.loads(json.dumps(manifest).replace("RELEASE", release))
            owner = {
                "app.kubernetes.io/managed-by": "Helm",
                f"{LABEL}/name": name_of(obj),
                f"{LABEL}/namespace": namespace_of(obj),
            }
            marks = {"meta.helm.sh/release-name": release, "meta.helm.sh/release-namespace": target}
            made["metadata"] |= {"namespace": target, "labels": made["metadata"].get("labels", {}) | owner, "annotations": marks}
            resource = desk.cluster.resolve(made["apiVersion"], made["kind"])
            status = made.pop("status", None)
            try:
                desk.cluster.apply(resource, target, made, field_manager=MANAGER, force=True)
                if status:
                    desk.cluster.patch(resource, target, name_of(made), {"status": status}, subresource="status")
            except ApiError as err:
                said = f"Helm {action} failed for release {target}/{release} with chart {name}@{version}: {err}"
                raise Failure(f"{action.title()}Failed", said, kind="Released") from None
            entries.append({"id": f"{target}_{name_of(made)}_{resource.group}_{resource.kind}", "v": resource.version})
        return sorted(entries, key=lambda entry: entry["id"])

    def clean_up(self, desk: Desk, obj: Object) -> None:
        """A deleted release takes along its HelmChart and what it applied."""
        from flux_cli.sandbox.controllers.kustomize import prune

        where = text(obj, "status.helmChart").split("/")
        if len(where) == 2:
            with contextlib.suppress(NotFound):
                desk.cluster.delete(named("HelmChart").resource, where[0], where[1])
        prune(desk, items(obj, "status.inventory.entries"))


def _succeeded(obj: Object, action: str, number: int, name: str, version: str) -> str:
    release, target = text(obj, "spec.releaseName") or name_of(obj), text(obj, "spec.targetNamespace") or namespace_of(obj)
    return f"Helm {action} succeeded for release {target}/{release}.v{number} with chart {name}@{version}"


def _older(release: Object) -> Object:
    """A release that another one followed."""
    found = {k: v for k, v in release.items() if k != "action"}
    return found | {"status": "superseded"} if text(found, "status") == "deployed" else found


def _storage(obj: Object) -> str:
    return text(obj, "spec.storageNamespace") or namespace_of(obj)


def _config_digest(obj: Object) -> str:
    """Of the values that the release itself has; none is the digest of nothing, as Helm has it."""
    values = dig(obj, "spec.values")
    return "sha256:" + hashlib.sha256(json.dumps(values, sort_keys=True).encode() if values else b"").hexdigest()


def _timeout(obj: Object) -> str:
    try:
        return durations.format(durations.parse(text(obj, "spec.timeout") or "5m"))
    except ValueError:
        return "5m0s"


CONTROLLERS = [HelmRelease()]
