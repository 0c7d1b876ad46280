"""Strings from elsewhere, made fit for a terminal; and Go's way of quoting them."""

_HEX = "0123456789abcdef"
_WORD = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_ESCAPES = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\", '"': '\\"'}


def shorten(text: str) -> str:
    """Cut digests and commit hashes (40 to 128 lower-case hex digits) to their first eight characters."""
    if len(text) < 40:
        return text
    words = text.translate(_BETWEEN).split("\n")
    if max(map(len, words)) < 40:
        return text
    out, at = [], 0
    for word in words:
        end = at + len(word)
        out += [word[:8] if 40 <= len(word) <= 128 and not word.strip(_HEX) else word, text[end : end + 1]]
        at = end + 1
    return "".join(out)


class _Between(dict[int, str]):
    """For ``str.translate``: what stands in a word stays, all else is a newline."""

    def __missing__(self, _char: int) -> str:
        return "\n"


_BETWEEN = _Between({ord(char): char for char in _WORD})


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
