"""Kubeconfigs as tools write them: block YAML of the plainest kind, read without a YAML library (13 ms of import).

Reads a strict subset or gives up (None): what is accepted means the same in every YAML version. The rest is for the real parser.
"""

import re
from typing import Any

_KEY = re.compile(r"([A-Za-z][A-Za-z0-9_./-]*):(?: +(.*))?\Z")
_WORD = re.compile(r"[A-Za-z/][A-Za-z0-9_./@%+=~-]*(?::[A-Za-z0-9_./@%+=~-]+)*\Z")
_OPTION = re.compile(r"--?[A-Za-z][A-Za-z0-9_./@%+=:~-]*(?<!:)\Z")
_LONG = re.compile(r"[0-9][A-Za-z0-9_/+=-]*[g-mp-suvwyG-MP-SUVWY][A-Za-z0-9_/+=-]*\Z")  # a letter that no number or date has
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,14})\Z")
_DOUBLE = re.compile(r'"([^"\\\t]*)"\Z')
_SINGLE = re.compile(r"'([^'\t]*)'\Z")
_TYPED = {"null": None, "Null": None, "NULL": None, "~": None, "true": True, "True": True, "false": False, "False": False}
_DOUBTFUL = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}  # YAML 1.1 words, in any case
_EMPTY: dict[str, Any] = {"{}": {}, "[]": []}


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
            found[key] = self._below(indent) if value is None else value
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
            if _KEY.match(inner) and not inner.startswith("-"):
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
        """Key and value; ``None`` as the value means that it stands below."""
        match = _KEY.match(body)
        if not match:
            raise _Beyond
        if not match[2]:
            return match[1], None
        value = _scalar(match[2])
        if value is None:
            raise _Beyond
        return match[1], value


def _scalar(text: str) -> Any:
    if _WORD.match(text):
        if text.lower() in _DOUBTFUL:
            if text in _TYPED:
                return _TYPED[text]
            raise _Beyond
        return text
    if text in _EMPTY:
        return _EMPTY[text].copy()
    if quoted := _DOUBLE.match(text) or _SINGLE.match(text):
        return quoted[1]
    if _NUMBER.match(text):
        return int(text)
    if _LONG.match(text) or _OPTION.match(text):
        return text
    raise _Beyond
