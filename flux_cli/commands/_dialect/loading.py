"""The tables of the commands: as they were compiled, or as the declarations say now where they were not."""

from __future__ import annotations

from flux_cli.commands._dialect.table import Help, Table


def load() -> Table:
    """The compiled tree, or the live one where it was never compiled."""
    try:
        from flux_cli.commands import _compiled
    except ImportError:
        from flux_cli.commands._dialect.compile import live

        return live()[0]
    return Table(_compiled.FLAGS, _compiled.NODES, _compiled.MADE_OF)


def load_help(table: Table) -> Help:
    """The texts that belong to the table, loaded only when somebody reads them."""
    try:
        from flux_cli.commands import _compiled, _compiled_help
    except ImportError:
        from flux_cli.commands._dialect.compile import live

        return live()[1]
    if table.nodes is not _compiled.NODES:
        from flux_cli.commands._dialect.compile import live

        return live()[1]
    return Help(_compiled_help.TEXTS, _compiled_help.FLAGS)


def current(table: Table) -> Table:
    """The same table; the live tree where verbs or kinds have come or gone since the table was compiled."""
    from flux_cli.commands.tree import made_of

    if table.made_of == made_of():
        return table
    from flux_cli.commands._dialect.compile import live

    return live()[0]
