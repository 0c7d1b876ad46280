"""A table that is drawn again where it stands, for somebody who watches it on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flux_cli.core.app import Streams
from flux_cli.core.text import one_line
from flux_cli.core.view import Table
from flux_cli.printers.table import title

if TYPE_CHECKING:
    from rich.table import Table as RichTable

PER_SECOND = 2  # many changes at once are one drawing; a slow line carries it
_STYLES = {"True": "green", "False": "red", "Unknown": "yellow"}


@contextmanager
def redrawn(streams: Streams, now: Callable[[], Table]) -> Iterator[None]:
    """While the block runs, the table that ``now`` gives is on the screen; the last one stays there."""
    from rich.console import Console
    from rich.live import Live

    console = Console(
        file=streams.out, force_terminal=True, no_color=not streams.color, width=streams.width, highlight=False, emoji=False
    )
    with Live(get_renderable=lambda: _laid_out(now()), console=console, refresh_per_second=PER_SECOND):
        yield


def _laid_out(table: Table) -> "RichTable":
    """A line an object: what of the message does not fit beside the other cells is cut off."""
    from rich.cells import cell_len
    from rich.table import Table as RichTable
    from rich.text import Text

    headers = [title(header) for header in table.headers]
    rows = [[one_line(cell) for cell in row] for row in table.rows]
    drawn = RichTable(box=None, expand=True, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for header, *cells in zip(headers, *rows, strict=True):
        free = header == "MESSAGE"
        least = cell_len(header) if free else max(map(cell_len, (header, *cells)))
        drawn.add_column(header, no_wrap=True, overflow="ellipsis", min_width=least, ratio=1 if free else None)
    for row in rows:
        cells = [
            Text(cell, _STYLES.get(cell, "") if header == "READY" else "") for header, cell in zip(headers, row, strict=True)
        ]
        drawn.add_row(*cells)
    return drawn
