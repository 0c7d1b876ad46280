"""What somebody pasted, taken apart: a message, lines of a log, a table of ``flux get``, with the objects that they name."""

import json
import re
from typing import NamedTuple

from flux_cli import kinds
from flux_cli.diagnosis.observing import log_line

NAME, NAMESPACE = "NAME", "NAMESPACE"
_CELLS = re.compile(r"\s*\t\s*|\s{2,}")
_FLUX_LOG = re.compile(r"^\S+T\S+Z (?P<level>\w+) (?:(?P<kind>[A-Z]\w+)/(?P<name>[^\s]+) )?- (?P<message>.+)")


class Passage(NamedTuple):
    """A text about one object; capitals stand for a name that is not told, an empty kind for one that is not."""

    text: str
    kind: str = ""
    name: str = NAME
    namespace: str = NAMESPACE


def passages(pasted: str, kind: str = "") -> list[Passage]:
    """At least one. ``kind``: of the objects, where the text does not name another."""
    lines = [line for line in pasted.splitlines() if line.strip()]
    found = _table(lines, kind) or _log(lines, kind)
    return found if len(found) > 1 else [_whole(pasted, kind, found)]


def _table(lines: list[str], kind: str) -> list[Passage]:
    """The rows of ``flux get`` that are not ready, by the columns of its header."""
    head = next((n for n, line in enumerate(lines) if {"NAME", "READY", "MESSAGE"} <= set(_CELLS.split(line.strip()))), None)
    if head is None:
        return []
    columns = _CELLS.split(lines[head].strip())
    found = []
    for line in lines[head + 1 :]:
        cells = _row(line, columns)
        if cells.get("READY", "True") == "True":
            continue
        word, slash, name = cells["NAME"].rpartition("/")
        known = kinds.find(word) if slash else None
        found.append(Passage(cells["MESSAGE"], known.kind if known else kind, name, cells.get("NAMESPACE") or NAMESPACE))
    return found


def _row(line: str, columns: list[str]) -> dict[str, str]:
    """The cells of a row by column. Tabs keep empty cells; where they became spaces, those before READY may be gone."""
    cells = [c.strip() for c in line.split("\t")] if "\t" in line else _CELLS.split(line.strip())
    missing = len(columns) - len(cells)
    if missing > 0:
        at = columns.index("REVISION") if "REVISION" in columns else columns.index("READY")
        cells[at:at] = [""] * missing
    extra = cells[len(columns) - 1 :]
    return dict(zip(columns, [*cells[: len(columns) - 1], " ".join(extra).strip()], strict=False))


def _log(lines: list[str], kind: str) -> list[Passage]:
    """The errors among lines of a log, JSON or as ``flux logs`` prints them; one for each text about an object."""
    found: dict[Passage, None] = {}
    for line in lines:
        entry, printed = log_line(line.strip()), _FLUX_LOG.match(line.strip())
        if printed:
            name, _, namespace = (printed["name"] or "").rpartition(".")
            if printed["level"] == "error":
                found[Passage(printed["message"], printed["kind"] or kind, name or NAME, namespace or NAMESPACE)] = None
        elif entry and entry.level == "error":
            found[Passage(entry.message, kind or entry.kind, entry.name or NAME, entry.namespace or NAMESPACE)] = None
    return list(found)


def _whole(pasted: str, kind: str, found: list[Passage]) -> Passage:
    """All of it as one text, log lines without their wrapping."""
    named = found[0] if found else Passage("")
    parts = []
    for line in pasted.splitlines():
        entry = log_line(line.strip())
        parts.append(entry.message if entry and entry.level else _unescaped(line))
        if entry and entry.level and entry.name:
            named = Passage("", entry.kind, entry.name, entry.namespace or NAMESPACE)
    return named._replace(text="\n".join(parts), kind=kind or named.kind)


def _unescaped(line: str) -> str:
    """Quotes that were escaped on the way through a log, as they were."""
    if '\\"' not in line:
        return line
    try:
        value = json.loads(f'"{line}"')
    except ValueError:
        return line.replace('\\"', '"')
    return value if isinstance(value, str) else line
