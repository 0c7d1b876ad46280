"""What a diagnosis answers: plain data, the same for text, JSON and the library.

Times are RFC 3339 strings as the cluster wrote them; texts are raw (a printer cleans them for a terminal) and masked:
they hold no Secret's value.
"""

from typing import Any, NamedTuple

from flux_cli.core.objects import Ref

API_VERSION = "diagnosis.flux-cli.dev/v1"

CERTAIN = "certain"  # the failing object says so itself, and nothing that was read contradicts it
LIKELY = "likely"  # the text fits, but what would prove it could not be read, or the object is inferred
POSSIBLE = "possible"  # one of several explanations


class Evidence(NamedTuple):
    """Where something was seen: ``field`` is a condition, an event, a log or a dotted path of the object."""

    object: Ref
    field: str
    text: str
    time: str = ""


class Cause(NamedTuple):
    """Why the symptom is there.

    ``code``: a slug of the taxonomy of causes; ``object``: what has to change, though it may not exist;
    ``shows_on``: the object on which the evidence was found; ``remedy``: commands to copy, the most useful first;
    ``rule`` and ``rank``: which rule said so, and how closely it looks (not part of the JSON).
    """

    code: str
    object: Ref
    summary: str
    confidence: str
    evidence: tuple[Evidence, ...] = ()
    remedy: tuple[str, ...] = ()
    shows_on: Ref | None = None
    rule: str = ""
    rank: int = 0


class Link(NamedTuple):
    """One object of the chain from the symptom to the cause.

    ``state``: Ready, Failed, Progressing, Suspended, Missing or Unreadable; ``depth``: how far below the symptom.
    """

    object: Ref
    relation: str
    state: str
    message: str = ""
    depth: int = 0


class Step(NamedTuple):
    """One step of the runbook: what one would type, and what it showed. ``state``: ok, problem, unknown or skipped."""

    title: str
    command: str
    state: str
    lines: tuple[str, ...]


class Diagnosis(NamedTuple):
    """The answer for one symptom. ``notes`` say what could not be read and how far the verdict still holds.

    ``lost``: in a watch, how the symptom went out of sight ("gone", "out of reach"); "" while it is seen (not part of the JSON).
    """

    symptom: Ref
    healthy: bool
    verdict: str
    causes: tuple[Cause, ...] = ()
    chain: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    lost: str = ""


class Group(NamedTuple):
    """Failing objects that share one cause. ``blocks`` are those that only follow from it."""

    cause: Cause
    symptoms: tuple[Ref, ...]
    blocks: tuple[Ref, ...] = ()


class ControllerState(NamedTuple):
    """``state``: running, or what is wrong in words."""

    name: str
    namespace: str
    healthy: bool
    state: str


class Triage(NamedTuple):
    """The cluster at a glance, the group that blocks most first. ``unsettled`` fail without a cause that can be named."""

    groups: tuple[Group, ...]
    unsettled: tuple[Link, ...]
    healthy: int
    total: int
    controllers: tuple[ControllerState, ...] = ()
    namespaces: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Explanation(NamedTuple):
    """What a pasted message means, without a cluster. ``apart``: the causes are of several objects, not readings of one text."""

    causes: tuple[Cause, ...]
    apart: bool = False


def exit_code(healthy: bool, causes: int) -> int:
    """0 healthy, 3 a cause was named, 4 unhealthy without a settled cause."""
    return 0 if healthy else 3 if causes else 4


def _ref(ref: Ref | None) -> dict[str, str] | None:
    return None if ref is None else {"kind": ref.kind, "namespace": ref.namespace, "name": ref.name}


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "code": cause.code,
        "object": _ref(cause.object),
        "summary": cause.summary,
        "confidence": cause.confidence,
        "showsOn": _ref(cause.shows_on),
        "evidence": [{"object": _ref(e.object), "field": e.field, "text": e.text, "time": e.time} for e in cause.evidence],
        "remedy": list(cause.remedy),
    }


def _link(link: Link) -> dict[str, Any]:
    return {"object": _ref(link.object), "relation": link.relation, "state": link.state, "message": link.message}


def diagnosis_document(found: Diagnosis) -> dict[str, Any]:
    """The JSON of ``troubleshoot KIND NAME``."""
    out: dict[str, Any] = {
        "apiVersion": API_VERSION,
        "kind": "Diagnosis",
        "symptom": _ref(found.symptom),
        "healthy": found.healthy,
        "verdict": found.verdict,
        "causes": [_cause(c) for c in found.causes],
        "chain": [_link(link) for link in found.chain],
        "notes": list(found.notes),
    }
    if found.steps:
        out["steps"] = [{"title": s.title, "command": s.command, "state": s.state, "lines": list(s.lines)} for s in found.steps]
    return out


def diagnoses_document(found: list[Diagnosis]) -> dict[str, Any]:
    """Several symptoms in one document."""
    return {"apiVersion": API_VERSION, "kind": "DiagnosisList", "items": [diagnosis_document(d) for d in found]}


def triage_document(found: Triage) -> dict[str, Any]:
    """The JSON of ``troubleshoot`` without a symptom."""
    return {
        "apiVersion": API_VERSION,
        "kind": "Triage",
        "healthy": not found.groups and not found.unsettled,
        "counts": {"objects": found.total, "healthy": found.healthy},
        "groups": [
            _cause(g.cause) | {"symptoms": [_ref(r) for r in g.symptoms], "blocks": [_ref(r) for r in g.blocks]}
            for g in found.groups
        ],
        "unsettled": [_link(link) for link in found.unsettled],
        "controllers": [c._asdict() for c in found.controllers],
        "healthyNamespaces": list(found.namespaces),
        "notes": list(found.notes),
    }


def explanation_document(found: Explanation) -> dict[str, Any]:
    return {"apiVersion": API_VERSION, "kind": "Explanation", "causes": [_cause(c) for c in found.causes]}
