"""Removed and added entries as the report shows them: YAML for reading, not for parsing."""

import json
import re
from typing import Any

from flux_cli.core.goscalars import format_float
from flux_cli.core.goyaml import in_order

_QUOTED = re.compile(r"^-|[ *&:,]")
# keys that come first where an entry has them; the row with the most hits decides
_FIRST = (
    ("name", "director_uuid", "releases", "instance_groups", "networks", "resource_pools", "compilation"),
    ("name", "url", "version", "sha1"),
    ("jobs", "resources", "resource_types"),
    ("name", "type", "source"),
    ("get",),
    ("put",),
    ("task",),
    ("name", "jobs", "processes"),
    ("name",),
    ("key",),
    ("id",),
)


def lines(value: Any) -> str:
    """The YAML of a value with its final newline, keys in reading order: names first, short before deep."""
    return "".join(line + "\n" for line in _lines(_arranged(value)))


def plain(value: Any) -> str:
    """The same without a change of order; null is ``<nil>``."""
    return "<nil>" if value is None else "\n".join(_lines(_sorted(value)))


def _lines(value: Any) -> list[str]:
    if isinstance(value, dict) and value:
        return [line for key, entry in value.items() for line in _under(f"{_scalar(key)}:", entry)]
    if isinstance(value, list) and value:
        out = []
        for entry in value:
            body = _lines(entry)
            if isinstance(entry, str) and "\n" in entry:
                body = ["|", *body]
            out += ["- " + body[0], *("  " + line for line in body[1:])]
        return out
    if isinstance(value, str) and "\n" in value:
        return value.removesuffix("\n").split("\n")
    return [_scalar(value)]


def _under(label: str, entry: Any) -> list[str]:
    if isinstance(entry, dict) and entry:
        return [label, *("  " + line for line in _lines(entry))]
    if isinstance(entry, list) and entry:
        return [label, *_lines(entry)]
    if isinstance(entry, str) and "\n" in entry:
        return [f"{label} |", *("  " + line for line in _lines(entry))]
    return [f"{label} {_scalar(entry)}"]


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format_float(value)
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    text = str(value)
    if isinstance(value, str) and (text in ("true", "false", "null") or _QUOTED.search(text)):
        return json.dumps(text, ensure_ascii=False)
    return text


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in in_order(value)}
    return [_sorted(entry) for entry in value] if isinstance(value, list) else value


def _arranged(value: Any) -> Any:
    if isinstance(value, list):
        return [_arranged(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    hits = [sum(key in value for key in row) for row in _FIRST]
    best = max(hits)
    first = [key for key in _FIRST[hits.index(best)] if key in value] if best else []
    rest = sorted((key for key in in_order(value) if key not in first), key=lambda key: _depth(value[key]))
    return {key: _arranged(value[key]) for key in [*first, *rest]}


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max((_depth(entry) for entry in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((_depth(entry) for entry in value), default=0)
    return 0
