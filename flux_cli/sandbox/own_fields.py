"""The fields of Kubernetes' own kinds: what each is in protobuf, and what an object may hold.

``data/fields.txt`` lists them by codes: ``s`` text, ``b`` bytes, ``i`` and ``l`` whole numbers of 32 and 64 bits, ``o`` boolean,
``d`` float, ``t`` and ``u`` times, ``D`` duration, ``q`` quantity, ``I`` number or text, ``x`` any JSON, ``e`` a list of texts
that is a message in protobuf, ``mTYPE`` a mapping of that type; behind ``r`` a list of them, behind ``M`` a mapping to them.
``?`` leaves out what is empty, as Go's ``omitempty`` does, and a field without a name is part of its parent.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from flux_cli.core import gojson
from flux_cli.core.objects import Object
from flux_cli.sandbox import quantities
from flux_cli.sandbox.copying import copied

_DATA = Path(__file__).with_name("data") / "fields.txt"
QUANTITY = "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$"
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}|[\r\n])*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?[\r\n]*")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=\r\n]|=(?=[^=\r\n])")
AMOUNTS = ("q", "Mq")
_PLAIN: dict[str, tuple[str, tuple[type, ...]]] = {  # Go's type, and ours
    "s": ("string", (str,)),
    "b": ("[]uint8", (str,)),
    "i": ("int32", (int,)),
    "l": ("int64", (int,)),
    "o": ("bool", (bool,)),
    "d": ("float64", (int, float)),
}


class Field(NamedTuple):
    """``sparse``: left out when empty."""

    name: str
    code: str
    sparse: bool


_TYPE_META = {name: Field(name, "s", True) for name in ("apiVersion", "kind")}


class Type(NamedTuple):
    """A mapping: its fields by their number, and by name with those of types that are part of it."""

    numbers: dict[int, Field]
    names: dict[str, Field]


class Fields(NamedTuple):
    """``kinds``: (apiVersion, kind) to the name of a type."""

    kinds: dict[tuple[str, str], str]
    types: dict[str, Type]


class Fault(NamedTuple):
    """A value of a wrong type. ``place``: the field as Go names it; ``code``: what should be there."""

    path: str
    place: str
    value: Any
    code: str

    def __str__(self) -> str:
        """In the words of Go's json."""
        if self.code[0] == "q":
            return f"quantities must match the regular expression '{QUANTITY}'"
        if self.code[0] == "b" and isinstance(self.value, str):
            return f"illegal base64 data at input byte {_broken(self.value)}"
        found = _json_type(self.value, self.code)
        return f"json: cannot unmarshal {found} into Go struct field {self.place} of type {_go(self.code)}"

    def unconverted(self) -> str:
        """In the words of the server's converter, which reads what a strategic merge made."""
        found = {bool: "bool", int: "int64", float: "float64", list: "slice", dict: "map"}.get(type(self.value), "string")
        match self.code[0]:
            case "r" | "e":
                return f"cannot restore slice from {found}"
            case "M":
                return f"cannot restore map from {found}"
            case "m":
                return f"cannot restore struct from: {found}"
        return f"unrecognized type: {_go(self.code)}"

    def untyped(self) -> str:
        """In the words of structured merge and diff, which apply uses."""
        shown = gojson.printed(self.value)
        match self.code[0]:
            case "i" | "l" | "d":
                kinds = {str: "string", bool: "bool", list: "[]interface {}", dict: "map[string]interface {}"}
                return f"expected numeric (int or float), got {kinds.get(type(self.value), 'float64')}"
            case "o":
                return f"expected boolean, got &{{{shown}}}"
            case "r" | "e":
                return f"expected list, got &{{{shown}}}"
            case "m" | "M":
                return f"expected map, got &{{{shown}}}"
        quoted = json.dumps(self.value) if isinstance(self.value, str | int | float | bool) else shown
        return f"expected string, got &value.valueUnstructured{{Value:{quoted}}}"


class Judged(NamedTuple):
    """``unknown``: paths of fields that were taken out; ``fault``: the first value of a wrong type."""

    unknown: list[str]
    fault: Fault | None


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


def _names(types: dict[str, Type], name: str) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for field in types[name].numbers.values():
        found |= {field.name: field} if field.name else _names(types, field.code[1:])
    return found


def judge(obj: Object, api_version: str, kind: str) -> Judged | None:
    """Take out the fields that the kind does not have, and those that are as good as missing. None for an unknown kind."""
    name = table().kinds.get((api_version, kind))
    if name is None:
        return None
    walk = _Walk([], [])
    walk.mapping(obj, name, "", "", _TYPE_META)
    return Judged(walk.unknown, walk.faults[0] if walk.faults else None)


def metadata_fault(metadata: Object) -> Fault | None:
    """The first value of a wrong type in the metadata of any kind."""
    walk = _Walk([], [])
    walk.mapping(copied(metadata), "meta/v1.ObjectMeta", "", "")
    return walk.faults[0] if walk.faults else None


class _Walk(NamedTuple):
    """One pass over an object. ``path`` has the positions in lists, ``plain`` is without, as Go's json names fields."""

    unknown: list[str]
    faults: list[Fault]

    def mapping(self, obj: Object, name: str, path: str, plain: str, more: dict[str, Field] | None = None) -> None:
        known = table().types[name].names | (more or {})
        for key in list(obj):
            where = f"{path}.{key}" if path else key
            if key not in known:
                del obj[key]
                self.unknown.append(where)
                continue
            owner = f"{name.rpartition('.')[2]}.{plain}{key}"
            self.value(obj[key], known[key].code, where, (owner, f"{plain}{key}."))
            if known[key].code in AMOUNTS:
                obj[key] = _amounts(obj[key])
            time_of_last = known[key].code in "tu" and key.startswith("last")  # is told even where there is none
            if (obj[key] is None and not time_of_last) or (known[key].sparse and not obj[key]):
                del obj[key]

    def value(self, value: Any, code: str, path: str, place: tuple[str, str]) -> None:
        """``place``: the field as messages name it, and what goes before the fields below."""
        if value is None or code[0] in "tuDIx":
            return
        fits = _fits(value, code)
        if not fits:
            self.faults.append(Fault(path, place[0], value, code))
        elif code[0] == "m":
            self.mapping(value, code[1:], path, place[1])
        elif code[0] in "re":
            for index, item in enumerate(value):
                self.value(item, code[1:] or "s", f"{path}[{index}]", place)
        elif code[0] == "M":
            for key, item in value.items():
                self.value(item, code[1:], f"{path}.{key}", place)


def _amounts(value: Any) -> Any:
    """Quantities as the server writes them."""
    if isinstance(value, dict):
        return {name: quantities.canonical(amount) for name, amount in value.items()}
    return quantities.canonical(value) if value is not None else None


def _broken(text: str) -> int:
    """The place of the first character that base64 does not have."""
    found = _NOT_BASE64.search(text)
    return found.start() if found else len(text)


def _fits(value: Any, code: str) -> bool:
    if code[0] == "q":
        return isinstance(value, str | int | float) and quantities.readable(value)
    if code[0] == "b":
        return isinstance(value, str) and _BASE64.fullmatch(value) is not None
    if code[0] in _PLAIN:
        return isinstance(value, _PLAIN[code[0]][1]) and (code[0] == "o") == isinstance(value, bool)
    return isinstance(value, list if code[0] in "re" else dict)


def _json_type(value: Any, code: str) -> str:
    if isinstance(value, float) and code[0] in "il":
        return f"number {json.dumps(value)}"
    return gojson.kind(value)


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
