"""Go durations: ``1h2m3.5s`` in and out, in seconds. Grammar and messages are those of Go's time.ParseDuration."""

_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_LIMIT = 2**63


def parse(text: str) -> float:
    """Seconds. Raises ValueError with Go's message."""
    return parse_nanoseconds(text) / 1e9


def parse_nanoseconds(text: str) -> int:
    """Nanoseconds, exact. Raises ValueError with Go's message."""
    import re

    body = text[1:] if text[:1] in ("+", "-") else text
    if body == "0":
        return 0
    if not body:
        raise ValueError(f"time: invalid duration {quote(text)}")
    total = 0
    while body:
        number = re.match(r"([0-9]*)(?:\.([0-9]*))?", body)
        assert number
        if not (number[1] or number[2]) or int(number[1] or 0) > _LIMIT:
            raise ValueError(f"time: invalid duration {quote(text)}")
        body = body[number.end() :]
        unit = re.match(r"[^.0-9]*", body)
        assert unit
        if not unit[0]:
            raise ValueError(f"time: missing unit in duration {quote(text)}")
        if unit[0] not in _UNITS:
            raise ValueError(f"time: unknown unit {quote(unit[0])} in duration {quote(text)}")
        body = body[unit.end() :]
        scale = _UNITS[unit[0]]
        fraction = number[2] or ""
        total += int(number[1] or 0) * scale + int(fraction or 0) * scale // 10 ** len(fraction)
        if total > _LIMIT:
            raise ValueError(f"time: invalid duration {quote(text)}")
    if text[0] == "-":
        return -total
    if total == _LIMIT:  # the smallest number has no positive twin
        raise ValueError(f"time: invalid duration {quote(text)}")
    return total


def format(seconds: float) -> str:
    """Go's Duration.String: ``5m0s``, ``1h0m0s``, ``1.5s``, ``300ms``, ``0s``."""
    nanos = round(seconds * 10**9)
    sign, nanos = ("-", -nanos) if nanos < 0 else ("", nanos)
    if nanos == 0:
        return "0s"
    for unit, scale in (("ns", 1), ("µs", 10**3), ("ms", 10**6)):
        if nanos < scale * 1000:
            return f"{sign}{_decimal(nanos, scale)}{unit}"
    minutes, rest = divmod(nanos, 60 * 10**9)
    out = f"{_decimal(rest, 10**9)}s"
    if minutes:
        hours, minutes = divmod(minutes, 60)
        out = f"{minutes}m{out}"
        if hours:
            out = f"{hours}h{out}"
    return sign + out


def _decimal(value: int, scale: int) -> str:
    whole, rest = divmod(value, scale)
    if not rest:
        return str(whole)
    return f"{whole}." + str(rest).zfill(len(str(scale)) - 1).rstrip("0")


def quote(text: str) -> str:
    """As Go's time package quotes: whatever is not printable ASCII byte by byte."""
    shown = {'"': '\\"', "\\": "\\\\"}
    bytewise = (
        shown.get(c, c) if " " <= c < "\x7f" else "".join(f"\\x{b:02x}" for b in c.encode(errors="surrogateescape")) for c in text
    )
    return '"' + "".join(bytewise) + '"'


def age(seconds: float) -> str:
    """A short age as kubectl and flux print it: ``45s``, ``3m2s``, ``5h``, ``6d3h``, ``2y``. Truncates."""
    secs = int(seconds) if seconds >= 0 else -1 if seconds > -1 else int(seconds) - 1
    if seconds < -1:
        return "<invalid>"
    if secs < 0:
        return "0s"
    if secs < 120:
        return f"{secs}s"
    minutes, hours, days = secs // 60, secs // 3600, secs // 86400
    if minutes < 10:
        return _pair(minutes, "m", secs % 60, "s")
    if minutes < 180:
        return f"{minutes}m"
    if hours < 8:
        return _pair(hours, "h", minutes % 60, "m")
    if hours < 48:
        return f"{hours}h"
    if hours < 192:
        return _pair(days, "d", hours % 24, "h")
    if hours < 17520:
        return f"{days}d"
    if hours < 70080:
        return _pair(days // 365, "y", days % 365, "d")
    return f"{days // 365}y"


def _pair(big: int, unit: str, small: int, small_unit: str) -> str:
    return f"{big}{unit}" + (f"{small}{small_unit}" if small else "")
