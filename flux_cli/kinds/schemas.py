"""What is left of a Flux object after a round trip through the controllers' Go types: what ``export`` and ``debug`` print.

``schemas.json`` holds the types as data: ``name`` is left out when it is zero, ``name!`` is always there, ``name?`` is a
pointer to a
collection. A value is a type's name, an object (a pointer unless its name ends with ``!``), a list of one object, or ``{"*":
object}``.
"""

from typing import Any

from flux_cli.core.objects import Object

_ZERO: dict[str, Any] = {"string": "", "bool": False, "int": 0, "int64": 0, "duration": "0s", "time": None}
_CONDITION = {
    "lastTransitionTime!": "time", "message!": "string", "observedGeneration": "int64", "reason!": "string", "status!": "string",
    "type!": "string",
}  # fmt: skip
_loaded: dict[str, Any] = {}


def schema(kind: str) -> dict[str, Any]:
    """The types of ``spec`` and, where the kind has one, ``status``. Raises KeyError for a kind that is not Flux'."""
    if not _loaded:
        import json
        import pathlib

        _loaded.update(json.loads(pathlib.Path(__file__).with_name("schemas.json").read_bytes()))
    found: dict[str, Any] = _loaded[kind]
    return found


def typed(kind: str, part: str, value: Any) -> Object:
    """``spec`` or ``status`` of a kind as its Go type holds it: unknown fields dropped, durations normalised, zero values
    left out."""
    return _struct(schema(kind).get(part, {}), value)


def _struct(fields: dict[str, Any], value: Any) -> Object:
    given = value if isinstance(value, dict) else {}
    out: Object = {}
    for key, shape in fields.items():
        name, always = (key[:-1], key[-1] == "!") if key[-1] in "!?" else (key, False)
        entry = given.get(name)
        if entry is None:
            if always:
                out[name] = _zero(shape)
            continue
        held = _field(shape, entry)
        pointer = key[-1] == "?" or (isinstance(shape, dict) and "*" not in shape) or (isinstance(shape, str) and shape[0] == "*")
        if always or pointer or held not in ("", 0, [], {}):  # False equals 0
            out[name] = held
    return out


def _zero(shape: Any) -> Any:
    """What an absent field that is always printed shows: a nil list is ``null``."""
    if isinstance(shape, dict):
        return _struct(shape, {})
    return _ZERO.get(shape) if isinstance(shape, str) else None


def _field(shape: Any, value: Any) -> Any:
    if isinstance(shape, list):
        return [_struct(shape[0], entry) for entry in value] if isinstance(value, list) else value
    if isinstance(shape, dict):
        if "*" not in shape:
            return _struct(shape, value)
        return {key: _struct(shape["*"], entry) for key, entry in value.items()} if isinstance(value, dict) else value
    shape = shape.lstrip("*")
    if shape == "[]condition":
        return [_struct(_CONDITION, entry) for entry in value] if isinstance(value, list) else value
    if isinstance(value, str) and shape == "duration":
        return _duration(value)
    if isinstance(value, str) and shape == "time":
        return _time(value)
    return value


def _duration(text: str) -> str:
    from flux_cli.core.durations import format as shown
    from flux_cli.core.durations import parse_nanoseconds

    try:
        return shown(parse_nanoseconds(text) / 1e9)
    except ValueError:
        return text  # the server lets no such text in; a file may


def _time(text: str) -> str:
    """UTC to the second."""
    if len(text) == 20 and text.endswith("Z"):
        return text
    from flux_cli.core import rfc3339

    moment = rfc3339.parse(text)
    return rfc3339.utc(moment) if moment else text
