"""How many columns of a terminal a text takes, as go-runewidth counts them: the tables of the Go CLI are laid out by it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Measure = Callable[[str], int]

_LOCALE = r"[a-z]{2,3}(?:_[A-Z]{2})?\.(.+)"
_EAST_ASIAN_CHARSETS = frozenset(
    ("jis", "eucjp", "euckr", "euccn", "sjis", "cp932", "cp51932", "cp936", "cp949", "cp950", "big5", "gbk", "gb2312")
)


def measure(environ: Mapping[str, str]) -> Measure:
    """The measure of the user's locale: where it is Chinese, Japanese or Korean, characters of ambiguous width take two columns.

    ``RUNEWIDTH_EASTASIAN`` decides where it is set: ``1`` is yes, anything else no.
    """
    asked = environ.get("RUNEWIDTH_EASTASIAN", "")
    return east_asian_width if (asked == "1" if asked else _is_east_asian(environ)) else display_width


def _is_east_asian(environ: Mapping[str, str]) -> bool:
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG", "")
    if locale in ("", "C", "POSIX") or locale.startswith(("C.", "C-")):
        return False
    import re

    found = re.match(_LOCALE, locale, re.DOTALL)
    charset = (found[1] if found else locale).lower()
    if charset.endswith("@cjk_narrow"):
        return False
    charset = charset.partition("@")[0]
    return charset in _EAST_ASIAN_CHARSETS or (charset in ("utf-8", "utf8") and locale.startswith(("ja", "ko", "zh")))


def display_width(text: str) -> int:
    """Columns of one line: a cluster is as wide as its first character that has a width."""
    if text.isascii():
        return len(text) if text.isprintable() else sum(char.isprintable() for char in text)
    return sum(next((w for w in map(_char_width, cluster) if w), 0) for cluster in _clusters(text))


def east_asian_width(text: str) -> int:
    """The same where characters that are wide in East Asian fonts alone are wide: ``é``, ``…``, ``→``."""
    if text.isascii():
        return display_width(text)
    return sum(next((w for w in map(_east_asian_char_width, cluster) if w), 0) for cluster in _clusters(text))


def _clusters(text: str) -> list[str]:
    """What a person takes for one character."""
    found: list[str] = []
    for char in text:
        if found and _continues(found[-1], char):
            found[-1] += char
        else:
            found.append(char)
    return found


def _char_width(char: str) -> int:
    import unicodedata

    if char < "\u0300":
        return int(char.isprintable() or char == "\u00a0")
    if unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc", "Cs", "Zl", "Zp"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _east_asian_char_width(char: str) -> int:
    import unicodedata

    width = _char_width(char)
    return 2 if width and unicodedata.east_asian_width(char) == "A" else width


def _continues(cluster: str, char: str) -> bool:
    """Does ``char`` belong to the cluster: a mark, what a joiner joins, a second half of a flag, a Hangul vowel or final?"""
    import unicodedata

    if unicodedata.category(char) in ("Mn", "Me", "Mc") or char in "\u200d\u200c" or "\U0001f3fb" <= char <= "\U0001f3ff":
        return cluster != "\t"
    last = cluster[-1]
    if last == "\u200d":
        return unicodedata.category(char) == "So"
    if _is_flag_half(char):
        return _is_flag_half(last) and len(cluster) == 1
    return "\u1100" <= last <= "\u11ff" and "\u1160" <= char <= "\u11ff"


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
