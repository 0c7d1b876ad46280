"""Removed and added entries as the report shows them: YAML for reading, not for parsing.

The layout, oddities with it, is that of dyff 1.10, which the Go CLI prints with: an empty entry of a list leaves no line break,
a text of several lines keeps its last one.
"""

import re
from typing import Any

from flux_cli.core.goyaml import bare, in_order
from flux_cli.core.text import go_quote

_QUOTED = re.compile(r"^-|[ *&:,]")
_INDENT = "  "
# keys that come first where an entry has them; the row with the most hits decides
_FIRST = (
    ("name", "director_uuid", "releases", "instance_groups", "networks", "resource_pools", "compilation"),
    ("name", "url", "version", "sha1"),
    ("jobs", "resources", "resource_types"),
    ("name", "type", "source"),
    ("get",),
    ("put",),
    ("task",),
    ("releases", "instance_groups", "configuration", "variables"),
    ("auth", "templates"),
    ("name",),
    ("key",),
    ("id",),
)


def lines(value: Any) -> str:
    """The YAML of a value, line breaks at its end included; keys in reading order: names first, short before deep."""
    return _written(_arranged(value))


def plain(value: Any) -> str:
    """The same without a change of order; null is ``<nil>``."""
    return "<nil>" if value is None else _written(_sorted(value))


def _written(value: Any, prefix: str = "", *, inline: bool = False) -> str:
    """``prefix`` stands before every line, before the first only where that is not continued (``inline``)."""
    if isinstance(value, dict):
        parts = [f"{key}:{_under(entry, prefix)}" for key, entry in value.items()]
    elif isinstance(value, list):
        parts = [f"- {_written(entry, prefix + _INDENT, inline=True)}" for entry in value]
    else:
        return _scalar(value, prefix)
    return "".join(part if inline and not at else prefix + part for at, part in enumerate(parts))


def _under(entry: Any, prefix: str) -> str:
    """What follows a key."""
    if isinstance(entry, dict):
        return f"\n{_written(entry, prefix + _INDENT)}" if entry else " {}\n"
    if isinstance(entry, list):
        return f"\n{_written(entry, prefix)}" if entry else " []\n"
    return f" {_scalar(entry, prefix + _INDENT)}"


def _scalar(value: Any, prefix: str) -> str:
    text = bare(value)
    if "\n" in text:
        return "|\n" + "".join(f"{prefix}{line}\n" for line in text.split("\n"))
    if isinstance(value, str) and (text in ("true", "false", "null") or _QUOTED.search(text)):
        return f"{go_quote(text)}\n"
    return f"{text}\n"


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
    if not best:
        return {key: _arranged(value[key]) for key in in_order(value)}
    first = [key for key in _FIRST[hits.index(best)] if key in value]
    rest = sorted((key for key in in_order(value) if key not in first), key=lambda key: max(0, _depth(value[key])))
    return {key: _arranged(value[key]) for key in [*first, *rest]}


def _depth(value: Any) -> int:
    """Steps to the farthest scalar, -1 where there is none. The name of a list's entry does not count, where all have one."""
    if isinstance(value, dict):
        below = list(value.values())
    elif not isinstance(value, list):
        return 0
    elif name := _identifier(value):
        below = [{key: entry[key] for key in entry if key != name} for entry in value]
    else:
        below = value
    deepest = max((_depth(entry) for entry in below), default=-1)
    return deepest + 1 if deepest >= 0 else -1


def _identifier(entries: list[Any]) -> str:
    """The key that names every entry, "" where there is none."""
    if not entries or not all(isinstance(entry, dict) for entry in entries):
        return ""
    return next((key for key in ("name", "key", "id") if all(key in entry for entry in entries)), "")
