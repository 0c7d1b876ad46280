"""Times as the API writes them (RFC 3339). What comes from a cluster may be no time at all: then the answer is None, or 0."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime


def parse(stamp: str) -> datetime | None:
    """The time; in UTC where it names no zone."""
    from datetime import UTC, datetime

    try:
        found = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def seconds(stamp: str) -> float:
    """Seconds since the epoch; 0 where it is no time."""
    found = parse(stamp)
    return found.timestamp() if found else 0.0


def local(stamp: str) -> datetime | None:
    """The time in the zone of this machine; as it is where that would leave the years 1 to 9999."""
    found = parse(stamp)
    try:
        return found.astimezone() if found else None
    except OverflowError:
        return found


def utc(moment: datetime, to_the: str = "seconds") -> str:
    """In UTC, cut to the seconds, ``milliseconds`` or ``microseconds``."""
    from datetime import UTC

    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        moment = moment.replace(tzinfo=UTC)
    return moment.isoformat(timespec=to_the).replace("+00:00", "Z")
