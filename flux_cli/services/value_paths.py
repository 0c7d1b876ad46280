"""Helm's ``--set`` grammar: ``a.b[0].c=value``, with lists in braces, backslash escapes, and several settings apart by commas."""

import re
from typing import Any

from flux_cli.core.errors import FluxError

_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_MAX_INDEX = 65536
_STOPS = "=[,."


def set_path(values: dict[str, Any], path: str, text: str, *, as_string: bool = False) -> None:
    """Set ``path=text`` in place. Numbers, booleans and null are recognised unless ``as_string``. Raises FluxError in Helm's
    words."""
    reader = _Reader(f"{path}={text}", as_string)
    while not reader.done:
        _key(reader, values)


def set_literal(values: dict[str, Any], path: str, text: str) -> None:
    """Set ``path`` to the text as it is: nothing after the first ``=`` has a meaning."""
    reader = _Reader(f"{path}={text}", True, literal=True)
    while not reader.done:
        _key(reader, values)


class _Reader:
    """The text that is left to read."""

    def __init__(self, text: str, as_string: bool, literal: bool = False) -> None:
        self._text = text
        self._at = 0
        self._literal = literal
        self._as_string = as_string

    @property
    def done(self) -> bool:
        return self._at >= len(self._text)

    def until(self, stops: str) -> tuple[str, str]:
        """What comes before the next of ``stops``, and that stop; "" for the end. A backslash takes the next character as it
        is."""
        out: list[str] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            self._at += 1
            if char in stops:
                return "".join(out), char
            if char == "\\":
                char = self._text[self._at : self._at + 1]
                self._at += 1
            out.append(char)
        return "".join(out), ""

    def key(self) -> tuple[str, str]:
        return self.until("=[." if self._literal else _STOPS)

    def value(self) -> Any:
        """The text after ``=``: a list in braces, or a scalar up to the next comma."""
        if self._literal:
            rest, self._at = self._text[self._at :], len(self._text)
            return rest
        if self._text[self._at : self._at + 1] != "{":
            return self._typed(self.until(",")[0])
        self._at += 1
        found = []
        while True:
            item, stop = self.until(",}")
            if not stop:
                raise FluxError("list must terminate with '}'")
            if item or stop == ",":
                found.append(self._typed(item))
            if stop == "}":
                self._at += self._text[self._at : self._at + 1] == ","
                return found

    def _typed(self, text: str) -> Any:
        if self._as_string:
            return text
        words = {"true": True, "false": False, "null": None, "0": 0}
        if text.lower() in words:
            return words[text.lower()]
        if text and text[0] != "0" and _INTEGER.match(text) and -(2**63) <= int(text) < 2**63:
            return int(text)
        return text


def _key(reader: _Reader, data: dict[str, Any]) -> None:
    name, stop = reader.key()
    if stop == "=":
        value = reader.value()
        if name:
            data[name] = value
    elif stop == ".":
        inner = data.get(name)
        inner = inner if isinstance(inner, dict) else {}
        _key(reader, inner)
        if not inner:
            raise FluxError(f"key map {_quoted(name)} has no value")
        if name:
            data[name] = inner
    elif stop == "[":
        index = _index(reader)
        found = data.get(name)
        entries = _item(reader, list(found) if isinstance(found, list) else [], index)
        if name:
            data[name] = entries
    elif name or stop:
        raise FluxError(f"key {_quoted(name)} has no value" + (" (cannot end with ,)" if stop == "," else ""))


def _index(reader: _Reader) -> int:
    text, stop = reader.until("]")
    if not stop or not _INTEGER.match(text):
        raise FluxError(f"error parsing index: strconv.Atoi: parsing {_quoted(text)}: invalid syntax")
    index = int(text)
    if index < 0:
        raise FluxError(f"negative {index} index not allowed")
    if index > _MAX_INDEX:
        raise FluxError(f"index of {index} is greater than maximum supported index of {_MAX_INDEX}")
    return index


def _item(reader: _Reader, entries: list[Any], index: int) -> list[Any]:
    name, stop = reader.key()
    if name:
        raise FluxError(f"unexpected data at end of array index: {_quoted(name)}")
    entries += [None] * (index + 1 - len(entries))
    held = entries[index]
    if stop == "=":
        entries[index] = reader.value()
    elif stop == ".":
        inner = held if isinstance(held, dict) else {}
        _key(reader, inner)
        entries[index] = inner
    elif stop == "[":
        entries[index] = _item(reader, list(held) if isinstance(held, list) else [], _index(reader))
    return entries


def _quoted(text: str) -> str:
    from flux_cli.core.text import go_quote

    return go_quote(text)
