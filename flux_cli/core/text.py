"""Strings from elsewhere, made fit for a terminal; and Go's way of quoting them."""

import re

_HEX = re.compile(r"(?<![0-9A-Za-z_])[a-f0-9]{40,128}(?![0-9A-Za-z_])")
_ESCAPES = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\", '"': '\\"'}


def shorten(text: str) -> str:
    """Cut digests and commit hashes (40 to 128 lower-case hex digits) to their first eight characters."""
    return _HEX.sub(lambda match: match[0][:8], text)


def clean(text: str) -> str:
    """The text without control characters but newline and tab, so that nothing from a cluster steers the terminal.

    Also dropped: bidirectional overrides and other format characters that hide what is written; what is left prints as itself.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c for c in text if c in "\n\t" or c.isprintable() or c == "\u00a0" or _joins(c))


def _joins(char: str) -> bool:
    """Zero-width joiner and variation selectors belong to emoji; the space kinds print as blanks."""
    return char in "\u200d\ufe0f\ufe0e\u3000\u2002\u2003\u2009"


def one_line(text: str, limit: int = 0) -> str:
    """Clean, blanks folded, and cut with an ellipsis where longer than ``limit`` characters."""
    folded = " ".join(clean(text).split())
    return folded if not limit or len(folded) <= limit else folded[: limit - 1] + "…"


def go_quote(text: str) -> str:
    """Go's %q."""
    out = []
    for char in text:
        if char in _ESCAPES:
            out.append(_ESCAPES[char])
        elif char.isprintable():
            out.append(char)
        elif ord(char) < 0x80 or 0xDC80 <= ord(char) <= 0xDCFF:  # the latter stand for bytes that are no UTF-8
            out.append(f"\\x{ord(char) & 0xFF:02x}")
        elif ord(char) < 0x10000:
            out.append(f"\\u{ord(char):04x}")
        else:
            out.append(f"\\U{ord(char):08x}")
    return '"' + "".join(out) + '"'
