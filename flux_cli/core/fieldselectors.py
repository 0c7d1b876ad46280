"""Field selectors as the API server reads them: ``metadata.name=x,type!=Normal``, with a backslash before what is no syntax."""

import re
from typing import NamedTuple

_SPECIAL = re.compile(r"[\\,=]")
_TERM = re.compile(r"(?:\\.|[^,\\]|\\\Z)+", re.DOTALL)
_OPERATOR = re.compile(r"!=|==|=")


class Term(NamedTuple):
    """``field`` is, or with ``negated`` is not, ``value``."""

    field: str
    negated: bool
    value: str


def equal(field: str, value: str) -> str:
    """The selector of objects whose field has this value, whatever characters it holds."""
    return f"{field}={_SPECIAL.sub(_escaped, value)}"


def named(name: str | None) -> str:
    """The selector of the object of this name; "", which is for all, where none is given."""
    return "" if name is None else equal("metadata.name", name)


def parse(selector: str) -> list[Term]:
    """The terms, all of which must hold. Raises ValueError in the API server's words."""
    return [_term(selector, part) for part in _TERM.findall(selector)]


def _escaped(match: re.Match[str]) -> str:
    return "\\" + match[0]


def _term(selector: str, part: str) -> Term:
    operator = _OPERATOR.search(part)
    if operator is None:
        raise ValueError(f"invalid selector: '{selector}'; can't understand '{part}'")
    return Term(part[: operator.start()], operator[0] == "!=", _meant(part[operator.end() :]))


def _meant(value: str) -> str:
    """The value without its backslashes."""
    out, rest = [], iter(value)
    for char in rest:
        if char == "\\":
            char = next(rest, "")
            if not _SPECIAL.match(char):
                raise ValueError(f"invalid field selector: invalid escape sequence: \\{char}")
        elif char == "=":
            raise ValueError(f"invalid field selector: unescaped character in value: {ord(char)}")
        out.append(char)
    return "".join(out)
