"""Kubeconfigs as tools write them: block YAML of the plainest kind, read without a YAML library (13 ms of import).

Reads a strict subset or gives up (None): what is accepted means the same in every YAML version. The rest is for the real parser.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_ALNUM = _LETTERS | frozenset("0123456789")
_KEY = _ALNUM | frozenset("_./-")
_WORD = _ALNUM | frozenset("_./@%+=~-:")
_LONG = _ALNUM | frozenset("_/+=-")
_TELLING = frozenset("ghijklmpqrsuvwyGHIJKLMPQRSUVWY")  # letters that no number and no date has
_TYPED = {"null": None, "Null": None, "NULL": None, "true": True, "True": True, "false": False, "False": False}
_DOUBTFUL = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}  # YAML 1.1 words, in any case
_EMPTY: dict[str, Any] = {"{}": {}, "[]": []}
_BELOW = object()


class _Beyond(Exception):
    """Not of the subset."""


def read(text: str) -> dict[str, Any] | None:
    """The document, or None where it is not of the subset (nothing is said about whether it is YAML)."""
    if not text.isascii():
        return None
    lines = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n")):
        body = line.lstrip(" ")
        if not body or body[0] == "#" or (number == 0 and line == "---"):
            continue
        if not body.isprintable():
            return None
        lines.append((len(line) - len(body), body.rstrip(" ")))
    if not lines or lines[0][0]:
        return None
    try:
        reader = _Reader(lines)
        document = reader.mapping(0)
        return document if reader.at == len(lines) else None
    except _Beyond:
        return None


class _Reader:
    """Recursive descent over (indentation, text) pairs."""

    def __init__(self, lines: list[tuple[int, str]]) -> None:
        self.lines = [*lines, (-1, "")]
        self.at = 0

    def mapping(self, indent: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self.lines[self.at][0] == indent and not self._is_item(self.lines[self.at][1]):
            key, value = self._pair(self.lines[self.at][1])
            if key in found or key.lower() in _DOUBTFUL:
                raise _Beyond
            self.at += 1
            found[key] = self._below(indent) if value is _BELOW else value
        if self.lines[self.at][0] > indent:
            raise _Beyond
        return found

    def sequence(self, indent: int) -> list[Any]:
        found: list[Any] = []
        while self.lines[self.at][0] == indent and self._is_item(self.lines[self.at][1]):
            body = self.lines[self.at][1][1:]
            inner = body.lstrip(" ")
            if not inner:
                raise _Beyond
            if _split(inner):
                depth = indent + 1 + len(body) - len(inner)
                self.lines[self.at] = (depth, inner)
                found.append(self.mapping(depth))
            else:
                found.append(_scalar(inner))
                self.at += 1
        if self.lines[self.at][0] > indent:
            raise _Beyond
        return found

    def _below(self, indent: int) -> Any:
        """The value of a key with nothing behind its colon."""
        depth, body = self.lines[self.at]
        if depth >= indent and self._is_item(body):
            return self.sequence(depth)
        return self.mapping(depth) if depth > indent else None

    @staticmethod
    def _is_item(body: str) -> bool:
        return body.startswith("- ") or body == "-"

    @staticmethod
    def _pair(body: str) -> tuple[str, Any]:
        """Key and value; the latter may stand below."""
        parts = _split(body)
        if not parts:
            raise _Beyond
        key, text = parts
        return key, _scalar(text) if text else _BELOW


def _split(body: str) -> tuple[str, str] | None:
    """``key: value`` in two; None where it is something else."""
    key, colon, rest = body.partition(":")
    if not colon or key[:1] not in _LETTERS or not _KEY.issuperset(key) or rest[:1] not in ("", " "):
        return None
    return key, rest.lstrip(" ")


def _scalar(text: str) -> Any:
    first = text[0]
    if text in _EMPTY:
        return _EMPTY[text].copy()
    if first in "\"'":
        inner = text[1:-1]
        if len(text) < 2 or text[-1] != first or first in inner or (first == '"' and "\\" in inner):
            raise _Beyond
        return inner
    if (first in _LETTERS or first == "/") and _is_word(text):
        if text.lower() in _DOUBTFUL:
            if text in _TYPED:
                return _TYPED[text]
            raise _Beyond
        return text
    if text.isdigit() and len(text) < 16 and (first != "0" or text == "0"):
        return int(text)
    if first.isdigit() and _LONG.issuperset(text) and not _TELLING.isdisjoint(text):
        return text
    option = text.removeprefix("-").removeprefix("-")
    if option != text and option[:1] in _LETTERS and _is_word(option):
        return text
    raise _Beyond


def _is_word(text: str) -> bool:
    return _WORD.issuperset(text) and text[-1] != ":" and "::" not in text
