"""What an object shows: conditions, events, log lines. Each as kind, reason and text, for the rules to read."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from flux_cli.core.objects import Object, Ref, condition, conditions, dig, namespace_of, ref_of, text
from flux_cli.diagnosis.result import Evidence

# A condition of these types speaks of trouble when it is False; of the others below when it is True.
GOOD = ("Ready", "Released", "TestSuccess", "SourceVerified", "Healthy", "Available", "Established", "NamesAccepted")
BAD = (
    "Stalled",
    "FetchFailed",
    "StorageOperationFailed",
    "BuildFailed",
    "IncludeUnavailable",
    "Failed",
    "ReplicaFailure",
    "FailureTarget",
)


class Seen(NamedTuple):
    """One observation. ``settled``: said by the object's own status about its present spec; events and logs may be old."""

    kind: str
    reason: str
    text: str
    evidence: Evidence
    settled: bool = True


def readiness(obj: Object) -> str:
    """True, False or Unknown; "" where no controller has said anything yet."""
    found = condition(obj)
    return text(found, "status") if found else ""


def troubles(obj: Object) -> list[Seen]:
    """The conditions that speak of trouble, Ready first, then those that say more than Ready does."""
    kind, ref = text(obj, "kind"), ref_of(obj)
    found = [c for c in conditions(obj) if _is_trouble(c)]
    found.sort(key=lambda c: (text(c, "type") != "Ready", text(c, "type") == "Stalled"))
    return [_seen_condition(kind, ref, c, settled=not _about_older(obj, c)) for c in found]


def outdated(obj: Object) -> bool:
    """What Ready says is about an earlier spec: the controller has not come to the present one."""
    return _about_older(obj, condition(obj) or {})


def _about_older(obj: Object, found: Object) -> bool:
    """By the condition's own generation: that of the status stays behind, too, while an object only fails."""
    seen, now = dig(found, "observedGeneration"), dig(obj, "metadata.generation")
    return isinstance(seen, int) and isinstance(now, int) and seen < now


def _is_trouble(found: Object) -> bool:
    type_, status = text(found, "type"), text(found, "status")
    if type_ == "Remediated":
        return status in ("True", "False")
    if type_ == "Reconciling":
        return status == "True"
    if type_ in GOOD:
        return status == "False" or (status == "Unknown" and type_ in ("Ready", "Healthy"))
    return type_ in BAD and status == "True"


def _seen_condition(kind: str, ref: Ref, found: Object, *, settled: bool) -> Seen:
    message, type_ = text(found, "message"), text(found, "type")
    where = f"condition {type_}={text(found, 'status')}"
    return Seen(kind, text(found, "reason"), message, Evidence(ref, where, message, text(found, "lastTransitionTime")), settled)


def in_progress(obj: Object) -> bool:
    """A controller works on it right now, and has not failed at it so far as the status says."""
    found = condition(obj)
    return found is not None and text(found, "status") == "Unknown" and text(found, "reason") == "Progressing"


def event_time(event: Object) -> str:
    return (
        text(event, "lastTimestamp")
        or text(event, "eventTime")
        or text(event, "firstTimestamp")
        or text(event, "metadata.creationTimestamp")
    )


def warnings(events: Iterable[Object]) -> list[Seen]:
    """Warning events as observations, the newest first."""
    return [seen_event(event) for event in sorted(events, key=event_time, reverse=True)]


def seen_event(event: Object) -> Seen:
    """Text is "reason: message" for what Kubernetes itself writes, the message alone for Flux's controllers."""
    about = dig(event, "involvedObject", {})
    kind, reason, message = text(about, "kind"), text(event, "reason"), text(event, "message").split("\n\nLast Helm logs:")[0]
    ref = Ref(kind, text(about, "namespace") or namespace_of(event), text(about, "name"))
    shown = message if "toolkit.fluxcd.io" in text(about, "apiVersion") else f"{reason}: {message}"
    return Seen(kind, reason, shown, Evidence(ref, f"event {reason}", message, event_time(event)), settled=False)


class LogLine(NamedTuple):
    """A line of a controller's log; one that is not JSON is all message."""

    level: str
    kind: str
    namespace: str
    name: str
    message: str
    time: str


def log_line(line: str) -> LogLine | None:
    """None for lines without words."""
    if not line.startswith("{"):
        return LogLine("", "", "", "", line.strip(), "") if line.strip() else None
    try:
        entry = json.loads(line)
    except ValueError:
        return LogLine("", "", "", "", line.strip(), "")
    if not isinstance(entry, dict):
        return None
    kind = text(entry, "controllerKind") or text(entry, "reconciler kind") or text(entry, "kind")
    if isinstance(entry.get("alert"), dict):  # what the event server says about an alert is about an event's object as well
        entry |= {"Alert": entry["alert"], "namespace": "", "name": ""}
        kind = "Alert"
    message = ": ".join(part for part in (text(entry, "msg"), text(entry, "error")) if part)
    name = text(entry, "name") or text(entry, f"{kind}.name")
    namespace = text(entry, "namespace") or text(entry, f"{kind}.namespace")
    return LogLine(text(entry, "level"), kind, namespace, name, message, text(entry, "ts"))


def logged(lines: Iterable[str], ref: Ref, until: str = "") -> list[Seen]:
    """What a controller logged as errors about one object, the newest first. Conflict lines are by-products and left out.

    ``until``: words of a line about the object after which older errors count no longer.
    """
    found: list[Seen] = []
    for line in lines:
        entry = log_line(line)
        if entry is None or (entry.kind, entry.namespace, entry.name) != (ref.kind, ref.namespace, ref.name):
            continue
        if until and until in entry.message:
            found = []
        if entry.level == "error" and "the object has been modified" not in entry.message:
            shown = Evidence(ref, "controller log", entry.message, entry.time)
            found.append(Seen(ref.kind, "", entry.message, shown, settled=False))
    return found[::-1]


def short(ref: Ref) -> str:
    """``Kind namespace/name``, as sentences name an object."""
    return f"{ref.kind} {ref.namespace}/{ref.name}" if ref.namespace else f"{ref.kind} {ref.name}"
