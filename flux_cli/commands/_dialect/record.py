"""One record of comma-separated values, by the rules and in the words of Go's encoding/csv."""

import re

_BARE = 'bare " in non-quoted-field'
_QUOTE = 'extraneous or missing " in quoted-field'


def fields(text: str) -> list[str]:
    """The fields of the first record; a field is quoted as a whole or holds no quote. Raises ValueError."""
    text = text.replace("\r\n", "\n").removesuffix("\r")
    position = len(text) - len(text.lstrip("\n"))
    if position == len(text):
        raise ValueError("EOF")
    found: list[str] = []
    while True:
        field, position = _quoted(text, position + 1) if text.startswith('"', position) else _plain(text, position)
        found.append(field)
        if not text.startswith(",", position):
            return found
        position += 1


def _plain(text: str, position: int) -> tuple[str, int]:
    match = re.compile(r"[^,\n]*").match(text, position)
    assert match
    if '"' in match[0]:
        raise _fault(text, position + match[0].index('"'), _BARE)
    return match[0], match.end()


def _quoted(text: str, position: int) -> tuple[str, int]:
    """The field after its opening quote, and where it ends."""
    match = re.compile(r'((?:[^"]|"")*)"').match(text, position)
    if not match:
        raise _fault(text, len(text), _QUOTE)
    end = match.end()
    if end < len(text) and text[end] not in ",\n":
        raise _fault(text, end - 1, _QUOTE)
    return match[1].replace('""', '"'), end


def _fault(text: str, position: int, words: str) -> ValueError:
    """The end of the text belongs to its last line, even behind a line break. Columns count bytes."""
    before = position - (position == len(text))
    begin = text.rfind("\n", 0, before) + 1
    first = 1 + len(text) - len(text.lstrip("\n"))
    line = text.count("\n", 0, begin) + 1
    column = len(text[begin:position].encode(errors="surrogateescape")) + 1
    record = f"record on line {first}; " if line != first else ""
    return ValueError(f"{record}parse error on line {line}, column {column}: {words}")
