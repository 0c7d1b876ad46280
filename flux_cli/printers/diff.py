"""The report of ``diff``, as the Go CLI prints it: what is created, drifted or deleted, and how."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flux_cli.core.goyaml import bare
from flux_cli.core.text import clean
from flux_cli.core.view import Change
from flux_cli.printers import diff_yaml
from flux_cli.printers.diff_certificates import summary
from flux_cli.printers.diff_compare import ADDED, CHANGED, REMOVED, REORDERED, Detail, Difference, compare, type_name

_GAP = "   "
_COLORS = {"green": "32", "red": "31", "yellow": "33", "orange": "38;5;208", "bold": "1"}
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
_MARKUP = re.compile(r"([*_~])(.+?)\1|(\w+)\{(.+?)\}")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_LINE = {"created": "green", "skipped": "orange", "deleted": "orange"}


class Report:
    """Turns changes into text. ``width``: columns of the terminal, 80 where there is none."""

    def __init__(self, *, color: bool = False, width: int = 80) -> None:
        self._color = color
        self._width = width

    def text(self, changes: Iterable[Change]) -> str:
        return "".join(self._change(change) for change in changes)

    def _change(self, change: Change) -> str:
        if change.action == "remote":
            return self._paint(f"⚠️ {change.subject} skipped: diff not supported for remote clusters", "orange") + "\n"
        if change.action == "changed":
            return clean(f"📁 {_unmarked(change.subject)} changed") + "\n"
        if change.action != "drifted":
            return self._paint(f"► {change.subject} {change.action}", _LINE[change.action]) + "\n"
        head = clean(f"► {_unmarked(change.subject)} drifted") + "\n"
        return head + "".join(self._difference(d) for d in compare(change.before, change.after)) + "\n"

    def _difference(self, difference: Difference) -> str:
        path = ".".join(difference.path) or "(root level)"
        return f"\n{self._paint(path, 'bold')}\n" + self._blocks([self._detail(detail) for detail in difference.details])

    def _detail(self, detail: Detail) -> str:
        if detail.kind in (ADDED, REMOVED):
            return self._entries(detail)
        if detail.kind == REORDERED:
            return self._reordered(detail)
        if isinstance(detail.before, str) and isinstance(detail.after, str):
            return self._strings(detail.before, detail.after)
        kinds = type_name(detail.before), type_name(detail.after)
        head = "value change" if kinds[0] == kinds[1] else f"type change from {kinds[0]} to {kinds[1]}"
        return self._head(CHANGED, head) + self._pair(
            diff_yaml.plain(detail.before).rstrip("\n"), diff_yaml.plain(detail.after).rstrip("\n")
        )

    def _entries(self, detail: Detail) -> str:
        value = detail.after if detail.kind == ADDED else detail.before
        count = plural(len(value), *(("map entry", "map entries") if isinstance(value, dict) else ("list entry", "list entries")))
        body = diff_yaml.lines(value)
        if detail.kind == ADDED:
            head = self._head(ADDED, f"{count} added:")
            return head + self._blocks([self._paint(re.sub("(?m)^(?=.)", "  ", body), "green")])
        return self._head(REMOVED, f"{count} removed:") + self._blocks([self._paint(body, "red")])

    def _reordered(self, detail: Detail) -> str:
        before, after = ([_entry(entry) for entry in side] for side in detail[1:])
        if max(len(", ".join(side)) for side in (before, after)) < self._width // 2:
            lines = (f"- {', '.join(before)}\n", "red"), (f"+ {', '.join(after)}\n", "green")
            return self._head(REORDERED, "order changed") + "".join(self._paint(*line) for line in lines)
        columns = [self._paint("\n".join(before), "red"), self._paint("\n".join(after), "green")]
        return self._head(REORDERED, "order changed") + _columns(" ", 2, columns)

    def _strings(self, before: str, after: str) -> str:
        issued, reissued = summary(before), summary(after)
        if issued is not None and reissued is not None:
            return self._head(CHANGED, "certificate change") + self._side_by_side(issued, reissued)
        if before.strip(" \n") == after.strip(" \n"):
            return self._head(CHANGED, "whitespace only change") + self._side_by_side(_visible(before), _visible(after))
        if "\n" in before + after:
            return self._multiline(before, after)
        return self._head(CHANGED, "value change") + self._pair(before, after)

    def _multiline(self, before: str, after: str) -> str:
        """The lines that changed, without those around them."""
        inserts = deletions = 0
        body = ""
        for kind, text in changed_lines(before, after):
            inserts += kind == ADDED
            deletions += kind == REMOVED
            body += self._paint(_prefixed(f"{kind} ", text), "green" if kind == ADDED else "red")
        counts = f"{plural(inserts, 'insert')}, {plural(deletions, 'deletion')}"
        return self._head(CHANGED, f"value change in multiline text ({counts})") + body + "\n"

    def _head(self, sign: str, words: str) -> str:
        return self._paint(f"{sign} {words}\n", "yellow")

    def _pair(self, before: str, after: str) -> str:
        return self._paint(_hanging("- ", before), "red") + self._paint(_hanging("+ ", after), "green")

    def _side_by_side(self, before: str, after: str) -> str:
        return self._blocks([self._paint(_hanging("- ", before), "red"), self._paint(_hanging("+ ", after), "green")])

    def _blocks(self, blocks: Sequence[str]) -> str:
        """Blocks as columns where they fit, else one below the other, each with a line break of its own."""
        needed = len(_GAP) * (len(blocks) - 1) + sum(max(_shown(line) for line in block.split("\n")) for block in blocks)
        if needed > self._width:
            return "".join(f"{line}\n" for block in blocks for line in block.split("\n"))
        return _columns(_GAP, 0, blocks)

    def _paint(self, text: str, style: str) -> str:
        """Styled line by line; blanks at a line's end are not, so that columns can drop them."""
        if not self._color:
            return clean(text)
        return re.sub("(?m)^.*\\S", lambda found: f"\x1b[{_COLORS[style]}m{found[0]}\x1b[0m", clean(text))


def changed_lines(before: str, after: str) -> Iterator[tuple[str, str]]:
    """(REMOVED or ADDED, the lines that belong together), by the algorithm that the Go CLI's report is made with."""
    from diff_match_patch import diff_match_patch

    machine = diff_match_patch()
    old, new, lines = machine.diff_linesToChars(before, after)
    found = machine.diff_main(old, new, False)
    machine.diff_charsToLines(found, lines)
    for operation, text in found:
        if operation != machine.DIFF_EQUAL:
            yield (ADDED if operation == machine.DIFF_INSERT else REMOVED), text


def _entry(value: Any) -> str:
    """An entry of a list that changed its order."""
    scalar = "" if isinstance(value, dict | list) else bare(value)
    return scalar or diff_yaml.plain(value)


def plural(count: int, one: str, many: str = "") -> str:
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{number} {one if count == 1 else many or one + 's'}"


def _columns(gap: str, indent: int, blocks: Sequence[str]) -> str:
    split = [block.split("\n") for block in blocks]
    widths = [max(_shown(line) for line in lines) for lines in split]
    rows = []
    for at in range(max(len(lines) for lines in split)):
        cells = []
        for lines, width in zip(split, widths, strict=True):
            line = lines[at] if at < len(lines) else ""
            cells.append(" " * indent + line + " " * (width - _shown(line)))
        rows.append(gap.join(cells).rstrip(" "))
    return "\n".join(rows)


def _shown(line: str) -> int:
    return len(_ESCAPE.sub("", line))


def _hanging(prefix: str, text: str) -> str:
    """The prefix before the first line, blanks before the others."""
    return prefix + text.replace("\n", "\n" + " " * len(prefix)) + "\n"


def _prefixed(prefix: str, text: str) -> str:
    return "".join(f"{prefix}{line}\n" for line in text.removesuffix("\n").split("\n"))


def _visible(text: str) -> str:
    return text.replace("\n", "↵\n").replace(" ", "·")


def _unmarked(text: str) -> str:
    """Upstream reads these lines as markup: signs around a word are lost."""
    return _MARKUP.sub(lambda found: found[2] or found[4] or "", text)
