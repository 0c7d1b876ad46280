"""Helm's ``--set`` grammar: ``a.b[0].c=value``, with lists in braces, backslash escapes, and several settings apart by commas.

Followed to the letter (``helm.sh/helm/v4/pkg/strvals``): a text that ends too soon ends quietly in some places, and a path
through something that is neither a map nor a list is refused.
"""

import re
from typing import Any

from flux_cli.core.errors import FluxError
from flux_cli.core.text import go_quote

_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_MAX_INDEX = 65536
_MAX_DEPTH = 30
_WORDS = {"true": True, "false": False, "null": None, "0": 0}


def set_path(values: dict[str, Any], path: str, text: str, *, as_string: bool = False) -> None:
    """Set ``path=text`` in place. Numbers, booleans and null are recognised unless ``as_string``. Raises FluxError in Helm's
    words."""
    _read(_Reader(f"{path}={text}", as_string), values)


def set_literal(values: dict[str, Any], path: str, text: str) -> None:
    """Set ``path`` to the text as it is: no backslash and nothing after the first ``=`` has a meaning."""
    _read(_Reader(f"{path}={text}", True, literal=True), values)


def _read(reader: "_Reader", values: dict[str, Any]) -> None:
    while not _key(reader, values, 0):
        pass


class _Reader:
    """The text that is left to read."""

    def __init__(self, text: str, as_string: bool, literal: bool = False) -> None:
        self._text = text
        self._at = 0
        self._literal = literal
        self._as_string = as_string

    @property
    def ended(self) -> bool:
        """Whether nothing is left; of a literal, nothing is a value as good as any."""
        return self._at >= len(self._text) and not self._literal

    def until(self, stops: str) -> tuple[str, str]:
        """What comes before the next of ``stops``, and that stop; "" for the end. A backslash takes the next character as it
        is."""
        out: list[str] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            self._at += 1
            if char in stops:
                return "".join(out), char
            if char == "\\" and not self._literal:
                char = self._text[self._at : self._at + 1]
                self._at += 1
            out.append(char)
        return "".join(out), ""

    def key(self) -> tuple[str, str]:
        return self.until("=[." if self._literal else "=[.,")

    def key_of_item(self) -> tuple[str, str]:
        return self.until("=[.")

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
            found.append(self._typed(item))
            if stop == "}":
                self._at += self._text[self._at : self._at + 1] == ","
                return found

    def _typed(self, text: str) -> Any:
        if self._as_string:
            return text
        if text.lower() in _WORDS:
            return _WORDS[text.lower()]
        if text and text[0] != "0" and _INTEGER.match(text) and -(2**63) <= int(text) < 2**63:
            return int(text)
        return text


def _key(reader: _Reader, data: dict[str, Any], depth: int) -> bool:
    """Read one setting; whether the text ended before there was one. Nothing is kept under an empty name."""
    name, stop = reader.key()
    if not stop and not name:
        return True
    if not stop or stop == ",":
        raise FluxError(f"key {go_quote(name)} has no value" + (" (cannot end with ,)" if stop else ""))
    kept = data if name else {}
    if stop == "=":
        ended = reader.ended
        kept[name] = reader.value()
        return ended
    return _within(reader, kept, name, depth + 1) if stop == "." else _at_index(reader, kept, name, depth)


def _within(reader: _Reader, data: dict[str, Any], name: str, depth: int) -> bool:
    if depth > _MAX_DEPTH:
        raise FluxError(f"value name nested level is greater than maximum supported nested level of {_MAX_DEPTH}")
    inner = _of_type(data[name], dict) if name in data else {}
    ended = _key(reader, inner, depth)
    if not ended and not inner:
        raise FluxError(f"key map {go_quote(name)} has no value")
    if inner:
        data[name] = inner
    return ended


def _at_index(reader: _Reader, data: dict[str, Any], name: str, depth: int) -> bool:
    index = _index(reader)
    if index is None:
        return True
    entries = _of_type(data[name], list) if name in data else []
    data[name] = entries = list(entries)
    return _item(reader, entries, index, depth)


def _index(reader: _Reader) -> int | None:
    """None where the text ends first."""
    text, stop = reader.until("]")
    if not stop:
        return None
    if not _INTEGER.match(text):
        raise FluxError(f"error parsing index: strconv.Atoi: parsing {go_quote(text)}: invalid syntax")
    if not -(2**63) <= int(text) < 2**63:
        raise FluxError(f"error parsing index: strconv.Atoi: parsing {go_quote(text)}: value out of range")
    return int(text)


def _item(reader: _Reader, entries: list[Any], index: int, depth: int) -> bool:
    """Set one entry of a list; whether the text ended first."""
    if index < 0:
        raise FluxError(f"negative {index} index not allowed")
    name, stop = reader.key_of_item()
    if name:
        raise FluxError(f"unexpected data at end of array index: [{' '.join(map(_rune, name))}]")
    if not stop:
        return True
    held = entries[index] if index < len(entries) else None
    if stop == "=":
        _put(entries, index, reader.value())
        return False
    if stop == ".":
        inner: Any = held if isinstance(held, dict) else {}
        entries[index : index + 1] = [inner] if index < len(entries) else []
        ended = _key(reader, inner, depth)
    else:
        inner = [] if held is None else list(_of_type(held, list))
        after = _index(reader)
        ended = after is None or _item(reader, inner, after, depth)
    if not ended:
        _put(entries, index, inner)
    return ended


def _put(entries: list[Any], index: int, value: Any) -> None:
    if index > _MAX_INDEX:
        raise FluxError(f"index of {index} is greater than maximum supported index of {_MAX_INDEX}")
    entries += [None] * (index + 1 - len(entries))
    entries[index] = value


def _of_type(value: Any, wanted: type) -> Any:
    """The value; Go's panic where a path goes through something else."""
    if isinstance(value, wanted):
        return value
    names = {dict: "map[string]interface {}", list: "[]interface {}", str: "string", bool: "bool", type(None): "nil"}
    is_ = names.get(type(value), "float64")
    raise FluxError(f"unable to parse key: interface conversion: interface {{}} is {is_}, not {names[wanted]}")


def _rune(char: str) -> str:
    return "'\\''" if char == "'" else f"'{go_quote(char)[1:-1]}'" if char != '"' else "'\"'"
