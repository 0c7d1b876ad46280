"""How an object stands, in a word and in a sentence."""

from flux_cli import kinds
from flux_cli.core.objects import Object, Ref, condition, text
from flux_cli.diagnosis import relations, workloads
from flux_cli.diagnosis.masking import mask
from flux_cli.diagnosis.observing import in_progress, readiness, short
from flux_cli.diagnosis.result import Cause


def sound(obj: Object) -> bool:
    """Whether nothing in its own status says that it is not well."""
    kind = text(obj, "kind")
    if not relations.is_flux(kind):
        return workloads.settled(obj)
    return kinds.named(kind).static(obj) or readiness(obj) == "True"


def verdict(symptom: Ref, healthy: bool, found: list[Cause], obj: Object | None) -> str:
    """The one sentence that comes first."""
    if healthy:
        return f"{short(symptom)} is healthy."
    if found:
        return found[0].summary
    phase = text(condition(obj or {}, "Reconciling"), "message") or text(condition(obj or {}), "message")
    if obj and in_progress(obj):
        return f"{short(symptom)} is being worked on, and nothing failed so far: {mask(phase)}"
    if obj and relations.is_flux(symptom.kind) and not readiness(obj):
        return f"{short(symptom)} has no status yet: its controller has not looked at it."
    if obj and symptom.kind in workloads.KINDS:
        return f"{short(symptom)} is not up yet, and nothing that it shows speaks of trouble so far."
    return f"{short(symptom)} is not ready, and nothing that could be read says why{': ' if phase else '.'}{mask(phase)}"


def looks(obj: Object) -> tuple[str, str]:
    """State and message of an object, as the chain shows them."""
    return _state(obj), message(obj)


def _state(obj: Object) -> str:
    kind = text(obj, "kind")
    if relations.is_flux(kind):
        known = kinds.named(kind)
        if known.suspended(obj):
            return "Suspended"
        if known.static(obj) and readiness(obj) != "False":
            return "Ready"
        return {"True": "Ready", "False": "Failed"}.get(readiness(obj), "Progressing")
    return "Ready" if workloads.settled(obj) else "Failed"


def message(obj: Object) -> str:
    return mask(text(condition(obj), "message"))
