"""One command line, from its words to the function that answers it."""

from __future__ import annotations

import os

from flux_cli.commands._dialect.loading import current, load
from flux_cli.commands._dialect.parse import Parsed, bare_words, find, flags_of, parse
from flux_cli.commands._dialect.settings import is_label, settings
from flux_cli.commands._dialect.table import Node, Table
from flux_cli.core.app import App
from flux_cli.core.errors import FluxError, UsageError
from flux_cli.core.text import go_quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def dispatch(argv: list[str], app: App) -> None:
    """Run one command line. Raises FluxError."""
    home = app.environ.get("FLUX_SYSTEM_NAMESPACE", "")
    if home and not is_label(home):
        app.log.warning(f" ignoring invalid FLUX_SYSTEM_NAMESPACE: {go_quote(home)}")
    table = load()
    if argv[:1] in (["__complete"], ["__completeNoDesc"]):
        from flux_cli.commands._dialect.completion import complete

        complete(argv[1:], app, table, described=argv[0] == "__complete")
        return
    path, words = find(table, argv)
    if not table.node(path).run and bare_words(table, path, words):
        table = current(table)  # a word that names nothing: perhaps something new that was not compiled yet
        path, words = find(table, argv)
    if not path:
        _known(table, bare_words(table, path, words), words, app)
    node = table.node(path)
    parsed = parse(flags_of(table, path), words)
    for note in parsed.notes:
        app.streams.out.write(note + "\n")
    if parsed.values.get("help") or not (node.run or (not path and parsed.values.get("version"))):
        from flux_cli.commands._dialect.help import show

        show(table, path, app)
    elif not node.run:
        from flux_cli.core import __version__

        app.streams.out.write(f"flux version {__version__}\n")
    else:
        check_args(path, node.args, parsed.args)
        call(node, parsed, app.with_settings(**settings(table, node, parsed, app)))


def _known(table: Table, names: list[str], words: list[str], app: App) -> None:
    """The root takes no arguments: a word left over is a plugin, or a command that does not exist."""
    if names:
        from flux_cli.commands._dialect.suggest import did_you_mean
        from flux_cli.commands.tree import OURS
        from flux_cli.services.plugin_discovery import discover
        from flux_cli.services.plugins import find

        plugins = discover(app.environ, table.node("").children)
        program = find(names[0], app.environ)
        if program:
            _become(program, words[words.index(names[0]) + 1 :], app)
        ours = [name for name in table.node("").children if name in OURS]
        known = sorted([*(n for n in table.node("").children if n not in (*ours, "help") and not table.node(n).hidden), *plugins])
        hint = did_you_mean(names[0], known) or did_you_mean(names[0], ours)  # upstream's answer stays as it is where it has one
        raise UsageError(f"unknown command {go_quote(names[0])} for {go_quote('flux')}{hint}")


def _become(program: str, words: list[str], app: App) -> None:
    """The plugin takes the place of this process: its streams, signals and exit code are the plugin's own."""
    app.streams.out.flush()
    try:
        os.execve(program, [program, *words], dict(app.environ))
    except OSError as err:
        raise FluxError(f"cannot run the plugin {program}: {(err.strerror or str(err)).lower()}") from err


def check_args(path: str, rule: str, args: list[str]) -> None:
    """cobra's validators of positional arguments."""
    name, _, number = rule.partition(":")
    if name == "none" and args:
        raise UsageError(f"unknown command {go_quote(args[0])} for {go_quote(f'flux {path}')}")
    if name == "exact" and len(args) != int(number):
        raise UsageError(f"accepts {number} arg(s), received {len(args)}")
    if name == "min" and len(args) < int(number):
        raise UsageError(f"requires at least {number} arg(s), only received {len(args)}")
    if name == "max" and len(args) > int(number):
        raise UsageError(f"accepts at most {number} arg(s), received {len(args)}")


def call(node: Node, parsed: Parsed, app: App) -> None:
    """Import the command's function and hand it its flags and arguments. What was not given has the function's own default."""
    values: dict[str, Any] = dict(node.bind)
    for name, parameter in node.takes:
        if name in parsed.values:
            values[parameter] = parsed.values[name]
    for position, (parameter, many) in enumerate(node.params):
        if many:
            values[parameter] = parsed.args[position:]
        elif position < len(parsed.args):
            values[parameter] = parsed.args[position]
    module, _, function = node.run.partition(":")
    getattr(__import__(module, fromlist=[function]), function)(app, **values)
