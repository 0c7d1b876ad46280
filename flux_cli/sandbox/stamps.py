"""The time, as the API server and the controllers write it."""

from datetime import UTC, datetime

from flux_cli.core import rfc3339


def now(to_the: str = "seconds") -> str:
    """RFC 3339 in UTC; ``to_the`` milliseconds or microseconds where the seconds are not enough."""
    return rfc3339.utc(datetime.now(UTC), to_the)
