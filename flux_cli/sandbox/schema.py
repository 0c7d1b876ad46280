"""Structural schemas of custom kinds: pruning, defaults, and what does not fit, in the API server's words."""

import json
import re
from functools import lru_cache
from typing import Any

from flux_cli.core.objects import Object
from flux_cli.sandbox.copying import copied
from flux_cli.sandbox.refusal import Cause

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}
TOP = ("apiVersion", "kind", "metadata")


def prune(obj: Any, schema: Object, path: str = "") -> list[str]:
    """Remove the fields that the schema does not know; their paths, as messages name them."""
    dropped: list[str] = []
    if isinstance(obj, list):
        inner = schema.get("items")
        for index, entry in enumerate(obj if isinstance(inner, dict) else ()):
            dropped += prune(entry, inner or {}, f"{path}[{index}]")
        return dropped
    if not isinstance(obj, dict):
        return dropped
    properties, extra = schema.get("properties") or {}, schema.get("additionalProperties")
    keep = schema.get("x-kubernetes-preserve-unknown-fields") is True or schema.get("x-kubernetes-embedded-resource") is True
    for key in list(obj):
        where = f"{path}.{key}" if path else key
        if not path and key in TOP:
            continue
        if key in properties:
            dropped += prune(obj[key], properties[key], where)
        elif isinstance(extra, dict):
            dropped += prune(obj[key], extra, where)
        elif not keep and extra is not True:
            del obj[key]
            dropped.append(where)
    return dropped


def default(obj: Any, schema: Object) -> None:
    """Fill in the schema's defaults; a null where a default is and null is not allowed counts as missing."""
    if isinstance(obj, list):
        inner = schema.get("items")
        for entry in obj if isinstance(inner, dict) else ():
            default(entry, inner or {})
    if not isinstance(obj, dict):
        return
    for key, below in (schema.get("properties") or {}).items():
        if key in obj and obj[key] is None and not below.get("nullable"):
            del obj[key]
        if key not in obj and "default" in below:
            obj[key] = copied(below["default"])
        if key in obj:
            default(obj[key], below)
    extra = schema.get("additionalProperties")
    if isinstance(extra, dict):
        for value in obj.values():
            default(value, extra)


def problems(obj: Object, schema: Object) -> list[Cause]:
    """Everything about the object that the schema does not allow, metadata aside."""
    found: list[Cause] = []
    for key, below in (schema.get("properties") or {}).items():
        if key in obj and key not in TOP:
            found += _check(obj[key], below, key)
    return found + [_required(key) for key in schema.get("required") or () if key not in obj]


def _required(path: str) -> Cause:
    return Cause("FieldValueRequired", path, "Required value")


def _check(value: Any, schema: Object, path: str) -> list[Cause]:
    if value is None and schema.get("nullable"):
        return []
    if schema.get("x-kubernetes-int-or-string"):
        return [] if isinstance(value, int | str) and not isinstance(value, bool) else [_typed(value, "integer,string", path)]
    wanted = schema.get("type", "")
    if wanted in TYPES and not _fits(value, wanted):
        return [_typed(value, wanted, path)]
    found = _enum(value, schema, path)
    if isinstance(value, str):
        found += _string(value, schema, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        found += _number(value, schema, path)
    elif isinstance(value, list):
        found += _list(value, schema, path)
    elif isinstance(value, dict):
        found += _object(value, schema, path)
    return found


def _fits(value: Any, wanted: str) -> bool:
    if isinstance(value, bool):
        return wanted == "boolean"
    return isinstance(value, TYPES[wanted]) or (wanted == "integer" and isinstance(value, float) and value.is_integer())


def _typed(value: Any, wanted: str, path: str) -> Cause:
    is_ = next(
        (
            name
            for name in ("boolean", "integer", "number", "string", "array", "object")
            if value is not None and _fits(value, name)
        ),
        "null",
    )
    shown = (
        json.dumps(value)
        if isinstance(value, str)
        else is_
        if isinstance(value, dict | list) or value is None
        else json.dumps(value)
    )
    return Cause(
        "FieldValueTypeInvalid", path, f'Invalid value: {_quoted(shown, value)}: {path} in body must be of type {wanted}: "{is_}"'
    )


def _quoted(shown: str, value: Any) -> str:
    """A wrong type is shown by its type's name where it is no plain value."""
    return f'"{shown}"' if isinstance(value, dict | list) or value is None else f'"{_plain(value)}"'


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "string" if isinstance(value, str) else "integer" if isinstance(value, int) else "number"


def _enum(value: Any, schema: Object, path: str) -> list[Cause]:
    allowed = schema.get("enum")
    if not allowed or value in allowed:
        return []
    supported = ", ".join(json.dumps(a, ensure_ascii=False) for a in allowed)
    return [
        Cause(
            "FieldValueNotSupported",
            path,
            f"Unsupported value: {json.dumps(value, ensure_ascii=False)}: supported values: {supported}",
        )
    ]


def _string(value: str, schema: Object, path: str) -> list[Cause]:
    found, shown = [], json.dumps(value, ensure_ascii=False)
    if "maxLength" in schema and len(value) > schema["maxLength"]:
        found.append(Cause("FieldValueTooLong", path, f"Too long: may not be more than {schema['maxLength']} bytes"))
    if len(value) < schema.get("minLength", 0):
        found.append(
            Cause(
                "FieldValueInvalid",
                path,
                f"Invalid value: {shown}: {path} in body should be at least {schema['minLength']} chars long",
            )
        )
    if "pattern" in schema and not _pattern(schema["pattern"]).search(value):
        found.append(
            Cause("FieldValueInvalid", path, f"Invalid value: {shown}: {path} in body should match '{schema['pattern']}'")
        )
    return found


@lru_cache(maxsize=512)
def _pattern(text: str) -> "re.Pattern[str]":
    """Go's ``$`` is the very end, Python's also stands before a last newline."""
    return re.compile(re.sub(r"(?<!\\)\$(?=$|\))", r"\\Z", text))


def _number(value: float, schema: Object, path: str) -> list[Cause]:
    found = []
    if "maximum" in schema and value > schema["maximum"]:
        found.append(
            Cause(
                "FieldValueInvalid",
                path,
                f"Invalid value: {value}: {path} in body should be less than or equal to {schema['maximum']}",
            )
        )
    if "minimum" in schema and value < schema["minimum"]:
        found.append(
            Cause(
                "FieldValueInvalid",
                path,
                f"Invalid value: {value}: {path} in body should be greater than or equal to {schema['minimum']}",
            )
        )
    return found


def _list(value: list[Any], schema: Object, path: str) -> list[Cause]:
    found = []
    if "maxItems" in schema and len(value) > schema["maxItems"]:
        found.append(Cause("FieldValueTooMany", path, f"Too many: {len(value)}: must have at most {schema['maxItems']} items"))
    if len(value) < schema.get("minItems", 0):
        found.append(
            Cause(
                "FieldValueInvalid",
                path,
                f"Invalid value: {len(value)}: {path} in body should have at least {schema['minItems']} items",
            )
        )
    inner = schema.get("items")
    for index, entry in enumerate(value if isinstance(inner, dict) else ()):
        found += _check(entry, inner or {}, f"{path}[{index}]")
    return found


def _object(value: Object, schema: Object, path: str) -> list[Cause]:
    found = []
    properties, extra = schema.get("properties") or {}, schema.get("additionalProperties")
    for key, entry in value.items():
        if key in properties:
            found += _check(entry, properties[key], f"{path}.{key}")
        elif isinstance(extra, dict):
            found += _check(entry, extra, f"{path}.{key}")
    found += [_required(f"{path}.{key}") for key in schema.get("required") or () if key not in value]
    if "maxProperties" in schema and len(value) > schema["maxProperties"]:
        found.append(
            Cause("FieldValueTooMany", path, f"Too many: {len(value)}: must have at most {schema['maxProperties']} items")
        )
    return found
