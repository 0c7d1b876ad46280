"""What differs between two YAML values, as the reports of ``diff`` are made of: paths with removals, additions, changes.

The rules, which list entries belong together above all, are those of the comparison that the Go CLI uses.
"""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from flux_cli.core.goyaml import bare, in_order
from flux_cli.core.objects import text

ADDED, REMOVED, CHANGED, REORDERED = "+", "-", "±", "⇆"
_IDENTIFIERS = ("name", "key", "id", "manager")
_GUESS_ABOVE = 3  # entries of the first list before any distinct text may name them
Path = tuple[str, ...]


class Detail(NamedTuple):
    """One change: ``before`` is None for an addition, ``after`` for a removal."""

    kind: str
    before: Any
    after: Any


class Difference(NamedTuple):
    """What differs at one path."""

    path: Path
    details: list[Detail]


def compare(before: Any, after: Any, path: Path = ()) -> list[Difference]:
    """All differences; those of a map's keys come before those within its values."""
    if isinstance(before, dict) and isinstance(after, dict):
        return _maps(before, after, path)
    if isinstance(before, list) and isinstance(after, list):
        return _lists(before, after, path)
    if type_name(before) == type_name(after) and before == after:
        return []
    return [Difference(path, [Detail(CHANGED, before, after)])]


def type_name(value: Any) -> str:
    """YAML's name of a type."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "bool"
    names = {int: "int", float: "float", str: "string", dict: "map", list: "list"}
    return names.get(type(value), "string")


def _maps(before: dict[str, Any], after: dict[str, Any], path: Path) -> list[Difference]:
    out: list[Difference] = []
    for key in in_order(before):
        if key in after:
            out += compare(before[key], after[key], (*path, key))
    removed = {key: before[key] for key in in_order(before) if key not in after}
    added = {key: after[key] for key in in_order(after) if key not in before}
    return _with_details(path, [], removed, added, out)


def _with_details(path: Path, order: list[Detail], removed: Any, added: Any, rest: list[Difference]) -> list[Difference]:
    details = list(order)
    if removed:
        details.append(Detail(REMOVED, removed, None))
    if added:
        details.append(Detail(ADDED, None, added))
    return [Difference(path, details), *rest] if details else rest


def _lists(before: list[Any], after: list[Any], path: Path) -> list[Difference]:
    if not before and not after:
        return []
    names = _named(before, after)
    if names:
        return _entries(dict(zip(names[0], before, strict=True)), dict(zip(names[1], after, strict=True)), path)
    if len(before) == len(after) == 1:
        return compare(before[0], after[0], (*path, "0"))
    return _plain(before, after, path)


def _named(before: list[Any], after: list[Any]) -> tuple[list[str], list[str]] | None:
    """The names of both lists' entries, where something tells each of them apart."""
    for key in _IDENTIFIERS:
        first, second = _values(before, key), _values(after, key)
        if first is not None and second is not None:
            return first, second
    if len(before) > _GUESS_ABOVE and all(isinstance(entry, dict) for entry in before + after):
        for key in in_order(before[0]):
            if all(isinstance(entry.get(key), str) for entry in before + after):
                first, second = _values(before, key), _values(after, key)
                if first is not None and second is not None:
                    return first, second
    return _kubernetes(before, after)


def _values(entries: Sequence[Any], key: str) -> list[str] | None:
    """What every entry has under ``key``, as text (maps and lists count as empty); None where one lacks it or two share it."""
    found = []
    for entry in entries:
        if not isinstance(entry, dict) or key not in entry:
            return None
        found.append("" if isinstance(entry[key], dict | list) else bare(entry[key]))
    return found if len(set(found)) == len(found) else None


def _kubernetes(before: list[Any], after: list[Any]) -> tuple[list[str], list[str]] | None:
    out = []
    for entries in (before, after):
        found = []
        for entry in entries:
            parts = [text(entry, f) for f in ("apiVersion", "kind", "metadata.namespace", "metadata.name")]
            if not (parts[0] and parts[1] and parts[3]):
                return None
            found.append("/".join(part for part in parts if part))
        if len(set(found)) != len(found):
            return None
        out.append(found)
    return out[0], out[1]


def _entries(before: dict[str, Any], after: dict[str, Any], path: Path) -> list[Difference]:
    """Lists whose entries have names."""
    out: list[Difference] = []
    for name, entry in before.items():
        if name in after:
            out += compare(entry, after[name], (*path, name) if name else path)
    removed = [entry for name, entry in before.items() if name not in after]
    added = [entry for name, entry in after.items() if name not in before]
    order = _order([name for name in before if name in after], [name for name in after if name in before])
    return _with_details(path, order, removed, added, out)


def _order(before: list[Any], after: list[Any]) -> list[Detail]:
    return [Detail(REORDERED, before, after)] if len(before) == len(after) and before != after else []


def _plain(before: list[Any], after: list[Any], path: Path) -> list[Difference]:
    """Lists without names: entries are compared as a whole, each as often as it occurs."""
    first, second = [_hash(entry) for entry in before], [_hash(entry) for entry in after]
    removed, added = _surplus(before, first, Counter(second)), _surplus(after, second, Counter(first))
    common, common_after = [h for h in first if h in second], [h for h in second if h in first]
    order = []
    if len(common) == len(common_after) and common != common_after:
        kept = [entry for entry, key in zip(before, first, strict=True) if key in second]
        order = [Detail(REORDERED, kept, [entry for entry, key in zip(after, second, strict=True) if key in first])]
    return _with_details(path, order, removed, added, [])


def _surplus(entries: list[Any], hashes: list[str], others: "Counter[str]") -> list[Any]:
    """Entries that the other list lacks; of those that it has less often, as many as are missing, where the first one stands."""
    counts, out = Counter(hashes), []
    seen: set[str] = set()
    for entry, key in zip(entries, hashes, strict=True):
        if not others[key]:
            out.append(entry)
        elif key not in seen:
            out += [entry] * (counts[key] - others[key])
        seen.add(key)
    return out


def _hash(entry: Any) -> str:
    """Equal for entries that read the same: the number 80 and the text "80" do, and so do an empty map and an empty list."""
    return json.dumps(_texts(entry), sort_keys=True)


def _texts(value: Any) -> Any:
    if isinstance(value, dict | list) and not value:
        return []
    if isinstance(value, dict):
        return {key: _texts(entry) for key, entry in value.items()}
    return [_texts(entry) for entry in value] if isinstance(value, list) else bare(value)
