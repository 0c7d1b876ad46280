"""``flux`` as a Typer application, for programs that want its commands below their own."""

import typer

from flux_cli.commands import tree
from flux_cli.commands._dialect.loading import load
from flux_cli.commands._dialect.parse import Parsed
from flux_cli.commands._dialect.settings import settings
from flux_cli.commands._dialect.typed import Call
from flux_cli.commands._dialect.typed import typer_app as built
from flux_cli.core.app import App


def typer_app(world: App) -> typer.Typer:
    """All commands, run in ``world``; mount it with ``app.add_typer(typer_app(world), name="flux")``.

    Click parses here, so lines follow its rules: no ``-Aw``-like bundles with values, no flag before its command.
    Commands raise FluxError.
    """

    def handler(call: Call) -> None:
        table = load()
        app = world.with_settings(**settings(table, table.node(call.path), Parsed(call.flags, [], []), world))
        call.leaf.run(app, **call.leaf.bind, **call.values)

    return built(tree.root(), handler)
