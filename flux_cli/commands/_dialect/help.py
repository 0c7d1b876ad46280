"""Help, in cobra's layout and our words."""

from __future__ import annotations

from flux_cli.commands._dialect.loading import load, load_help
from flux_cli.commands._dialect.parse import HELP, VERSION, find
from flux_cli.commands._dialect.settings import home_namespace
from flux_cli.commands._dialect.table import FlagRow, Help, Table
from flux_cli.commands._dialect.values import shown
from flux_cli.core.app import App

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def show(table: Table, path: str, app: App) -> None:
    """The help of a command, on stdout."""
    app.streams.out.write(text(table, load_help(table), path, app))


def explain(words: list[str], app: App) -> None:
    """``flux help WORDS``: a command's help or a topic's page."""
    from flux_cli.commands._dialect.topics import TOPICS

    table = load()
    path, rest = find(table, words)
    if not rest:
        show(table, path, app)
    elif not path and rest[0] in TOPICS:
        app.streams.out.write(TOPICS[rest[0]])
    elif path:
        show(table, path, app)
    else:
        app.streams.out.write("Unknown help topic [" + " ".join(f"`{word}`" for word in words) + "]\n")
        app.streams.out.write(usage(table, load_help(table), "", app))


def text(table: Table, help: Help, path: str, app: App) -> str:
    """Long text, then usage."""
    return f"{help.of(path).long}\n\n{usage(table, help, path, app)}"


def usage(table: Table, help: Help, path: str, app: App) -> str:
    node, texts = table.node(path), help.of(path)
    command = f"flux {path}".strip()
    prefix = f"{path} " if path else ""
    line = " ".join(filter(None, [command, texts.usage.strip(), "[flags]"])) if node.run else f"{command} [command]"
    parts = [f"Usage:\n  {line}\n"]
    if node.aliases:
        parts.append(f"Aliases:\n  {', '.join((path.rpartition(' ')[2], *node.aliases))}\n")
    if texts.example:
        parts.append("Examples:\n" + "".join(f"  {row}".rstrip() + "\n" for row in texts.example.splitlines()))
    listed = {name: help.of(prefix + name).short for name in node.children if not table.node(prefix + name).hidden}
    plugins = {} if path else _plugins(table, app)
    width = max([11, *map(len, listed), *map(len, plugins)])
    if plugins:
        parts.append("Plugin Commands:\n" + _commands(plugins, width))
    if listed:
        parts.append(("Additional" if plugins else "Available") + " Commands:\n" + _commands(listed, width))
    own = [*node.own, *node.persistent]
    extra = [HELP] if path else [HELP, VERSION]
    parts.append("Flags:\n" + _flags(table, help, own, path, extra, app))
    above = _above(table, path)
    if above:
        parts.append("Global Flags:\n" + _flags(table, help, above, path, [], app))
    if listed:
        parts.append(f'Use "{command} [command] --help" for more information about a command.\n')
    return "\n".join(parts)


def _plugins(table: Table, app: App) -> dict[str, str]:
    """Plugins by name, with their line of help."""
    from flux_cli.services.plugin_discovery import discover

    return {name: f"Runs the {name} plugin" for name in discover(app.environ, table.node("").children)}


def _commands(listed: dict[str, str], width: int) -> str:
    return "".join(f"  {name:{width}} {short}\n" for name, short in listed.items())


def _above(table: Table, path: str) -> list[int]:
    """Inherited flags that the command does not declare anew."""
    seen = {table.flag(i).name for i in table.node(path).own}
    out = []
    for index in table.inherited(path):
        if table.flag(index).name not in seen:
            seen.add(table.flag(index).name)
            out.append(index)
    return out


def _flags(table: Table, help: Help, indexes: Iterable[int], path: str, extra: list[FlagRow], app: App) -> str:
    rows: list[tuple[FlagRow, str, str]] = [(table.flag(i), *help.flags[i]) for i in indexes]
    rows += [(row, _STANDARD[row.name].format(path or "flux"), "") for row in extra]
    lines = []
    for row, words, default in sorted((r for r in rows if not r[0].hidden), key=lambda r: r[0].name):
        kind = shown(row.type)
        head = (f"  -{row.short}, " if row.short else "      ") + f"--{row.name}" + (f" {kind}" if kind else "")
        lines.append((head, words + (f" (default {_default(row, default, app)})" if default else "")))
    width = max((len(head) for head, _ in lines), default=0)
    return "".join(f"{head:{width}}   {words}\n" for head, words in lines)


def _default(row: FlagRow, default: str, app: App) -> str:
    """Some defaults follow the environment."""
    if row.name == "namespace":
        return f'"{home_namespace(app.environ)}"'
    if row.name == "cache-dir" and default.startswith('"$HOME'):
        folder = app.environ.get("KUBECACHEDIR") or app.environ.get("HOME", "~") + "/.kube/cache"
        return f'"{folder}"'
    return default


_STANDARD = {"help": "help for {0}", "version": "version for flux"}
