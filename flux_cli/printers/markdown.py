"""Tables for other readers: Markdown for merge requests, CSV for spreadsheets."""

from flux_cli.core.text import clean, one_line
from flux_cli.core.view import Table


def markdown(table: Table) -> str:
    """A pipe table (GitHub, GitLab). A cell is one line; what Markdown would read as markup is escaped."""
    from tabulate import tabulate

    rows = [[_escaped(cell) for cell in row] for row in table.rows]
    return tabulate(rows, [h.capitalize() for h in table.headers], tablefmt="pipe", disable_numparse=True) + "\n"


def _escaped(cell: str) -> str:
    text = one_line(cell).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return text.replace("`", "\\`").replace("*", "\\*").replace("_", "\\_").replace("[", "\\[")


def csv(table: Table) -> str:
    """RFC 4180 with newline ends: a header in lower case, cells quoted where needed, several lines kept."""
    import csv as library
    import io

    out = io.StringIO()
    writer = library.writer(out, lineterminator="\n")
    writer.writerow([h.lower() for h in table.headers])
    writer.writerows([_inert(clean(cell)) for cell in row] for row in table.rows)
    return out.getvalue()


def _inert(cell: str) -> str:
    """A spreadsheet takes a cell that starts like this for a formula; the quote in front makes it text."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t") else cell
