"""What services hand to printers: shapes with no terminal in them."""

from typing import Any, NamedTuple


class Table(NamedTuple):
    """Headers as declared (printers decide on case), rows of cells; a cell may hold several lines."""

    headers: tuple[str, ...]
    rows: list[tuple[str, ...]]


class Tree(NamedTuple):
    """A labelled node with what hangs below it. ``data`` is for machine-readable printers."""

    label: str
    children: "list[Tree]"
    data: Any = None


class Step(NamedTuple):
    """A line of progress as a service yields it; ``sign`` is the name of the ``core.app.Log`` method that writes it."""

    sign: str
    text: str
