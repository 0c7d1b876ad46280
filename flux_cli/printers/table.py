"""The table of the Go CLI, byte for byte: columns padded with blanks, cells ended by a TAB, the header ended by a blank."""

from __future__ import annotations

from itertools import repeat, zip_longest

from flux_cli.core.text import clean
from flux_cli.printers.width import display_width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flux_cli.core.view import Table
    from flux_cli.printers.width import Measure

Cells = tuple[str, ...] | tuple[list[str], ...]  # of a plain row, or the lines of each cell


def render(table: Table, header: bool = True, least: list[int] | None = None, measure: Measure = display_width) -> str:
    """The whole table as text; the empty string where there is neither header nor row.

    ``least``: how wide each column is at least, brought up to date, for tables that are printed piece by piece.
    ``measure``: columns that a text takes in the user's locale (``width.measure``).
    """
    headers = tuple(title(h) for h in table.headers) if header else ()
    simple = [_is_plain(row) for row in table.rows]
    if all(simple):
        lines: list[Cells] = list(table.rows)
        widths = [max(map(len, column)) for column in zip(*table.rows, strict=True)]
    else:
        lines = [row if plain else _cells(row) for row, plain in zip(table.rows, simple, strict=True)]
        widths = _widths(lines, measure)
    for known in (map(measure, headers), least or ()):
        widths = [max(pair) for pair in zip_longest(widths, known, fillvalue=0)]
    if least is not None:
        least[:] = widths
    return (_head(headers, widths) if headers else "") + _body(lines, widths, measure)


def title(text: str) -> str:
    """A header as it is printed: upper case, underscores and single dots as blanks."""
    text = text.replace("_", " ")
    if "." in text:
        import re

        text = re.sub(r"(?<![\d\s])\.|\.(?![\d\s])", " ", text)  # a dot that does not stand between digits or blanks
    return text.strip().upper()


def _widths(rows: list[Cells], measure: Measure) -> list[int]:
    """The widest line of each column. Plain rows, the most by far, are measured a column at a time."""
    plain = [row for row in rows if isinstance(row[0], str)]
    widths = [max(map(len, column)) for column in zip(*plain, strict=True)] or [0] * len(rows[0])
    for row in rows:
        if not isinstance(row[0], str):
            widths = [max(width, *map(measure, lines)) for width, lines in zip(widths, row, strict=True)]
    return widths


def _body(rows: list[Cells], widths: list[int], measure: Measure) -> str:
    form = "\t".join(f"%-{width}s" for width in widths) + "\t\n"
    out = []
    for row in rows:
        if isinstance(row[0], str):
            out.append(form % row)
        else:
            out += ["".join(map(_cell, lines, widths, repeat(measure))) + "\n" for lines in zip_longest(*row, fillvalue="")]
    return "".join(out)


def _cells(row: tuple[str, ...]) -> tuple[list[str], ...]:
    """The lines of each cell, without control characters."""
    return tuple(clean(cell).split("\n") for cell in row)


def _is_plain(row: tuple[str, ...]) -> bool:
    """Printable ASCII throughout: cells are as long as they are wide, and one line each."""
    text = "".join(row)
    return text.isascii() and text.isprintable()


def _cell(text: str, width: int, measure: Measure) -> str:
    return text + " " * (width - measure(text)) + "\t"


def _head(headers: tuple[str, ...], widths: list[int]) -> str:
    """The last header cell is followed by a blank, where rows have a TAB."""
    return "\t".join(f"{text:<{width}}" for text, width in zip(headers, widths, strict=True)) + " \n"
