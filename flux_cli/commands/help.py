"""``flux help``: the help of any command, and a few pages that belong to none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.common import Words
    from flux_cli.core.app import App


def declare(root: Group) -> None:
    root.leaf(
        "help",
        about,
        short="Explain a command or a topic",
        usage="[command | topic]",
        complete="help",
        checks_namespace=False,
        long="Explain a command, or one of the topics output, environment and exit-codes.",
        example="# How is a source reconciled?\nflux help reconcile source git\n\n"
        "# Which variables count?\nflux help environment",
    )


def about(app: App, words: Words = ()) -> None:
    from flux_cli.commands._dialect.help import explain

    explain(list(words), app)
