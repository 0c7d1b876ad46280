"""Request bodies in protobuf, as Go clients send them for Kubernetes' own kinds, read into the objects that JSON would give.

Answers are always JSON, which all those clients accept.
"""

import base64
import json
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from flux_cli.core import durations
from flux_cli.core.objects import Object
from flux_cli.sandbox.own_fields import table

MEDIA_TYPE = "application/vnd.kubernetes.protobuf"
MAGIC = b"k8s\0"


def decode(data: bytes) -> Object:
    """The object in an envelope. Raises ValueError with what is wrong."""
    if not data.startswith(MAGIC):
        raise ValueError("provided data does not appear to be a protobuf message, expected prefix 6b 38 73 00")
    envelope = dict(_fields(data[len(MAGIC) :]))
    head = dict(_fields(_bytes(envelope.get(1, b""))))
    version, kind = _text(head.get(1, b"")), _text(head.get(2, b""))
    known = table().kinds.get((version if kind != "DeleteOptions" else "v1", kind))
    if known is None:
        raise ValueError(f'no kind "{kind}" is registered for version "{version}"')
    return {"apiVersion": version, "kind": kind} | _message(known, _bytes(envelope.get(2, b"")))


def _message(name: str, data: bytes) -> Object:
    out: Object = {}
    known = table().types[name]
    for number, raw in _fields(data):
        field = known.numbers.get(number)
        if field is None:
            continue
        if field.code[0] == "r":
            out.setdefault(field.name, []).append(_value(field.code[1:], raw))
        elif field.code[0] == "M":
            pair = dict(_fields(_bytes(raw)))
            out.setdefault(field.name, {})[_text(pair.get(1, b""))] = _value(field.code[1:], pair.get(2, b""))
        elif not field.name:
            out |= _value(field.code, raw)
        else:
            value = _value(field.code, raw)
            if value is not None and not (field.sparse and not value):
                out[field.name] = value
    return out


def _value(code: str, raw: int | bytes) -> Any:
    match code[0]:
        case "m":
            return _message(code[1:], _bytes(raw))
        case "s":
            return _text(raw)
        case "i" | "l":
            return _signed(raw)
        case "o":
            return bool(raw)
        case "b":
            return base64.b64encode(_bytes(raw)).decode()
        case "d":
            return struct.unpack("<d", _bytes(raw)[:8].ljust(8, b"\0"))[0]
    return _small(code, list(_fields(_bytes(raw))))


def _small(code: str, fields: list[tuple[int, int | bytes]]) -> Any:
    """The messages that are no mapping in JSON."""
    parts = dict(fields)
    match code:
        case "e":
            return [_text(raw) for number, raw in fields if number == 1]
        case "q":
            return _text(parts.get(1, b"0"))
        case "I":
            return _text(parts.get(3, b"")) if parts.get(1) else _signed(parts.get(2, 0))
        case "x":
            return json.loads(_bytes(parts.get(1, b"null")))
        case "D":
            return durations.format(_signed(parts.get(1, 0)) / 1e9)
    return _time(_signed(parts.get(1, 0)), _signed(parts.get(2, 0)), exact=code == "u") if fields else None


def _time(seconds: int, nanos: int, *, exact: bool) -> str:
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise ValueError(f"the time {seconds} is out of range") from None
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + (f".{nanos // 1000:06d}" if exact else "") + "Z"


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """(number, value): whole numbers as int, everything else as its bytes."""
    position = 0
    while position < len(data):
        tag, position = _varint(data, position)
        kind = tag & 7
        if kind == 0:
            value: int | bytes
            value, position = _varint(data, position)
        elif kind in (1, 2, 5):
            size = {1: 8, 5: 4}.get(kind, 0)
            if kind == 2:
                size, position = _varint(data, position)
            value = data[position : position + size]
            position += size
        else:
            raise ValueError(f"proto: illegal wireType {kind}")
        if position > len(data):
            raise ValueError("unexpected EOF")
        yield tag >> 3, value


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if position >= len(data):
            raise ValueError("unexpected EOF")
        if shift > 63:
            raise ValueError("proto: integer overflow")
        byte = data[position]
        value |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if byte < 0x80:
            return value & (1 << 64) - 1, position


def _signed(raw: int | bytes) -> int:
    if isinstance(raw, bytes):
        raise ValueError("proto: wrong wireType for a number")
    return raw - (1 << 64) if raw >= 1 << 63 else raw


def _bytes(raw: int | bytes) -> bytes:
    if isinstance(raw, int):
        raise ValueError("proto: wrong wireType for a message")
    return raw


def _text(raw: int | bytes) -> str:
    return _bytes(raw).decode("utf-8", "replace")
