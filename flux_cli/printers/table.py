"""The table of the Go CLI, byte for byte: columns padded with blanks, cells ended by a TAB, the header ended by a blank."""

from itertools import zip_longest

from flux_cli.core.text import clean
from flux_cli.core.view import Table

Cells = tuple[str, ...] | tuple[list[str], ...]  # of a plain row, or the lines of each cell


def render(table: Table, header: bool = True, least: list[int] | None = None) -> str:
    """The whole table as text; the empty string where there is neither header nor row.

    ``least``: how wide each column is at least, brought up to date, for tables that are printed piece by piece.
    """
    headers = tuple(title(h) for h in table.headers) if header else ()
    simple = [_is_plain(row) for row in table.rows]
    if all(simple):
        lines: list[Cells] = list(table.rows)
        widths = [max(map(len, column)) for column in zip(*table.rows, strict=True)]
    else:
        lines = [row if plain else _cells(row) for row, plain in zip(table.rows, simple, strict=True)]
        widths = _widths(lines)
    for known in (map(display_width, headers), least or ()):
        widths = [max(pair) for pair in zip_longest(widths, known, fillvalue=0)]
    if least is not None:
        least[:] = widths
    return (_head(headers, widths) if headers else "") + _body(lines, widths)


def title(text: str) -> str:
    """A header as it is printed: upper case, underscores and single dots as blanks."""
    text = text.replace("_", " ")
    if "." in text:
        import re

        text = re.sub(r"(?<![\d\s])\.|\.(?![\d\s])", " ", text)  # a dot that does not stand between digits or blanks
    return text.strip().upper()


def _widths(rows: list[Cells]) -> list[int]:
    """The widest line of each column. Plain rows, the most by far, are measured a column at a time."""
    plain = [row for row in rows if isinstance(row[0], str)]
    widths = [max(map(len, column)) for column in zip(*plain, strict=True)] or [0] * len(rows[0])
    for row in rows:
        if not isinstance(row[0], str):
            widths = [max(width, *map(display_width, lines)) for width, lines in zip(widths, row, strict=True)]
    return widths


def _body(rows: list[Cells], widths: list[int]) -> str:
    form = "\t".join(f"%-{width}s" for width in widths) + "\t\n"
    out = []
    for row in rows:
        if isinstance(row[0], str):
            out.append(form % row)
        else:
            out += ["".join(map(_cell, lines, widths)) + "\n" for lines in zip_longest(*row, fillvalue="")]
    return "".join(out)


def _cells(row: tuple[str, ...]) -> tuple[list[str], ...]:
    """The lines of each cell, without control characters."""
    return tuple(clean(cell).split("\n") for cell in row)


def _is_plain(row: tuple[str, ...]) -> bool:
    """Printable ASCII throughout: cells are as long as they are wide, and one line each."""
    text = "".join(row)
    return text.isascii() and text.isprintable()


def _cell(text: str, width: int) -> str:
    return _pad(text, width) + "\t"


def _head(headers: tuple[str, ...], widths: list[int]) -> str:
    """The last header cell is followed by a blank, where rows have a TAB."""
    return "\t".join(_pad(text, width) for text, width in zip(headers, widths, strict=True)) + " \n"


def _pad(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def display_width(text: str) -> int:
    """Terminal columns of one line, as go-runewidth counts: a cluster is as wide as its first character that has a width."""
    if text.isascii():
        return len(text) if text.isprintable() else sum(char.isprintable() for char in text)
    width = 0
    open_ = ""  # the cluster so far; "" at its start
    for char in text:
        if open_ and _continues(open_, char):
            open_ += char
            continue
        width += _cluster_width(open_)
        open_ = char
    return width + _cluster_width(open_)


def _cluster_width(cluster: str) -> int:
    return next((w for w in map(_char_width, cluster) if w), 0)


def _char_width(char: str) -> int:
    import unicodedata

    if char < "\u0300":
        return int(char.isprintable() or char == "\u00a0")
    if unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc", "Cs", "Zl", "Zp"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _continues(cluster: str, char: str) -> bool:
    """Does ``char`` belong to the cluster: a mark, what a joiner joins, a second half of a flag, a Hangul vowel or final?"""
    import unicodedata

    if unicodedata.category(char) in ("Mn", "Me", "Mc") or char in "\u200d\u200c" or "\U0001f3fb" <= char <= "\U0001f3ff":
        return cluster != "\t"
    last = cluster[-1]
    if last == "\u200d":
        return unicodedata.category(char) == "So"
    if _is_flag_half(char):
        return _is_flag_half(last) and len(cluster) == 1
    return "\u1100" <= last <= "\u11ff" and "\u1160" <= char <= "\u11ff"


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
