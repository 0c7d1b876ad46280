"""From a consequence to what it waits for: sources, dependencies, workloads, parents."""

import re
from collections.abc import Iterable

from flux_cli.core import api
from flux_cli.core.objects import Object, Ref, condition, dig, items, namespace_of, ref_of, text
from flux_cli.diagnosis import controllers, relations, workloads
from flux_cli.diagnosis.inquiry import Inquiry
from flux_cli.diagnosis.observing import event_time, readiness, seen_event, short
from flux_cli.diagnosis.reader import Reader
from flux_cli.diagnosis.result import Cause
from flux_cli.diagnosis.rules import Match
from flux_cli.diagnosis.rules._model import NORMAL
from flux_cli.diagnosis.wording import cause_of
from flux_cli.kinds import named

MAX_TARGETS = 60
CLOSE = NORMAL - 5  # the rank from which on a rule says more than "not ready"
LOOKED_INTO = (*workloads.KINDS, "CustomResourceDefinition", "Namespace")
CREATED = re.compile(r"Created pod: (\S+)|create Pod (\S+) in StatefulSet")
BEFORE_APPLY = (
    "ArtifactFailed",
    "BuildFailed",
    "DependencyNotReady",
    "ReconciliationFailed",
    "AccessDenied",
    "DirectoryCreationFailed",
)


def look_ahead(reader: Reader, symptom: Ref) -> None:
    """The first two rounds of reads, each side by side: the symptom with its surroundings, then all that it refers to."""
    lists = [(api.EVENT, symptom.namespace)] if symptom.namespace else []
    reader.prefetch([(symptom, "")], [*lists, (api.DEPLOYMENT, controllers.HOME), (api.POD, controllers.HOME)])
    obj = reader.get(symptom)
    if obj is None:
        return
    wanted = [(n.ref, "") for n in reader.needs(obj)]
    above = relations.owner(obj)
    below = [
        (i.ref, i.api_version)
        for i in relations.inventory(obj)
        if i.ref.kind in LOOKED_INTO or relations.is_flux(i.ref.kind) or i.ref.kind == "Secret"
    ]
    reader.prefetch([*wanted, *([(above, "")] if above else []), *below[:MAX_TARGETS]])


def walk(inquiry: Inquiry, obj: Object, hit: Match, texts: list[str]) -> list[Cause]:
    """The causes behind a consequence; empty where what is waited for is well or cannot be seen."""
    if hit.rule.walk == "dependency":
        return dependencies(inquiry, obj, hit)
    if hit.rule.walk == "workloads":
        return waited(inquiry, obj, texts)
    found = sources(inquiry, obj)
    return found or _together(inquiry, obj, hit, texts)


def sources(inquiry: Inquiry, obj: Object) -> list[Cause]:
    """Chart, source, image repository: the nearest first; a chart that was not made yet is passed over."""
    found: list[Cause] = []
    needs = [n for n in inquiry.reader.needs(obj) if n.role in ("chart", "source", "image")]
    for role in ("chart", "source", "image"):
        for need in needs:
            if need.role == role and not (role == "chart" and inquiry.reader.missing(need.ref)):
                found += inquiry.examine(need.ref, role, obj)
        if found:
            return found
    return found


def generators(inquiry: Inquiry, artifact: Ref) -> list[Cause]:
    """Why an ExternalArtifact is not there: what its generator says, which names it in its spec."""
    found: list[Cause] = []
    if artifact.kind != "ExternalArtifact" or not inquiry.reader.missing(artifact):
        return found
    for generator in inquiry.reader.every(named("ArtifactGenerator").resource, artifact.namespace):
        if any(text(made, "name") == artifact.name for made in items(generator, "spec.artifacts")):
            found += inquiry.examine(ref_of(generator), "source", generator)
    return found


def _together(inquiry: Inquiry, obj: Object, hit: Match, texts: list[str]) -> list[Cause]:
    """What waits and what it waits for contradict each other: both texts as one may say more than each."""
    need = relations.need_of(obj, "chart", "source", "image")
    other = inquiry.reader.get(need.ref) if need else None
    if other is None or readiness(other) != "True" or not texts:
        return []
    joined = f"{texts[0]}\n{text(condition(other), 'message')}"
    better = [m for m in inquiry.matcher.fitting(joined, text(obj, "kind")) if not m.rule.walk and m.rule.rank > hit.rule.rank]
    return [cause_of(better[0], [], inquiry.context(obj))] if better else []


def dependencies(inquiry: Inquiry, obj: Object, hit: Match) -> list[Cause]:
    """What it depends on and is not ready, the one that the message names first."""
    needs = [n for n in inquiry.reader.needs(obj) if n.role == "dependency"]
    needs.sort(key=lambda n: n.ref.name != hit.captured.get("dependency"))
    inquiry.reader.prefetch([(n.ref, "") for n in needs])
    found: list[Cause] = []
    for need in needs:
        found += inquiry.examine(need.ref, "dependency", obj)
    return found


def waited(inquiry: Inquiry, obj: Object, texts: Iterable[str]) -> list[Cause]:
    """What a health check waits for: the objects that it names, else all that was applied and can be not ready."""
    told = {w.ref: w.status for one in texts for w in relations.waited(one)}
    mine = applied(inquiry.reader, obj)
    versions = {i.ref: i.api_version for i in mine}
    found = _examined(inquiry, obj, mine, told)
    for ref, status in told.items():
        if status == "NotFound" and ref not in versions and inquiry.reader.get(ref) is None:
            shown = f"{ref} status: 'NotFound'"
            found += inquiry.state_cause("check-missing", obj, shown, {"missing": str(ref)}, field="spec.healthChecks")
    if not found:
        found = _past(inquiry, obj, set(told) | {i.ref for i in mine})
    if not found and told and text(condition(obj), "reason") == "HealthCheckFailed":
        seen = [ref for ref in told if inquiry.reader.get(ref, versions.get(ref, "")) is not None]
        if seen and all(_well(inquiry, ref) for ref in seen):
            found = inquiry.state_cause("check-sound", obj, ", ".join(map(str, seen)), field="condition Ready=False")
    return found


def below(inquiry: Inquiry, obj: Object, *, children: bool = True) -> list[Cause]:
    """What of the things that it applied is not well, though nothing waits for it. ``children``: Flux objects count as well."""
    return _examined(inquiry, obj, applied(inquiry.reader, obj), {}, children=children)


def _examined(
    inquiry: Inquiry, obj: Object, mine: list[relations.Item], told: dict[Ref, str], *, children: bool = True
) -> list[Cause]:
    """The causes below, those that look closely before those that only say that something is not ready.

    What a health check has ``told`` comes first, and counts even where it shows no trouble; anything else may still be starting.
    """
    if isinstance(dig(obj, "spec.kubeConfig"), dict):
        inquiry.reader.note(f"what {short(ref_of(obj))} applies is in another cluster (spec.kubeConfig) and was not looked at")
        return []
    versions = {i.ref: i.api_version for i in mine}
    others = [i.ref for i in mine if _looked_into(inquiry, i) and (children or not relations.is_flux(i.ref.kind))]
    wanted = list(dict.fromkeys([*told, *others]))[:MAX_TARGETS]
    inquiry.reader.prefetch([(ref, versions.get(ref, "")) for ref in wanted])
    late = bool(told) or readiness(obj) == "False"
    found: list[Cause] = []
    for ref in wanted:
        target = inquiry.reader.get(ref, versions.get(ref, ""))
        if target is None or (readiness(obj) == "True" and workloads.is_hook(target)):
            continue
        causes = inquiry.examine(ref, "workload", obj, versions.get(ref, ""))
        if ref in told and not causes and not relations.is_flux(ref.kind) and not workloads.current(target):
            causes = inquiry.state_cause("custom-not-ready", target, text(condition(target, "Reconciling"), "message"))
        if ref not in told and not late and workloads.starting(target, inquiry.reader):
            causes = [c for c in causes if c.rank >= CLOSE]
        if readiness(obj) == "True":  # what somebody suspended below is no fault of what applied it
            causes = [c for c in causes if c.code != "object-suspended"]
        found += causes
    return sorted(found, key=lambda cause: cause.rank < CLOSE)


def _looked_into(inquiry: Inquiry, item: relations.Item) -> bool:
    """Workloads, Flux objects, and kinds of others' APIs, which say in a condition how they are."""
    if item.ref.kind in LOOKED_INTO or relations.is_flux(item.ref.kind):
        return True
    group = item.api_version.partition("/")[0] if "/" in item.api_version else ""
    return inquiry.thorough and "." in group and not group.endswith(".k8s.io")


def besides(inquiry: Inquiry, obj: Object) -> list[Cause]:
    """What else is wrong about a failing object: its sources, and what stands from a revision before."""
    before = len(inquiry.links)
    found = sources(inquiry, obj)
    if not found:  # what is well is no part of the chain
        del inquiry.links[before:]
    before = len(inquiry.links)
    under = below(inquiry, obj) if dig(obj, "status.inventory") or dig(obj, "status.history") else []
    if not under:
        del inquiry.links[before:]
    return found + under


def _well(inquiry: Inquiry, ref: Ref) -> bool:
    obj = inquiry.reader.get(ref)
    return obj is not None and (readiness(obj) == "True" if relations.is_flux(ref.kind) else workloads.current(obj))


def applied(reader: Reader, obj: Object) -> list[relations.Item]:
    """What it applied: the inventory; for a HelmRelease without one the release record, else the labels of workloads."""
    recorded = relations.inventory(obj)
    if recorded or text(obj, "kind") != "HelmRelease":
        return recorded
    namespace = text(obj, "spec.targetNamespace") or namespace_of(obj)
    made = reader.every(api.JOB, namespace)
    name = text(obj, "spec.releaseName") or text(obj, "status.history.0.name") or text(obj, "metadata.name")
    release = (
        reader.release(text(obj, "status.storageNamespace") or namespace_of(obj), name) if dig(obj, "status.history") else None
    )
    if release:
        return relations.release_items(text(release, "manifest"), namespace) + [
            relations.Item(ref_of(j), "batch/v1") for j in made if relations.owner(j) == ref_of(obj)
        ]
    resources = (api.DEPLOYMENT, api.STATEFUL_SET, api.DAEMON_SET, api.JOB, api.PVC, api.SERVICE, api.POD)
    reader.prefetch((), [(r, namespace) for r in resources])
    return [
        relations.Item(ref_of(w), r.api_version)
        for r in resources
        for w in reader.every(r, namespace)
        if relations.owner(w) == ref_of(obj)
    ]


def _past(inquiry: Inquiry, obj: Object, known: set[Ref]) -> list[Cause]:
    """Pods that a remediation has removed again still stand in the events: their last warnings, newest first."""
    names = {ref.name for ref in known}
    for namespace in relations.target_namespaces(obj)[:5]:
        events = inquiry.reader.events(namespace)
        makers = _makers(events)
        late = [e for e in events if text(e, "type") == "Warning" and text(e, "involvedObject.kind") in workloads.KINDS]
        for event in sorted(late, key=event_time, reverse=True):
            about = dig(event, "involvedObject")
            top = _top(about, namespace, makers)
            gone = inquiry.reader.get(Ref(text(about, "kind"), namespace, text(about, "name"))) is None
            if not gone or (names and top.name not in names) or event_time(event) < text(obj, "metadata.creationTimestamp"):
                continue
            seen = seen_event(event)
            hits = inquiry.hits([seen])
            if hits:
                at = inquiry.context({"kind": seen.kind, "metadata": {"name": seen.evidence.object.name, "namespace": namespace}})
                return [cause_of(hits[0][1], [seen], at._replace(workload=top))]
    return []


def _makers(events: list[Object]) -> dict[tuple[str, str], tuple[str, str]]:
    """Who made whom, by the events of creation: pod → ReplicaSet, StatefulSet or Job; ReplicaSet → Deployment."""
    made: dict[tuple[str, str], tuple[str, str]] = {}
    for event in events:
        maker = (text(event, "involvedObject.kind"), text(event, "involvedObject.name"))
        found = CREATED.search(text(event, "message"))
        if found:
            made["Pod", found[1] or found[2]] = maker
        scaled = re.search(r"Scaled \w+ replica set (\S+)", text(event, "message"))
        if scaled:
            made["ReplicaSet", scaled[1]] = maker
    return made


def _top(about: Object, namespace: str, makers: dict[tuple[str, str], tuple[str, str]]) -> Ref:
    kind, name = text(about, "kind"), text(about, "name")
    for _ in range(3):
        if (kind, name) not in makers:
            break
        kind, name = makers[kind, name]
    if kind == "ReplicaSet":
        kind, name = "Deployment", name.rpartition("-")[0] or name
    elif kind == "Pod" and re.fullmatch(r".+-[a-f0-9]{7,10}-[a-z0-9]{5}", name):
        kind, name = "Deployment", name.rsplit("-", 2)[0]
    return Ref(kind, namespace, name)


def missing_needs(inquiry: Inquiry, obj: Object) -> list[Cause]:
    """References that lead nowhere, for an object whose own words do not say what it lacks."""
    found: list[Cause] = []
    for need in inquiry.reader.needs(obj):
        if need.role in ("source", "secret", "image", "dependency") and not need.optional and inquiry.reader.missing(need.ref):
            found += inquiry.examine(need.ref, need.role, obj)
    return found


def held_up(inquiry: Inquiry, obj: Object, found: list[Cause]) -> list[Cause]:
    """What will keep a mend from arriving, though it did not make the symptom: a failing source, a parent that stands still."""
    before = len(inquiry.links)
    upstream = sources(inquiry, obj) if found and readiness(obj) == "False" else []
    if not upstream:  # a source that is well explains nothing
        del inquiry.links[before:]
    return [*upstream, *parents(inquiry, obj)]


def parents(inquiry: Inquiry, obj: Object) -> list[Cause]:
    """What stops changes from arriving here: a parent that is suspended or fails before it applies, up to the root."""
    found: list[Cause] = []
    above, seen = relations.owner(obj), set()
    while above and above not in seen:
        seen.add(above)
        parent = inquiry.reader.get(above)
        if parent is None:
            break
        if _holds_back(parent):
            found += inquiry.examine(above, "parent", obj)
        else:
            inquiry.note_link(parent, "parent")
            if above.kind == "Kustomization":
                found += sources(inquiry, parent)
        above = relations.owner(parent)
    return found


def _holds_back(parent: Object) -> bool:
    ready = condition(parent)
    return dig(parent, "spec.suspend") is True or (text(ready, "status") == "False" and text(ready, "reason") in BEFORE_APPLY)
