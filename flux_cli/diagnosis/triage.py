"""The whole cluster at a glance: every Flux object examined over lists, failing ones grouped by what has to change."""

from flux_cli import kinds
from flux_cli.core import api, labelselectors
from flux_cli.core.objects import Object, Ref, labels, namespace_of, ref_of
from flux_cli.diagnosis import controllers, engine, standing
from flux_cli.diagnosis.observing import short
from flux_cli.diagnosis.reader import LIMIT_RANGE, Reader
from flux_cli.diagnosis.result import Cause, Group, Link, Triage

ROOT = Ref("Kustomization", "flux-system", "flux-system")
SURROUNDINGS = (
    api.DEPLOYMENT, api.STATEFUL_SET, api.DAEMON_SET, api.JOB, api.POD, api.PVC, api.SERVICE, api.EVENT, api.SECRET,
    api.CONFIG_MAP, api.SERVICE_ACCOUNT, api.NAMESPACE, LIMIT_RANGE,
)  # fmt: skip


def triage(reader: Reader, namespace: str = "", selector: str = "") -> Triage:
    """Read everything once, one list a kind; then examine what is in ``namespace`` (empty: in all) and has the labels selected.

    With a namespace nothing is listed beyond it and the controllers' own, so rights in one namespace are enough.
    """
    resources = [kind.resource for kind in kinds.every()] + list(SURROUNDINGS)
    if namespace:
        reader.confined = True
        reader.prefetch((), [(resource, namespace) for resource in resources if resource.namespaced])
    else:
        reader.preload(resources)
    objects = [o for kind in kinds.every() for o in reader.every(kind.resource, namespace) if _asked(o, selector)]
    inquiry = engine.Examination(reader, ROOT)
    found: dict[Ref, list[Cause]] = {}
    unsettled: list[Link] = []
    for obj in objects:
        ref = ref_of(obj)
        causes = engine.ranked(inquiry.survey(ref))
        if causes:
            found[ref] = causes
        elif not standing.sound(obj):
            unsettled.append(Link(ref, "symptom", *standing.looks(obj)))
    bad = set(found) | {link.object for link in unsettled}
    spaces = {namespace_of(o) for o in objects}
    well = sorted(spaces - {ref.namespace for ref in bad})
    return Triage(
        tuple(grouped(reader, found, objects)), tuple(unsettled), len(objects) - len(bad), len(objects),
        tuple(controllers.states(reader)), tuple(well), tuple(reader.notes),
    )  # fmt: skip


def _asked(obj: Object, selector: str) -> bool:
    return not selector or labelselectors.matches(selector, labels(obj))


def grouped(reader: Reader, found: dict[Ref, list[Cause]], objects: list[Object]) -> list[Group]:
    """One group for each cause and object; what only waits for it stands under ``blocks``. The worst comes first."""
    causes: dict[tuple[str, Ref], Cause] = {}
    members: dict[tuple[str, Ref], list[Ref]] = {}
    for ref, named in found.items():
        for cause in named:
            key = (cause.code, cause.object)
            causes.setdefault(key, cause)
            members.setdefault(key, []).append(ref)
    held = _held_by(reader, objects)
    groups = []
    for key, cause in causes.items():
        mine = set(members[key])
        shown = [ref for ref in members[key] if ref in (cause.shows_on, cause.object)] or members[key][:1]
        waiting = [ref for ref in members[key] if ref not in shown]
        more = [r for ref in members[key] for r in held.get(ref, []) if r not in mine and r in found]
        groups.append(Group(cause, tuple(shown), tuple(dict.fromkeys([*waiting, *more]))))
    return sorted(groups, key=_weight)


def _held_by(reader: Reader, objects: list[Object]) -> dict[Ref, list[Ref]]:
    """For each object those that depend on it."""
    held: dict[Ref, list[Ref]] = {}
    for obj in objects:
        for need in reader.needs(obj):
            if need.role == "dependency":
                held.setdefault(need.ref, []).append(ref_of(obj))
    return held


def _weight(group: Group) -> tuple[bool, bool, int, str]:
    """The root Kustomization and its source above all, the suspended last, then by how much it holds up."""
    touched = (*group.symptoms, *group.blocks, group.cause.object)
    root = any(ref.namespace == ROOT.namespace and ref.name == ROOT.name for ref in touched)
    return not root, group.cause.code == "object-suspended", -len(group.symptoms) - len(group.blocks), short(group.cause.object)
