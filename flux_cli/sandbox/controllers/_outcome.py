"""What a reconciliation of one object comes to, in the words of the real controllers."""

from typing import Any, NamedTuple

from flux_cli.core.objects import Object, dig, text

RETRY = 2.0  # seconds; the real ones take 30 s and more, nobody waits for that here


class Condition(NamedTuple):
    """One condition without its times."""

    type: str
    status: str
    reason: str
    message: str


class Note(NamedTuple):
    """An event, and the same as a log line. ``error`` is the log line's error field."""

    reason: str
    message: str
    warning: bool = False
    annotations: dict[str, str] = {}  # noqa: RUF012 - never written to


class Line(NamedTuple):
    """A log line that is no event."""

    message: str
    error: str = ""
    fields: dict[str, Any] = {}  # noqa: RUF012 - never written to


class Outcome(NamedTuple):
    """``done``: the controller has looked at this generation and will not retry it on its own (success, or stalled).

    ``status`` is merged into the status (None removes); ``retry`` seconds until the next try, 0 for the interval.
    """

    conditions: tuple[Condition, ...]
    done: bool
    status: Object = {}  # noqa: RUF012 - never written to
    notes: tuple[Note, ...] = ()
    lines: tuple[Line, ...] = ()
    retry: float = 0.0


class Failure(Exception):
    """A reconciliation ends here: Ready is False with this reason and message.

    ``stalled``: no retry before the spec changes. ``kind`` is the condition that goes with it (FetchFailed …).
    """

    def __init__(self, reason: str, message: str, *, kind: str = "", stalled: bool = False, status: Object | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.kind = kind
        self.stalled = stalled
        self.status = status or {}


class Waiting(Exception):
    """Something that is needed is not there yet: Ready is False, nothing is wrong with the object itself."""

    def __init__(self, reason: str, message: str, line: str, *, status: Object | None = None, note: Note | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.line = line
        self.status = status or {}
        self.note = note


def ready(reason: str, message: str, *also: str) -> tuple[Condition, ...]:
    """Ready=True, and the conditions ``also`` with the same words."""
    return tuple(Condition(kind, "True", reason, message) for kind in ("Ready", *also))


def conditions(obj: Object, wanted: tuple[Condition, ...], now: str) -> list[Object]:
    """The list for the status; a condition that says what it said keeps its time.

    Released tells of the generation that was released, not of the last that was looked at.
    """
    known = {text(c, "type"): c for c in dig(obj, "status.conditions", []) if isinstance(c, dict)}
    out = []
    for condition in wanted:
        before = known.get(condition.type, {})
        generation = dig(obj, "metadata.generation", 1)
        same = all(before.get(field) == value for field, value in condition._asdict().items())
        out.append(
            condition._asdict()
            | {
                "observedGeneration": dig(before, "observedGeneration", generation)
                if same and condition.type == "Released"
                else generation,
                "lastTransitionTime": text(before, "lastTransitionTime") if same and text(before, "lastTransitionTime") else now,
            }
        )
    return out
