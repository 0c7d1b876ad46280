"""JSON by the C code of the standard library's ``json``, without importing that package: it needs ``re``, which needs ``enum`` …

Four milliseconds of every start. What is read and written is exactly what ``json`` reads and writes.
"""

from __future__ import annotations

from _json import encode_basestring_ascii, make_encoder, make_scanner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BLANKS = " \t\n\r"


class _Rules:
    """What the scanner asks of a decoder."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}.__getitem__


def _refuse(value: Any) -> Any:
    raise TypeError(f"{type(value).__name__} is no JSON")


_scan: Any = make_scanner(_Rules)  # type: ignore[arg-type]
_encode: Any = make_encoder(None, _refuse, encode_basestring_ascii, None, ":", ",", False, False, True)


def value_at(text: str, start: int) -> tuple[Any, int]:
    """The value that begins at ``start`` and where it ends. Raises ValueError, RecursionError."""
    try:
        found: tuple[Any, int] = _scan(text, start)
    except (StopIteration, SystemError):  # 3.11 has no words where nobody has loaded json.decoder, which holds its exception
        raise ValueError(f"no JSON value at {start}") from None
    return found


def loads(data: bytes | str) -> Any:
    """The one value that ``data`` holds. Raises ValueError, RecursionError."""
    text = (data if isinstance(data, str) else data.decode("utf-8", "surrogatepass")).strip(BLANKS)
    value, end = value_at(text, 0)
    if end != len(text):
        raise ValueError(f"more than one JSON value: {end}")
    return value


def dumps(value: Any) -> bytes:
    """Without blanks, ASCII. Raises TypeError, ValueError for what JSON cannot hold, RecursionError for a value within itself."""
    return "".join(_encode(value, 0)).encode()
