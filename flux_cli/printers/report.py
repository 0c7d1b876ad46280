"""Blocks of labelled lines, as ``trace`` prints them."""

from collections.abc import Iterable, Sequence

from flux_cli.core.text import clean

Lines = Sequence[tuple[str, str]]


def report(blocks: Iterable[tuple[int, Lines]]) -> str:
    """An empty line, then the blocks with ``---`` between them. Each is the width of its labels and its lines."""
    return "\n" + "---\n".join("".join(_line(width, *line) for line in lines) for width, lines in blocks)


def _line(width: int, label: str, value: str) -> str:
    return clean(f"{label + ':':{width}}{value}") + "\n" if label else "\n"
