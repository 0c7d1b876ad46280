"""YAML as Go's tools write it (sigs.k8s.io/yaml over libyaml's rules), so that what we print is what the Go CLI prints, byte
for byte.

Block style, two blanks, sequences not indented under their key, keys in natural order, folded at column 80, YAML 1.1 words
quoted.
One difference on purpose: a control character is written as an escape, where Go refuses the whole document.
"""

import functools
import re
from itertools import pairwise
from typing import Any

from flux_cli.core.goscalars import format_float, looks_typed

WIDTH = 80
_MAX_SIMPLE_KEY = 128  # bytes; a longer key needs the explicit "? key"

_SAFE = re.compile(r"[A-Za-z0-9_/](?:[-A-Za-z0-9_./@+=,]|:(?=[-A-Za-z0-9_./]))*\Z")
_NOT_PLAIN = re.compile(r"\A(?:---|\.\.\.|[#,\[\]{}&*!|>'\"%@`]|[?:-](?:[ \t]|\Z)| )|[ ]\Z|[ ]#|:(?:[ \t]|\Z)|[\u2028\u2029]")
_BREAK = re.compile("[\r\n\x85\u2028\u2029]")
_SPACE_BREAK = re.compile(" [\r\n\x85\u2028\u2029]")
_BREAK_SPACE = re.compile("[\r\n\x85\u2028\u2029] ")
_SPECIAL = "[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]"  # compiled when first needed: that takes milliseconds
_ESCAPE = '[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|["\\\\\u2028\u2029]'
_SURROGATE = "[\ud800-\udfff]"
_SHORT = {
    "\0": "\\0", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r", "\x1b": "\\e",
    '"': '\\"', "\\": "\\\\", "\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P",
}  # fmt: skip


def dump(value: Any) -> str:
    """The document of a JSON-like value, with its final newline. Keys are sorted; keys that are no strings are written as
    their text."""
    out: list[str] = []
    if isinstance(value, dict) and value:
        _mapping(out, value, 0, "")
    elif isinstance(value, list | tuple) and value:
        _sequence(out, value, 0, "")
    else:
        out.append(_line(_scalar(value, 0, 2)))
    return "".join(out)


def _mapping(out: list[str], value: dict[Any, Any], indent: int, first: str | None) -> None:
    """``first``: what stands before the first key instead of the indentation."""
    pad = " " * indent
    lead = pad if first is None else first
    for key in in_order(value):
        name = key if isinstance(key, str) else bare(key)
        entry = value[key]
        if len(name.encode("utf-8", "replace")) > _MAX_SIMPLE_KEY or _BREAK.search(name):
            out.append(lead + "? " + _line(_scalar(name, indent + 2, indent + 2)))
            _inline(out, entry, indent, pad + ": ")
        else:
            label = lead + _scalar(name, 0, 0, fold=False) + ":"
            if isinstance(entry, dict) and entry:
                out.append(label + "\n")
                _mapping(out, entry, indent + 2, None)
            elif isinstance(entry, list | tuple) and entry:
                out.append(label + "\n")
                _sequence(out, entry, indent, None)
            else:
                column = indent + len(label) - len(lead) + 1
                out.append(label + " " + _line(_scalar(entry, column, indent + 2)))
        lead = pad


def _sequence(out: list[str], value: Any, indent: int, first: str | None) -> None:
    pad = " " * indent
    lead = pad if first is None else first
    for entry in value:
        _inline(out, entry, indent, lead + "- ")
        lead = pad


def _inline(out: list[str], entry: Any, indent: int, lead: str) -> None:
    """An entry that starts on the line of its dash (or of the colon of an explicit key)."""
    if isinstance(entry, dict) and entry:
        _mapping(out, entry, indent + 2, lead)
    elif isinstance(entry, list | tuple) and entry:
        _sequence(out, entry, indent + 2, lead)
    else:
        out.append(lead + _line(_scalar(entry, indent + 2, indent + 2)))


def _line(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def _scalar(value: Any, column: int, indent: int, fold: bool = True) -> str:
    """A scalar that starts at ``column``; its further lines are indented by ``indent``."""
    if not isinstance(value, str):
        return bare(value)
    if _SAFE.match(value) and not looks_typed(value):
        return value
    simple = value.isascii() and value.replace("\n", "").isprintable()
    text = value if simple else re.sub(_SURROGATE, "\ufffd", value)
    special = not simple and re.search(_SPECIAL, text) is not None
    if "\n" in text:
        if special or not fold or text[-1] == " " or _SPACE_BREAK.search(text):
            return _double(text, column, indent, fold)
        return _literal(text, indent)
    if special or looks_typed(text):
        return _double(text, column, indent, fold)
    if not _NOT_PLAIN.search(text):
        return _folded(text, column, indent) if fold and column + len(text) > WIDTH else text
    if _SPACE_BREAK.search(text) or _BREAK_SPACE.search(text) or (not fold and _BREAK.search(text)):
        return _double(text, column, indent, fold)
    return _single(text, column, indent, fold)


def bare(value: Any) -> str:
    """A null, bool or number as it stands in a file; text as it is."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if -(2**63) <= value < 2**64 else format_float(float(value))
    if isinstance(value, float):
        return format_float(value)
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list | tuple):
        return "[]"
    raise TypeError(f"{type(value).__name__} is not a JSON value")


def _literal(text: str, indent: int) -> str:
    hint = "2" if text[0] in " \n\u2028\u2029" else ""
    if not _BREAK.match(text[-1]):
        chomp = "-"
    elif len(text) == 1 or _BREAK.match(text[-2]):
        chomp = "+"
    else:
        chomp = ""
    pad = " " * indent
    body = re.sub("(?m)^(?=[^\n\u2028\u2029])", pad, text)
    body = re.sub("(?<=[\u2028\u2029])(?=[^\n\u2028\u2029])", pad, body)
    return f"|{hint}{chomp}\n{body}"


def _folded(text: str, column: int, indent: int) -> str:
    """Break at single blanks once the column is past the width; the blank is replaced by the line break."""
    words = text.split(" ")
    out = [words[0]]
    column += len(words[0])
    for before, word in pairwise(words):
        if column > WIDTH and before and word:
            out.append("\n" + " " * indent)
            column = indent
        else:
            out.append(" ")
            column += 1
        out.append(word)
        column += len(word)
    return "".join(out)


def _single(text: str, column: int, indent: int, fold: bool) -> str:
    body = text.replace("'", "''")
    if not fold or (column + 1 + len(body) <= WIDTH and not _BREAK.search(body)):
        return f"'{body}'"
    out, column = [], column + 1
    for part in re.split("([\u2028\u2029]+)", body):
        if part and part[0] in "\u2028\u2029":
            out.append(part + " " * indent)
            column = indent
        else:
            out.append(_folded(part, column, indent))
            column += len(part)
    closed = "".join(out)
    if body[-1] in "\u2028\u2029":
        closed = closed.rstrip(" ")
    return f"'{closed}'"


def _double(text: str, column: int, indent: int, fold: bool) -> str:
    body = _escape(text)
    if not fold or column + 1 + len(body) <= WIDTH:
        return f'"{body}"'
    out, column, blank = [], column + 1, False
    for index, char in enumerate(text):
        if char != " ":
            piece, blank = _escape(char), False
        elif column > WIDTH and not blank and 0 < index < len(text) - 1:
            out.append("\n" + " " * indent)
            piece, column, blank = "\\" if text[index + 1] == " " else "", indent, True
        else:
            piece, blank = " ", True
        out.append(piece)
        column += len(piece)
    return '"' + "".join(out) + '"'


def _escape(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return re.sub(_ESCAPE, _escaped, text)


def _escaped(match: "re.Match[str]") -> str:
    char = match[0]
    code = ord(char)
    return _SHORT.get(char) or (f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}")


def in_order(keys: Any) -> Any:
    """Natural order: letters after other characters, runs of digits by their number, otherwise by code point."""
    if len(keys) < 2:
        return keys
    if all(isinstance(key, str) and key.isalpha() for key in keys):
        return sorted(keys)
    return sorted(keys, key=functools.cmp_to_key(_compare))


def _compare(a: Any, b: Any) -> int:
    a, b = (x if isinstance(x, str) else bare(x) for x in (a, b))
    if a == b:
        return 0
    for i, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return -1 if _less(a, b, i) else 1
    return -1 if len(a) < len(b) else 1


def _less(a: str, b: str, i: int) -> bool:
    """Whether ``a`` comes first; ``i`` is the place of the first difference."""
    x, y = a[i], b[i]
    if x.isalpha() or y.isalpha():
        return x < y if x.isalpha() and y.isalpha() else y.isalpha()
    lead = "1" if "0" in (x, y) and _nonzero_digits_before(a, i) else "0"
    m, n = _digits(a, i), _digits(b, i)
    if int(lead + m) != int(lead + n):
        return int(lead + m) < int(lead + n)
    return len(m) < len(n) if len(m) != len(n) else x < y


def _digits(text: str, start: int) -> str:
    end = start
    while end < len(text) and text[end].isdecimal():
        end += 1
    return text[start:end]


def _nonzero_digits_before(text: str, end: int) -> bool:
    """Whether the run of digits right before ``end`` has one that is not zero, so that zeros from here on count."""
    start = end
    while start and text[start - 1].isdecimal():
        start -= 1
    return text[start:end].strip("0") != ""
