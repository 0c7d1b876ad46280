"""Words that events have overtaken: what an object says it waits for is there by now."""

from flux_cli.core.objects import Object, text
from flux_cli.diagnosis import controller_causes, silent
from flux_cli.diagnosis.inquiry import Inquiry
from flux_cli.diagnosis.observing import Seen, outdated, short
from flux_cli.diagnosis.result import Cause
from flux_cli.diagnosis.rules import Match
from flux_cli.diagnosis.standing import sound

WAITED = {"dependency": ("dependency",), "source": ("chart", "source", "image")}
MORE = (
    "revision is not up to date",
    "readyexpr",
    "answers 404",
    "artifact not found. retrying",
    "is not ready, artifact not found",
)


def waits(hit: Match) -> bool:
    """Whether the object waits for others before it does anything itself: its own events are then about something else."""
    return hit.rule.walk in WAITED


def ready_now(inquiry: Inquiry, obj: Object, seen: Seen, hit: Match) -> list[Cause]:
    """All that it waits for can be read and is well: nobody has looked since. Empty where more than readiness is asked for."""
    needs = [need for need in inquiry.reader.needs(obj) if need.role in WAITED.get(hit.rule.walk, ())]
    found = [inquiry.reader.get(need.ref) for need in needs]
    if not needs or any(other is None or not sound(other) or not _offers(other) for other in found):
        return []
    if any(words in seen.text.lower() for words in MORE):
        return []
    unseen = [cause for other in found if other is not None and outdated(other) for cause in silent.unhandled(inquiry, other)]
    if unseen:  # it was well before its spec was changed
        return unseen
    captured = {"missing": ", ".join(short(need.ref) for need in needs)}
    state = f"ready-now-{hit.rule.walk}"
    return controller_causes.handling(inquiry, obj) or inquiry.state_cause(
        state, obj, seen.text, captured, missing=needs[0].ref, field=seen.evidence.field, time=seen.evidence.time
    )


def _offers(obj: Object) -> bool:
    """A source without an artifact has nothing to give, whatever its conditions say."""
    return text(obj, "kind") not in ("GitRepository", "OCIRepository", "Bucket", "ExternalArtifact") or bool(
        text(obj, "status.artifact.revision")
    )
