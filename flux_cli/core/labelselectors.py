"""Label selectors as ``-l`` takes them: read, checked and normalised before anything is sent, with client-go's messages.

Grammar: ``a=b``, ``a==b``, ``a in (x,y)``, ``a notin (x,y)``, ``a``, ``!a``, joined by commas. The Go CLI turns a selector into
the structured form that objects use, which knows no ``!=``, ``>`` and ``<``: those are refused.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from flux_cli.core.kubenames import label_value, qualified_name
from flux_cli.core.text import go_quote

_OPERATORS = ("=", "==", "!=", ">", "<")
_SYMBOLS = ("(", ")", ",", "!", *_OPERATORS)
_END = ""
_NUMBER = re.compile("[+-]?[0-9]+")


class Requirement(NamedTuple):
    """One condition; ``operator`` is ``=``, ``in``, ``notin``, ``exists``, ``!``, ``>`` or ``<``."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.operator in ("in", "notin"):
            return f"{self.key} {self.operator} ({','.join(self.values)})"
        return {"=": f"{self.key}={''.join(self.values)}", "!": f"!{self.key}"}.get(self.operator, self.key)

    def holds(self, marks: Mapping[str, object]) -> bool:
        """Whether an object with these labels meets the condition; an absent label meets ``!=`` and ``notin``."""
        match self.operator:
            case "exists":
                return self.key in marks
            case "!":
                return self.key not in marks
            case "!=" | "notin":
                return marks.get(self.key) not in self.values
            case ">" | "<":
                value, limit = str(marks.get(self.key, "")), int(self.values[0])
                found = int(value) if _NUMBER.fullmatch(value) else None
                return found is not None and (found > limit if self.operator == ">" else found < limit)
        return marks.get(self.key) in self.values


def normalise(selector: str) -> str:
    """The selector as it is sent: sorted by key, one spelling for each operator. Raises ValueError with client-go's message."""
    if not selector:
        return ""
    try:
        found = parse(selector)
    except ValueError as err:
        raise ValueError(f'couldn\'t parse the selector string "{selector}": {err}') from None
    for requirement in found:
        if requirement.operator in (">", "<"):
            word = "gt" if requirement.operator == ">" else "lt"
            raise ValueError(f"{go_quote(word)} isn't supported in label selectors")
        if requirement.operator == "!=":
            raise ValueError(f"{go_quote('!=')} is not a valid label selector operator")
    single = {r.key: r for r in found if r.operator == "="}  # of several values for one key the last one counts, as in a Go map
    kept = [*single.values(), *(r for r in found if r.operator != "=")]
    return ",".join(str(r) for r in sorted(kept, key=lambda r: r.key))


def parse(selector: str) -> list[Requirement]:
    """The conditions of a selector, none for the empty one. Raises ValueError with apimachinery's message."""
    return _Parser(selector).parse()


def matches(selector: str, marks: Mapping[str, object]) -> bool:
    """Whether labels are selected; by the empty selector all are. Raises ValueError for one that cannot be read."""
    return all(requirement.holds(marks) for requirement in parse(selector))


def _tokens(text: str) -> list[str]:
    """Words and operators; the longest operator wins."""
    found, position = [], 0
    while position < len(text):
        char = text[position]
        if char in " \t\r\n":
            position += 1
        elif char in "=!(),><":
            symbol = next((s for s in ("==", "!=") if text.startswith(s, position)), char)
            found.append(symbol)
            position += len(symbol)
        else:
            word = re.compile(r"[^=!(),><\s]+").match(text, position)
            assert word
            found.append(word[0])
            position = word.end()
    return found


class _Parser:
    """apimachinery's grammar and its complaints."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0

    def parse(self) -> list[Requirement]:
        found: list[Requirement] = []
        while self._peek() != _END:
            if self._peek() in _SYMBOLS and self._peek() != "!":
                raise ValueError(f"found '{self._peek()}', expected: !, identifier, or 'end of string'")
            try:
                found.append(self._requirement())
            except ValueError as err:
                raise ValueError(f"unable to parse requirement: {err}") from None
            after = self._next()
            if after == _END:
                break
            if after != ",":
                raise ValueError(f"found '{after}', expected: ',' or 'end of string'")
            if self._peek() == _END or (self._peek() in _SYMBOLS and self._peek() != "!"):
                raise ValueError(f"found '{self._peek()}', expected: identifier after ','")
        return found

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _requirement(self) -> Requirement:
        negated = self._peek() == "!"
        if negated:
            self._next()
        key = self._next()
        if key == _END or key in _SYMBOLS:
            raise ValueError(f"found '{key}', expected: identifier")
        _check_key(key)
        if negated or self._peek() in (_END, ","):
            return Requirement(key, "!" if negated else "exists")
        operator = self._next()
        if operator in ("in", "notin"):
            values = self._values()
        elif operator in _OPERATORS:
            values = self._value()
        else:
            raise ValueError(f"found '{operator}', expected: in, notin, =, ==, !=, gt, lt")
        _check_values(key, operator, values)
        return Requirement(key, "=" if operator == "==" else operator, values)

    def _value(self) -> tuple[str, ...]:
        if self._peek() in (_END, ","):
            return ("",)
        value = self._next()
        if value in _SYMBOLS:
            raise ValueError(f"found '{value}', expected: identifier")
        return (value,)

    def _values(self) -> tuple[str, ...]:
        opening = self._next()
        if opening != "(":
            raise ValueError(f"found '{opening}' expected: '('")
        first = self._peek()
        if first == ")":
            self._next()
            return ("",)
        if first == _END or (first in _SYMBOLS and first != ","):
            raise ValueError(f"found '{first}', expected: ',', ')' or identifier")
        return self._listed()

    def _listed(self) -> tuple[str, ...]:
        """Values up to the closing parenthesis. A comma at either end, and each of two commas, stands beside an empty value."""
        values: set[str] = set()
        while self._peek() != ")":
            token = self._next()
            if token == ",":
                values |= {""} if not values or self._peek() in (")", ",") else set()
                if self._peek() == ",":
                    self._next()
            elif token == _END or token in _SYMBOLS:
                raise ValueError(f"found '{token}', expected: ',', or identifier")
            elif self._peek() not in (",", ")"):
                raise ValueError(f"found '{self._peek()}', expected: ',' or ')'")
            else:
                values.add(token)
        self._next()
        return tuple(sorted(values))


def _check_key(key: str) -> None:
    if problems := qualified_name(key):
        raise ValueError(f"<nil>: Invalid value: {go_quote(key)}: {'; '.join(problems)}")


def _check_values(key: str, operator: str, values: tuple[str, ...]) -> None:
    wrong = []
    if operator in (">", "<") and not _NUMBER.fullmatch(values[0]):
        rule = "for 'Gt', 'Lt' operators, the value must be an integer"
        wrong.append(f"values[0]: Invalid value: {go_quote(values[0])}: {rule}")
    for index, value in enumerate(values):
        if problems := label_value(value):
            wrong.append(f"values[{index}][{key}]: Invalid value: {go_quote(value)}: {'; '.join(problems)}")
    if wrong:
        raise ValueError(wrong[0] if len(wrong) == 1 else f"[{', '.join(wrong)}]")
