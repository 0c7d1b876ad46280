"""The document of OpenAPI v2 in protobuf: what kubectl asks for where v3 does not tell it enough, and older programs always.

Numbers of fields are those of gnostic's ``openapi.v2`` messages.
"""

import json
import struct
from typing import Any

from flux_cli.core.objects import Object

MEDIA_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
TEXTS = {"$ref": 1, "format": 2, "title": 3, "description": 4, "pattern": 13}
DOUBLES = {"multipleOf": 6, "maximum": 7, "minimum": 9}
WHOLE = {"exclusiveMaximum": 8, "exclusiveMinimum": 10, "maxLength": 11, "minLength": 12, "maxItems": 14, "minItems": 15,
         "uniqueItems": 16, "maxProperties": 17, "minProperties": 18}  # fmt: skip
REQUIRED, ENUM, ADDITIONAL, TYPE, ITEMS, PROPERTIES, EXTENSION = 19, 20, 21, 22, 23, 25, 31
_TEXT, _DOUBLE, _VARINT = 2, 1, 0  # wire types


def document(spec: Object) -> bytes:
    """``swagger``, ``info`` and ``definitions`` of a document."""
    info = _text(1, spec["info"]["title"]) + _text(2, spec["info"]["version"])
    definitions = _named(1, spec["definitions"])
    return _text(1, spec["swagger"]) + _message(2, info) + _message(8, b"") + _message(9, definitions)


def _schema(schema: Any) -> bytes:
    if not isinstance(schema, dict):
        return b""
    return b"".join(_keyword(name, value) for name, value in schema.items())


def _keyword(name: str, value: Any) -> bytes:
    if name in TEXTS:
        return _text(TEXTS[name], str(value))
    if name in DOUBLES:
        return _key(DOUBLES[name], _DOUBLE) + struct.pack("<d", value)
    if name in WHOLE:
        return _key(WHOLE[name], _VARINT) + _varint(int(value))
    match name:
        case "required":
            return b"".join(_text(REQUIRED, one) for one in value)
        case "enum":
            return b"".join(_message(ENUM, _any(one)) for one in value)
        case "type":
            return _message(TYPE, b"".join(_text(1, one) for one in ([value] if isinstance(value, str) else value)))
        case "items":
            return _message(ITEMS, _message(1, _schema(value)))
        case "properties":
            return _message(PROPERTIES, _named(1, value))
        case "additionalProperties":
            flag = _key(2, _VARINT) + _varint(int(value)) if isinstance(value, bool) else _message(1, _schema(value))
            return _message(ADDITIONAL, flag)
    return _message(EXTENSION, _text(1, name) + _message(2, _any(value))) if name.startswith("x-") else b""


def _named(number: int, schemas: Object) -> bytes:
    return b"".join(_message(number, _text(1, name) + _message(2, _schema(schema))) for name, schema in schemas.items())


def _any(value: Any) -> bytes:
    """Any value, as the YAML that its JSON is."""
    return _text(2, json.dumps(value) + "\n")


def _text(number: int, value: str) -> bytes:
    return _message(number, value.encode())


def _message(number: int, body: bytes) -> bytes:
    return _key(number, _TEXT) + _varint(len(body)) + body


def _key(number: int, wire: int) -> bytes:
    return _varint(number << 3 | wire)


def _varint(value: int) -> bytes:
    out = bytearray()
    value &= (1 << 64) - 1
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
