"""How Go names what JSON holds: words of messages."""

import json
from typing import Any


def kind(value: Any) -> str:
    """``array``, ``object``: as ``encoding/json`` names a value that it cannot use."""
    if value is None:
        return "null"
    return {bool: "bool", str: "string", list: "array", dict: "object"}.get(type(value), "number")


def printed(value: Any) -> str:
    """A value as ``%v`` prints it: ``map[spec:map[replicas:2]]``."""
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{printed(value[key])}" for key in sorted(value)) + "]"
    if isinstance(value, list):
        return "[" + " ".join(map(printed, value)) + "]"
    if value is None:
        return "<nil>"
    return value if isinstance(value, str) else json.dumps(value)


def unreadable(text: str) -> str:
    """What ``encoding/json`` says of a text that is no JSON, where it is told: an end too early, or a wrong first character."""
    text = text.lstrip()
    first = text[:1]
    word = next((w for w in ("null", "true", "false") if w[0] == first), "")
    for got, wanted in zip(text[1:], word[1:], strict=False):
        if got != wanted:
            return f"invalid character '{got}' in literal {word} (expecting '{wanted}')"
    if not text or word or first in '{["':
        return "unexpected end of JSON input"
    return f"invalid character '{first}' looking for beginning of value"
