"""From a symptom to the deepest unhealthy object that explains it.

Each object is examined once. What it says of itself is matched against the rules; a rule that only describes a consequence
("dependency not ready") sends the walk on to what is waited for, and counts as the cause only where nothing is found there.
"""

from flux_cli import kinds
from flux_cli.core.objects import Object, Ref, dig, text
from flux_cli.diagnosis import controller_causes, controllers, overtaken, relations, showing, silent, walking, workloads
from flux_cli.diagnosis.context import Context
from flux_cli.diagnosis.inquiry import Inquiry
from flux_cli.diagnosis.masking import mask
from flux_cli.diagnosis.observing import Seen, in_progress, logged, outdated, readiness, short, troubles, warnings
from flux_cli.diagnosis.origins import producer
from flux_cli.diagnosis.reader import Reader
from flux_cli.diagnosis.result import POSSIBLE, Cause, Diagnosis, Evidence
from flux_cli.diagnosis.rules import Match, Matcher, standard
from flux_cli.diagnosis.rules._model import GENERIC
from flux_cli.diagnosis.standing import looks, message, sound, verdict
from flux_cli.diagnosis.wording import cause_of

MAX_DEPTH = 12
CONNECTION = (
    "dial tcp", "no such host", "x509:", "unauthorized", "connection refused", "i/o timeout", "must be logged in",
    "tls handshake", "connection reset", "no route to host", '": context deadline exceeded', '": eof', "client.timeout exceeded",
)  # fmt: skip


class Examination(Inquiry):
    """The walk itself: which objects are being looked at, and what was found about those that were."""

    def __init__(self, reader: Reader, symptom: Ref, matcher: Matcher | None = None) -> None:
        super().__init__(reader, symptom, matcher or standard())
        self._known: dict[Ref, list[Cause]] = {}

    # -- one object

    def examine(self, ref: Ref, relation: str, parent: Object | None = None, api_version: str = "") -> list[Cause]:
        """Why this object is not as it should be, the best explanation first; empty where it is, or cannot be seen."""
        if ref in self.path:
            return self._cycle(ref) if relation == "dependency" else []
        if ref in self._known or len(self.path) >= MAX_DEPTH:
            return self._known.get(ref, [])
        obj = self.reader.get(ref, api_version)
        if obj is None:
            self.link(ref, relation, "Missing" if self.reader.missing(ref) else "Unreadable", "")
            found = self._missing(ref, relation, parent)
        else:
            self.link(ref, relation, *looks(obj))
            self.path.append(ref)
            found = self._flux(obj, relation) if relations.is_flux(ref.kind) else self._workload(obj, ref)
            if relation == "symptom" and workloads.starting(obj, self.reader):
                found = [cause for cause in found if cause.rank >= walking.CLOSE]
            if relation == "symptom":
                found = [*found, *walking.held_up(self, obj, found)]
            self.path.pop()
        self._known[ref] = found
        return found

    def survey(self, ref: Ref) -> list[Cause]:
        """One object among many: what was found out about others before it is used again."""
        self.symptom, self.links, self.thorough = ref, [], False
        return self.examine(ref, "survey")

    def _missing(self, ref: Ref, relation: str, parent: Object | None) -> list[Cause]:
        if parent is None or not self.reader.missing(ref):
            return []
        made_by = walking.generators(self, ref)
        if made_by:
            return made_by
        state = {
            "secret": "missing-secret",
            "configmap": "missing-secret",
            "target": "missing-target",
            "image": "missing-source",
        }.get(relation, f"missing-{relation}")
        if relation == "secret" and text(parent, "kind") == "Provider":
            state = "missing-provider-secret"
        return self.state_cause(state, parent, str(ref), {"missing": short(ref)}, missing=ref)

    def _cycle(self, ref: Ref) -> list[Cause]:
        start = self.path.index(ref)
        names = " -> ".join(f"{r.namespace}/{r.name}" for r in [*self.path[start:], ref])
        obj = self.reader.get(ref)
        captured = {"cycle": names} | ({"in_cycle": "yes"} if start == 0 else {})
        return self.state_cause("cycle", obj, names, captured, field="spec.dependsOn") if obj else []

    # -- a Flux object

    def _flux(self, obj: Object, relation: str) -> list[Cause]:
        kind = kinds.named(text(obj, "kind"))
        found: list[Cause] = []
        if kind.suspended(obj):
            found += self.state_cause("suspended", obj, "spec.suspend: true", field="spec.suspend")
        if text(obj, "metadata.deletionTimestamp"):
            found += self._deleting(obj)
        if kind.static(obj) and readiness(obj) != "False":
            found += silent.static(self, obj, relation)
        elif readiness(obj) == "True":
            found += silent.ready(self, obj, relation)
        elif not found or readiness(obj):
            found += self._failing(obj)
            if found and relation in ("symptom", "survey"):
                found += walking.besides(self, obj)
        return found

    def _deleting(self, obj: Object) -> list[Cause]:
        captured: dict[str, str] = {}
        for item in relations.inventory(obj)[:50]:
            held = self.reader.get(item.ref, item.api_version)
            if held and text(held, "metadata.deletionTimestamp") and dig(held, "metadata.finalizers"):
                captured = {"blocker_kind": item.ref.kind, "blocker_namespace": item.ref.namespace, "blocker_name": item.ref.name}
                break
        held_by = ", ".join(str(f) for f in dig(obj, "metadata.finalizers", []) or [])
        return self.state_cause(
            "deleting", obj, f"deletionTimestamp set, finalizers: {held_by}", captured, field="metadata.deletionTimestamp"
        )

    def _failing(self, obj: Object) -> list[Cause]:
        """What the status says; where that is vague, events and the controller's log say more."""
        late = readiness(obj) != "False" or silent.unseen(obj) or outdated(obj)
        stopped = controller_causes.handling(self, obj) if late else []
        seen = troubles(obj)
        hits = self.hits(seen)
        at = self.context(obj)
        remote = self._remote(obj, seen, hits)
        if remote:
            return remote
        if any(s.reason == "SourceNotReady" for s in seen):  # its message quotes the chart's, which says it itself
            walked = walking.sources(self, obj)
            if walked:
                return [*stopped, *walked]
        if hits and hits[0][1].rule.code == "artifact-fetch-failed":
            stopped += controller_causes.named(self, producer(at).name)
        if hits and not hits[0][1].rule.walk and hits[0][1].rule.rank > GENERIC:
            cause = self.named(hits[0], at)
            return [*stopped, *(walking.generators(self, cause.object) or self._with_hook(cause))]
        if hits and hits[0][1].rule.walk:
            told = [s.text for s, _ in hits]
            if hits[0][1].rule.walk == "workloads":  # a wait that runs again has named its objects in an event before
                told += [s.text for s in warnings(self.reader.warnings(at.ref))[:3]]
            walked = walking.walk(self, obj, hits[0][1], told)
            if walked:
                return [*stopped, *walked]
        return [*stopped, *self._vague(obj, seen, hits, at)]

    def _with_hook(self, cause: Cause) -> list[Cause]:
        """A hook's own pods say why it failed: their words and log belong to the evidence, what else they show comes after."""
        if cause.code != "hook-failed" or cause.object.kind not in workloads.KINDS:
            return [cause]
        deeper = self.examine(cause.object, "hook")
        shown = tuple(e for one in deeper for e in one.evidence)
        return [cause._replace(evidence=cause.evidence + shown), *(one for one in deeper if one.code != cause.code)]

    def _vague(self, obj: Object, seen: list[Seen], hits: list[tuple[Seen, Match]], at: Context) -> list[Cause]:
        """Older words: events, then the log; last, what the status said in general."""
        late: list[tuple[Seen, Match]] = []
        if not (hits and overtaken.waits(hits[0][1])):
            late = self.hits(warnings(self.reader.warnings(at.ref))) or self.hits(
                logged(controllers.log_of(self.reader, text(obj, "kind")), at.ref)
            )
        if late and not late[0][1].rule.walk and (not hits or late[0][1].rule.rank > hits[0][1].rule.rank):
            return [self.named(late[0], at)]
        if late and late[0][1].rule.walk and not (hits and hits[0][1].rule.walk):
            walked = walking.walk(self, obj, late[0][1], [s.text for s, _ in late])
            if walked:
                return walked
        lasting = [hit for hit in hits if not hit[1].rule.walk]
        if lasting:
            return [self.named(lasting[0], at)]
        structural = walking.missing_needs(self, obj) or ([] if hits else walking.sources(self, obj))
        if structural:
            return structural
        if hits and not in_progress(obj):
            came = overtaken.ready_now(self, obj, *hits[0])
            return came or [cause_of(hits[0][1], [hits[0][0]], at, POSSIBLE)]
        return silent.unhandled(self, obj) if not seen or in_progress(obj) else []

    def _remote(self, obj: Object, seen: list[Seen], hits: list[tuple[Seen, Match]]) -> list[Cause]:
        """An object that deploys to another cluster and fails on the way there: its kubeconfig is what leads there."""
        if not isinstance(dig(obj, "spec.kubeConfig"), dict) or (
            hits and hits[0][1].rule.code in ("remote-cluster-access", "rbac-forbidden")
        ):
            return []
        for one in seen:
            lowered = one.text.lower()
            if one.reason not in ("ArtifactFailed", "BuildFailed", "SourceNotReady", "HealthCheckFailed") and any(
                w in lowered for w in CONNECTION
            ):
                return self.state_cause("remote-cluster", obj, one.text, field=one.evidence.field, time=one.evidence.time)
        return []

    # -- a workload, or any other object that is waited for

    def _workload(self, obj: Object, ref: Ref) -> list[Cause]:
        if workloads.settled(obj):
            return []
        if text(obj, "metadata.deletionTimestamp"):
            return self._deleting(obj)
        if ref.kind not in workloads.KINDS:
            hits = self.hits(troubles(obj))
            return [self.named(hits[0], self.context(obj))] if hits else self.state_cause("custom-not-ready", obj, message(obj))
        shown = showing.shows(obj, self.reader)
        hits = self.hits(shown)
        at = Context(self.reader, obj, {}, self.symptom, workload=workloads.top(obj, self.reader))
        log = showing.last_lines(obj, self.reader) if self.thorough else []
        if workloads.is_hook(obj) and (not hits or hits[0][1].rule.code in ("workload-crashloop", "workload-not-ready")):
            return self._with(self.state_cause("hook", obj, shown[0].text if shown else "not finished"), log)
        if hits:
            seen, match = hits[0]
            about = self.reader.get(seen.evidence.object) or obj
            return self._with([cause_of(match, [seen], at._replace(obj=about if about.get("kind") != "Pod" else obj))], log)
        return self._with(self.state_cause("rollout", obj, "not all replicas are ready"), log)

    def _with(self, found: list[Cause], log: list[Evidence]) -> list[Cause]:
        shown = tuple(line._replace(text=mask(line.text)) for line in log)
        return [cause._replace(evidence=(*cause.evidence, *shown)) for cause in found]


def diagnose(reader: Reader, symptom: Ref, matcher: Matcher | None = None) -> Diagnosis:
    """The diagnosis of one object that exists."""
    inquiry = Examination(reader, symptom, matcher)
    walking.look_ahead(reader, symptom)
    found = ranked(inquiry.examine(symptom, "symptom"))
    obj = reader.get(symptom)
    healthy = not found and obj is not None and sound(obj)
    return Diagnosis(
        symptom, healthy, verdict(symptom, healthy, found, obj), tuple(found), tuple(inquiry.links), tuple(reader.notes)
    )


def ranked(found: list[Cause]) -> list[Cause]:
    """One cause for each code and object, in the order in which they were found."""
    once: dict[tuple[str, Ref], Cause] = {}
    for cause in found:
        once.setdefault((cause.code, cause.object), cause)
    return list(once.values())
