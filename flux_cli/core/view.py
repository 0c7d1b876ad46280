"""What services hand to printers: shapes with no terminal in them."""

from __future__ import annotations

from flux_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Table(Record):
    """Headers as declared (printers decide on case), rows of cells; a cell may hold several lines."""

    headers: tuple[str, ...]
    rows: list[tuple[str, ...]]


class Tree(Record):
    """A labelled node with what hangs below it. ``data`` is for machine-readable printers."""

    label: str
    children: list[Tree]
    data: Any = None


class Step(Record):
    """A line of progress as a service yields it; ``sign`` is the name of the ``core.app.Log`` method that writes it."""

    sign: str
    text: str


class Amount(Record):
    """Yielded before the first of several steps: how many results will come, and what is being done."""

    total: int
    doing: str


class Change(Record):
    """What an apply would do to one object, for ``diff``.

    ``subject`` is ``Kind/namespace/name``; ``action`` is created, drifted, deleted, skipped, ``changed`` (a Kustomization whose
    own changes follow) or ``remote`` (one whose objects are in another cluster). Secret values are masked already.
    """

    subject: str
    action: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
