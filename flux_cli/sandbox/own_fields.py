"""The fields of Kubernetes' own kinds: what each is in protobuf, and what an object may hold.

``data/fields.txt`` lists them by codes: ``s`` text, ``b`` bytes, ``i`` and ``l`` whole numbers of 32 and 64 bits, ``o`` boolean,
``d`` float, ``t`` and ``u`` times, ``D`` duration, ``q`` quantity, ``I`` number or text, ``x`` any JSON, ``e`` a list of texts
that is a message in protobuf, ``mTYPE`` a mapping of that type; behind ``r`` a list of them, behind ``M`` a mapping to them.
``?`` leaves out what is empty, as Go's ``omitempty`` does, and a field without a name is part of its parent.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from flux_cli.core.objects import Object
from flux_cli.sandbox.copying import copied

_DATA = Path(__file__).with_name("data") / "fields.txt"
_PLAIN: dict[str, tuple[str, tuple[type, ...]]] = {  # Go's type, and ours
    "s": ("string", (str,)),
    "b": ("[]uint8", (str,)),
    "i": ("int32", (int,)),
    "l": ("int64", (int,)),
    "o": ("bool", (bool,)),
    "d": ("float64", (int, float)),
}
_TYPE_META = {"apiVersion": "s", "kind": "s"}


class Field(NamedTuple):
    """``sparse``: left out when empty."""

    name: str
    code: str
    sparse: bool


class Type(NamedTuple):
    """A mapping: its fields by their number, and codes by name, with those of types that are part of it."""

    numbers: dict[int, Field]
    names: dict[str, str]


class Fields(NamedTuple):
    """``kinds``: (apiVersion, kind) to the name of a type."""

    kinds: dict[tuple[str, str], str]
    types: dict[str, Type]


class Judged(NamedTuple):
    """``unknown``: paths of fields that were taken out; ``fault``: the first value of a wrong type, in the words of Go's json."""

    unknown: list[str]
    fault: str


@cache
def table() -> Fields:
    fields = Fields({}, {})
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        what, *words = line.split(" ")
        if what == "kind":
            fields.kinds[words[0], words[1]] = words[2]
        elif what == "type":
            fields.types[words[0]] = Type(dict(map(_described, words[1:])), {})
    for name in fields.types:
        fields.types[name].names.update(_names(fields.types, name))
    return fields


def _described(word: str) -> tuple[int, Field]:
    number, _, rest = word.partition("=")
    name, _, code = rest.partition("/")
    return int(number), Field(name, code.removeprefix("?"), code.startswith("?"))


def _names(types: dict[str, Type], name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in types[name].numbers.values():
        found |= {field.name: field.code} if field.name else _names(types, field.code[1:])
    return found


def judge(obj: Object, api_version: str, kind: str) -> Judged | None:
    """Take out the fields that the kind does not have. None for a kind that is not known here."""
    name = table().kinds.get((api_version, kind))
    if name is None:
        return None
    walk = _Walk([], [])
    walk.mapping(obj, name, "", "", _TYPE_META)
    return Judged(walk.unknown, walk.faults[0] if walk.faults else "")


def metadata_fault(metadata: Object) -> str:
    """The first value of a wrong type in the metadata of any kind, in the words of Go's json; empty where there is none."""
    walk = _Walk([], [])
    walk.mapping(copied(metadata), "meta/v1.ObjectMeta", "", "")
    return walk.faults[0] if walk.faults else ""


class _Walk(NamedTuple):
    """One pass over an object. ``path`` has the positions in lists, ``plain`` is without, as Go's json names fields."""

    unknown: list[str]
    faults: list[str]

    def mapping(self, obj: Object, name: str, path: str, plain: str, more: dict[str, str] | None = None) -> None:
        known = table().types[name].names | (more or {})
        for key in list(obj):
            where = f"{path}.{key}" if path else key
            if key not in known:
                del obj[key]
                self.unknown.append(where)
            else:
                owner = f"{name.rpartition('.')[2]}.{plain}{key}"
                self.value(obj[key], known[key], where, (owner, f"{plain}{key}."))

    def value(self, value: Any, code: str, path: str, place: tuple[str, str]) -> None:
        """``place``: the field as messages name it, and what goes before the fields below."""
        if value is None or code[0] in "tuDqIx":
            return
        fits = _fits(value, code)
        if not fits:
            self.faults.append(
                f"json: cannot unmarshal {_json_type(value, code)} into Go struct field {place[0]} of type {_go(code)}"
            )
        elif code[0] == "m":
            self.mapping(value, code[1:], path, place[1])
        elif code[0] in "re":
            for index, item in enumerate(value):
                self.value(item, code[1:] or "s", f"{path}[{index}]", place)
        elif code[0] == "M":
            for key, item in value.items():
                self.value(item, code[1:], f"{path}.{key}", place)


def _fits(value: Any, code: str) -> bool:
    if code[0] in _PLAIN:
        return isinstance(value, _PLAIN[code[0]][1]) and (code[0] == "o") == isinstance(value, bool)
    return isinstance(value, list if code[0] in "re" else dict)


def _json_type(value: Any, code: str) -> str:
    if isinstance(value, float) and code[0] in "il":
        return f"number {json.dumps(value)}"
    if isinstance(value, bool):
        return "bool"
    names = {str: "string", int: "number", float: "number", list: "array", dict: "object"}
    return names.get(type(value), "value")


def _go(code: str) -> str:
    """The Go type of a code, as messages name it."""
    match code[0]:
        case "m":
            package, _, name = code[1:].rpartition(".")
            return f"{package.rpartition('/')[2]}.{name}"
        case "r":
            return f"[]{_go(code[1:])}"
        case "M":
            return f"map[string]{_go(code[1:])}"
        case "e":
            return "[]string"
    return _PLAIN[code[0]][0] if code[0] in _PLAIN else "value"
