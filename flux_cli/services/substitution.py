"""Variables in text, ``${name}`` with the string functions of a shell: what ``envsubst`` and the post-build substitution do.

Grammar, results and messages are those of the library that Flux uses; where it differs from bash (all of ``:-``, ``:=``,
``:?`` and
``:+`` give a default) so do we.
"""

from collections.abc import Callable
from typing import NamedTuple

from flux_cli.core.errors import FluxError
from flux_cli.core.text import go_quote
from flux_cli.services.substitution_functions import DEFAULTS, apply

Lookup = Callable[[str], str | None]

_BAD = "bad substitution"
_NO_NAME = "unable to parse variable name"
_UNCLOSED = "missing closing brace"
_BAD_WORD = "unable to parse substitution within function"


class SubstitutionError(FluxError):
    """Text that cannot be substituted."""


class Call(NamedTuple):
    """``${variable<function><words>}``; each word is text or another call."""

    variable: str
    function: str = ""
    words: tuple["str | Call", ...] = ()


def substitute(text: str, lookup: Lookup, strict: bool = False) -> str:
    """The text with its variables replaced. ``lookup`` gives None for what is not set; that is an error when ``strict``.

    Raises SubstitutionError.
    """
    if "$" not in text:
        return text
    return "".join(_evaluated(part, lookup, strict) for part in parse(text))


def _evaluated(part: str | Call, lookup: Lookup, strict: bool) -> str:
    if isinstance(part, str):
        return part
    words = [_evaluated(word, lookup, strict) for word in part.words]
    value = lookup(part.variable)
    if value is None and strict and part.function not in DEFAULTS:
        raise SubstitutionError(f"variable not set (strict mode): {go_quote(part.variable)}")
    try:
        return apply(part.function, value or "", words)
    except ValueError as err:
        raise SubstitutionError(f"{_BAD}: {err}") from err


def parse(text: str) -> list[str | Call]:
    """Plain text and calls in turn. ``$$`` is a dollar sign; ``$name`` without braces is plain."""
    reader = _Reader(text)
    parts: list[str | Call] = []
    while not reader.done:
        if reader.take("${"):
            parts.append(_call(reader))
        else:
            parts.append(reader.plain())
    return parts


class _Reader:
    """The text that is left."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    @property
    def done(self) -> bool:
        return self._at >= len(self._text)

    @property
    def peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def starts(self, *words: str) -> bool:
        return self._text.startswith(words, self._at)

    def take(self, word: str) -> bool:
        found = self._text.startswith(word, self._at)
        self._at += len(word) if found else 0
        return found

    def plain(self) -> str:
        """Up to the next ``${``."""
        out = []
        while not self.done and not self.starts("${"):
            end = self._text.find("$", self._at)
            end = len(self._text) if end < 0 else end
            out.append(self._text[self._at : end])
            self._at = end
            if end < len(self._text) and not self.starts("${"):
                out.append("$")
                self._at += 2 if self.starts("$$") else 1
        return "".join(out)

    def name(self) -> str:
        start = self._at
        while self.peek and (self.peek.isalpha() or self.peek.isdecimal() or self.peek == "_"):
            self._at += 1
        return self._text[start : self._at]

    def until(self, stops: str, *, escapes: bool = False) -> str:
        """Up to one of ``stops``, a nested ``${`` or the end; with ``escapes`` a backslash protects ``/`` and itself."""
        out = []
        while not self.done and self.peek not in stops and not self.starts("${"):
            if escapes and self.starts("\\/", "\\\\", "$$"):
                self._at += 1
                out.append(self.peek)
            else:
                out.append(self.peek)
            self._at += 1
        return "".join(out)

    def close(self) -> None:
        if not self.take("}"):
            raise SubstitutionError(_BAD)


def _call(reader: _Reader) -> Call:
    """After ``${``, up to its closing brace."""
    if reader.take("#"):
        name = reader.name()
        if not name:
            raise SubstitutionError(_BAD)
        reader.close()
        return Call(name, "length")
    name = reader.name()
    if not name:
        raise SubstitutionError(_NO_NAME)
    if reader.starts(":=", ":-", ":?", ":+", "="):
        return _default(reader, name)
    if reader.starts(":"):
        return _substring(reader, name)
    if reader.starts("/"):
        return _replacement(reader, name)
    if reader.starts("#", "%"):
        function = _doubled(reader, "#%")
        word = _word(reader, "}")
        reader.close()
        return Call(name, function, (word,))
    if reader.starts(",", "^"):
        function = _doubled(reader, ",^", mixed=True)
        reader.close()
        return Call(name, function)
    if not reader.take("}"):
        raise SubstitutionError(_UNCLOSED)
    return Call(name)


def _doubled(reader: _Reader, signs: str, mixed: bool = False) -> str:
    """One sign, or two."""
    first = reader.peek
    reader.take(first)
    second = reader.peek
    if second and second in (signs if mixed else first):
        reader.take(second)
        return first + second
    return first


def _default(reader: _Reader, name: str) -> Call:
    function = next(sign for sign in DEFAULTS if reader.take(sign))
    words = []
    while not reader.starts("}"):
        words.append(_word(reader, "}"))
    reader.close()
    return Call(name, function, tuple(words))


def _substring(reader: _Reader, name: str) -> Call:
    reader.take(":")
    if reader.done or not reader.peek.isascii():
        raise SubstitutionError(_BAD)
    start = _word(reader, ":}")
    if reader.take("}"):
        return Call(name, ":", (start,))
    if not reader.take(":"):
        raise SubstitutionError(_BAD)
    while reader.take(":"):
        pass
    length = _word(reader, "}")
    reader.close()
    return Call(name, ":", (start, length))


def _replacement(reader: _Reader, name: str) -> Call:
    """The pattern runs to the next slash, even past a closing brace."""
    function = next(sign for sign in ("//", "/#", "/%", "/") if reader.take(sign))
    pattern = _word(reader, "/", escapes=True)
    if not reader.take("/"):
        raise SubstitutionError(_BAD)
    while reader.take("/"):
        pass
    if reader.take("}"):
        return Call(name, function, (pattern,))
    replacement = _word(reader, "}", escapes=True)
    reader.close()
    return Call(name, function, (pattern, replacement))


def _word(reader: _Reader, stops: str, *, escapes: bool = False) -> str | Call:
    """An argument of a function: a nested call, or text that is not empty."""
    if reader.take("${"):
        return _call(reader)
    found = reader.until(stops, escapes=escapes)
    if not found:
        raise SubstitutionError(_BAD_WORD)
    return found
