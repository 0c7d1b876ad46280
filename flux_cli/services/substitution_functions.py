"""The string functions of a substitution, on one value and its words."""

from collections.abc import Callable, Sequence

DEFAULTS = (":=", ":-", ":?", ":+", "=")


def apply(function: str, value: str, words: Sequence[str]) -> str:
    """The value after a function of the grammar. Raises ValueError for a range that ends before it starts."""
    if function in _FUNCTIONS:
        return _FUNCTIONS[function](value, words)
    return value or "".join(words)


def _upper(text: str) -> str:
    """Rune by rune, as Go does: what would become two characters stays."""
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in text)


def _lower(text: str) -> str:
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _substring(value: str, words: Sequence[str]) -> str:
    """Positions count bytes; one that is no number leaves the value alone."""
    numbers = [_integer(word) for word in words]
    if None in numbers:
        return value
    data = value.encode("utf-8", "surrogateescape")
    start, *rest = (number or 0 for number in numbers)
    start = max(0, len(data) + start) if start < 0 else start
    end = start + rest[0] if rest else len(data)
    if end < start and end < len(data):
        raise ValueError(f"a length of {rest[0]} ends before position {start}")
    return data[start:end].decode("utf-8", "surrogateescape")


def _integer(text: str) -> int | None:
    digits = text[1:] if text[:1] in ("+", "-") else text
    return int(text) if digits.isascii() and digits.isdigit() else None


def _replace(count: int) -> Callable[[str, Sequence[str]], str]:
    return lambda value, words: value.replace(words[0], words[1] if len(words) > 1 else "", count)


def _replace_prefix(value: str, words: Sequence[str]) -> str:
    return words[1] + value[len(words[0]) :] if len(words) == 2 and value.startswith(words[0]) else value


def _replace_suffix(value: str, words: Sequence[str]) -> str:
    return value[: len(value) - len(words[0])] + words[1] if len(words) == 2 and value.endswith(words[0]) else value


def _trim(longest: bool) -> Callable[[str, Sequence[str]], str]:
    def trim(value: str, words: Sequence[str]) -> str:
        lengths = (n for n in range(len(value), 0, -1) if matches(words[0], value[:n]))
        try:
            return value[next(lengths, 0) if longest else min(lengths, default=0) :]
        except ValueError:  # malformed: found out on any of the lengths, the value stays
            return value

    return trim


def _trim_end(longest: bool) -> Callable[[str, Sequence[str]], str]:
    """A suffix is the prefix of the reversed value by the reversed pattern."""
    trim = _trim(longest)
    return lambda value, words: trim(value[::-1], [words[0][::-1]])[::-1]


def matches(pattern: str, name: str) -> bool:
    """Go's path.Match, but that ``*`` and ``?`` match slashes too.

    Raises ValueError for a malformed pattern that it comes across.
    """
    while pattern:
        star = pattern[0] == "*"
        pattern = pattern.lstrip("*") if star else pattern
        end = _chunk_end(pattern)
        chunk, pattern = pattern[:end], pattern[end:]
        if star and not chunk:
            return True
        for skip in range(len(name) + 1 if star else 1):
            rest = _match_chunk(chunk, name[skip:])
            if rest is not None and (pattern or not rest):
                name = rest
                break
        else:
            return False
    return not name


def _chunk_end(pattern: str) -> int:
    """Where the next star outside of brackets stands."""
    at, inside = 0, False
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 1
        elif char == "[":
            inside = True
        elif char == "]":
            inside = False
        elif char == "*" and not inside:
            return at
        at += 1
    return min(at, len(pattern))


def _match_chunk(chunk: str, text: str) -> str | None:
    """What is left of the text after the chunk, None where it does not match."""
    while chunk:
        if not text:
            return None
        if chunk[0] == "[":
            inside, chunk = _match_class(chunk[1:], text[0])
            if not inside:
                return None
        elif chunk[0] == "?":
            chunk = chunk[1:]
        else:
            if chunk[0] == "\\":
                chunk = chunk[1:]
                if not chunk:
                    raise ValueError("syntax error in pattern")
            if chunk[0] != text[0]:
                return None
            chunk = chunk[1:]
        text = text[1:]
    return text


def _match_class(chunk: str, char: str) -> tuple[bool, str]:
    """Whether a character is in the class whose ``[`` was read, and what follows its ``]``."""
    negated = chunk.startswith("^")
    chunk = chunk[1:] if negated else chunk
    found, ranges = False, 0
    while not (chunk.startswith("]") and ranges):
        low, chunk = _class_char(chunk)
        high = low
        if chunk[0] == "-":
            high, chunk = _class_char(chunk[1:])
        found = found or low <= char <= high
        ranges += 1
    return found != negated, chunk[1:]


def _class_char(chunk: str) -> tuple[str, str]:
    if not chunk or chunk[0] in "-]":
        raise ValueError("syntax error in pattern")
    chunk = chunk[1:] if chunk[0] == "\\" else chunk
    if len(chunk) < 2:
        raise ValueError("syntax error in pattern")
    return chunk[0], chunk[1:]


_FUNCTIONS: dict[str, Callable[[str, Sequence[str]], str]] = {
    "length": lambda value, words: str(len(value.encode("utf-8", "surrogateescape"))),
    ",": lambda value, words: _lower(value[:1]) + value[1:],
    ",,": lambda value, words: _lower(value),
    "^": lambda value, words: _upper(value[:1]) + value[1:],
    "^^": lambda value, words: _upper(value),
    "#": _trim(False),
    "##": _trim(True),
    "%": _trim_end(False),
    "%%": _trim_end(True),
    ":": _substring,
    "/": _replace(1),
    "//": _replace(-1),
    "/#": _replace_prefix,
    "/%": _replace_suffix,
}
