"""Patterns of Go's regexp: whether one is valid, and how its groups are called. Python's ``re`` takes others."""

import re

_NAME = re.compile(r"\(\?P?<([A-Za-z0-9_]+)>")
_FLAGS = re.compile(r"\(\?(?:[imsU]*|[imsU]*-[imsU]+)([:)])")
_COUNT = re.compile(r"\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\}")
_ESCAPE = re.compile(r"\\(?:[0-7]{2,3}|0[0-7]{0,2}|x[0-9A-Fa-f]{2}|x\{([0-9A-Fa-f]+)\}|[afnrtv]|[!-/:-@\[-`{-~ \x00-\x1f\x7f])")
_SHORT = re.compile(r"\\[dswDSW]")
_UNICODE = re.compile(r"\\[pP](?:[CLMNPSZ]|\{\^?(?:Any|[CLMNPSZ][a-z]?|[A-Z][a-z]{2,}[A-Za-z_]*)\})")
_POSIX = re.compile(r"\[:(.*?):\]", re.DOTALL)
_GROUPS = (
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word", "xdigit",
)  # fmt: skip
_MOST = 1000  # repetitions


class Invalid(Exception):
    """No pattern of Go's."""


def capture_groups(pattern: str) -> set[str] | None:
    """Names of a pattern's groups; None where Go would not take it."""
    try:
        return _Reader(pattern).names()
    except Invalid:
        return None


class _Reader:
    """The pattern, read from left to right. ``repeatable``: there is something that an operator may repeat, level by level."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0
        self._repeatable = [False]
        self._repeated = False  # the last thing was an operator: another one right after it is an error
        self._names: list[str] = []

    def names(self) -> set[str]:
        while self._at < len(self._text):
            self._step()
        if len(self._repeatable) > 1 or len(set(self._names)) < len(self._names):
            raise Invalid
        return set(self._names)

    def _step(self) -> None:
        repeated, self._repeated = self._repeated, False
        char = self._text[self._at]
        count = _COUNT.match(self._text, self._at)
        if char in "*+?" or count:
            self._repeat(count, repeated)
        elif char == "(":
            self._open()
        elif char == ")":
            self._at += 1
            self._repeatable.pop()
            self._item(bool(self._repeatable))
        elif char == "|":
            self._at += 1
            self._repeatable[-1] = False
        elif self._text.startswith("\\Q", self._at):
            literal, _, rest = self._text[self._at + 2 :].partition("\\E")
            self._at = len(self._text) - len(rest)
            self._repeatable[-1] |= bool(literal)
        else:
            self._one(char)

    def _item(self, valid: bool) -> None:
        if not valid:
            raise Invalid
        self._repeatable[-1] = True

    def _one(self, char: str) -> None:
        if char == "[":
            self._class()
        elif char == "\\":
            self._escape(r"\\[AbBz]", _SHORT.pattern, _UNICODE.pattern)
        else:
            self._at += 1
        self._item(True)

    def _repeat(self, count: re.Match[str] | None, repeated: bool) -> None:
        least, most = (int(count[1]), int(count[3] or count[1])) if count else (0, 0)
        if repeated or not self._repeatable[-1] or max(least, most) > _MOST or most < least:
            raise Invalid
        self._at = count.end() if count else self._at + 1
        self._at += self._text.startswith("?", self._at)
        self._repeated = True

    def _open(self) -> None:
        named, flags = (kind.match(self._text, self._at) for kind in (_NAME, _FLAGS))
        if named:
            self._names.append(named[1])
        elif not flags and self._text.startswith("(?", self._at):
            raise Invalid
        found = named or flags
        self._at = found.end() if found else self._at + 1
        if not flags or flags[1] == ":":
            self._repeatable.append(False)

    def _escape(self, *also: str) -> str:
        """What an escape stands for: a character, or "" for a set of them or a place."""
        for pattern in also:
            if found := re.compile(pattern).match(self._text, self._at):
                self._at = found.end()
                return ""
        found = _ESCAPE.match(self._text, self._at)
        if not found or (found[1] and int(found[1], 16) > 0x10FFFF):
            raise Invalid
        self._at = found.end()
        return _character(found[0], found[1])

    def _class(self) -> None:
        self._at += 2 if self._text.startswith("[^", self._at) else 1
        first = True
        while first or not self._text.startswith("]", self._at):
            first = False
            posix = _POSIX.match(self._text, self._at)
            if posix:
                if posix[1].removeprefix("^") not in _GROUPS:
                    raise Invalid
                self._at = posix.end()
                continue
            low = self._member(_SHORT.pattern, _UNICODE.pattern)
            if low and self._text.startswith("-", self._at) and self._text[self._at + 1 : self._at + 2] not in ("", "]"):
                self._at += 1
                if self._member() < low:
                    raise Invalid
        self._at += 1

    def _member(self, *sets: str) -> str:
        """A character of a class; "" for one of the ``sets``."""
        if self._at >= len(self._text):
            raise Invalid
        if self._text[self._at] == "\\":
            return self._escape(*sets)
        self._at += 1
        return self._text[self._at - 1]


def _character(escape: str, braced: str | None) -> str:
    body = escape[1:]
    if braced or body[0] == "x":
        return chr(int(braced or body[1:], 16))
    if body[0].isdigit():
        return chr(int(body, 8))
    return {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}.get(body, body)
