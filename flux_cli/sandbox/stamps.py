"""The time, as the API server and the controllers write it."""

from datetime import UTC, datetime


def now(to_the: str = "seconds") -> str:
    """RFC 3339 in UTC; ``to_the`` milliseconds or microseconds where the seconds are not enough."""
    return datetime.now(UTC).isoformat(timespec=to_the).replace("+00:00", "Z")
