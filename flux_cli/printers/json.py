"""JSON that is safe to look at: characters that could steer a terminal or hide text are written as escapes."""

import json
import re
from typing import Any

_ESCAPED = re.compile(r"[^ -~\n]")  # what needs a look: everything but printable ASCII and the line breaks of the layout


def dump(value: Any) -> str:
    """Two blanks a level, keys in their own order, a final newline."""
    return _visible(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


def line(value: Any) -> str:
    """One value on one line, as a record of a stream (NDJSON)."""
    return _visible(json.dumps(value, separators=(",", ":"), ensure_ascii=False)) + "\n"


def html_safe(text: str) -> str:
    """JSON text as Go's encoder writes it: the characters of HTML tags as escapes."""
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _visible(text: str) -> str:
    """Control, format and private characters only ever stand inside strings, where an escape means the same."""
    return text if text.isascii() and "\x7f" not in text else _ESCAPED.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char.isprintable() or char == "\u00a0":
        return char
    if char < "\U00010000":
        return f"\\u{ord(char):04x}"
    offset = ord(char) - 0x10000
    return f"\\u{0xD800 + (offset >> 10):04x}\\u{0xDC00 + (offset & 0x3FF):04x}"
