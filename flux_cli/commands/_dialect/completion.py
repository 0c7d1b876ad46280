"""cobra's completion protocol: ``flux __complete WORDS…`` prints candidates for the last word, then ``:DIRECTIVE``.

Scripts of any shell that work with a cobra program work with this. Whatever goes wrong ends in fewer candidates, never in a
message: a person who pressed TAB is in the middle of a line.
"""

from __future__ import annotations

from flux_cli.commands._dialect.loading import load_help
from flux_cli.commands._dialect.parse import HELP, VERSION, FlagSet, Parsed, find, flags_of, parse
from flux_cli.commands._dialect.settings import settings
from flux_cli.commands._dialect.table import FlagRow, Table
from flux_cli.commands._dialect.values import CHOICES
from flux_cli.core.app import App
from flux_cli.core.errors import FluxError, UsageError
from flux_cli.core.record import Record
from flux_cli.core.text import one_line

FILES, ERROR, NO_SPACE, NO_FILES, ONLY_DIRS = 0, 1, 2, 4, 16
_WIDTH = 80
MANY = 500  # nobody reads more, and shells grow slow


class Found(Record):
    """Candidates with their descriptions, and what the shell does with them (a sum of the numbers above)."""

    words: list[tuple[str, str]]
    directive: int


def complete(words: list[str], app: App, table: Table, *, described: bool) -> None:
    """Answer on stdout."""
    if not words:
        raise UsageError("requires at least 1 arg(s), only received 0")
    found = candidates(table, words[:-1], words[-1], app)
    lines = []
    for word, about in found.words:
        about = one_line(about, _WIDTH) if described else ""
        lines.append(one_line(word) + (f"\t{about}" if about else "") + "\n")
    app.streams.out.write("".join(lines) + f":{found.directive}\n")


def candidates(table: Table, before: list[str], typed: str, app: App) -> Found:
    """What may stand for ``typed`` after the words ``before``."""
    path, rest = find(table, before)
    flags = flags_of(table, path)
    row, rest, value = _flag_value(flags, rest, typed)
    try:
        parsed = parse(flags, rest)
    except UsageError:
        return Found([], FILES)
    if not path and parsed.args:
        return Found([], FILES)  # a command that does not exist
    if parsed.values.get("help") or (not path and parsed.values.get("version")):
        return Found([], NO_FILES)
    if row is None and typed.startswith("-") and not _flags_are_over(flags, rest, parsed):
        return Found([] if "=" in typed else _flag_names(table, path, typed, parsed), NO_FILES)
    if row is not None:
        return _within(table, path, parsed, app, _source_of(row), value, row.type == "strings")
    node = table.node(path)
    if not node.run:
        return Found([] if parsed.args else _commands(table, path, typed, app), NO_FILES)
    source = node.complete or next((f"objects:{kind}" for key, kind in node.bind if key == "kind"), "none")
    return _within(table, path, parsed, app, source, typed, False)


def _flags_are_over(flags: FlagSet, words: list[str], parsed: Parsed) -> bool:
    """Whether a ``--`` ended them, that is: one more would be an argument. It may also be the value of a flag."""
    return len(parse(flags, [*words, "--"]).args) > len(parsed.args)


def _flag_value(flags: FlagSet, rest: list[str], typed: str) -> tuple[FlagRow | None, list[str], str]:
    """The flag whose value is being typed, if it is one: ``--flag=val``, ``-f=val``, ``--flag val``, ``-f val``."""
    if typed.startswith("-"):
        name, equals, value = typed.partition("=")
        if not equals:
            return None, rest, typed
        row = flags.long.get(name[2:]) if name.startswith("--") else flags.short.get(name[-1:])
        return row, rest, value
    if rest and rest[-1].startswith("-") and "=" not in rest[-1] and "--" not in rest:
        last = rest[-1]
        row = flags.long.get(last[2:]) if last.startswith("--") else flags.short.get(last[-1:])
        if row and row.type != "bool":
            return row, rest[:-1], typed
    return None, rest, typed


def _commands(table: Table, path: str, typed: str, app: App) -> list[tuple[str, str]]:
    """Sub-commands; at the top also plugins."""
    from flux_cli.services.plugin_discovery import discover

    prefix = f"{path} " if path else ""
    texts = load_help(table).texts
    names = [n for n in table.node(path).children if n.startswith(typed) and not table.node(prefix + n).hidden]
    plugins = [] if path else [n for n in discover(app.environ, table.node("").children) if n.startswith(typed)]
    return sorted([*((name, texts[prefix + name][0]) for name in names), *((n, f"Runs the {n} plugin") for n in plugins)])


def _flag_names(table: Table, path: str, typed: str, parsed: Parsed) -> list[tuple[str, str]]:
    """Flags, long and short, but those that were given and take one value."""
    texts, node, seen = load_help(table).flags, table.node(path), set()
    rows = [(table.flag(i), texts[i][0]) for i in (*node.own, *node.persistent, *table.inherited(path))]
    rows += [(HELP, "help for this command")] + ([] if path else [(VERSION, "version of flux")])
    out = []
    for row, about in rows:
        if (
            row.name in seen
            or row.hidden
            or (row.name in parsed.values and row.type not in ("strings", "stringArray", "stringToString"))
        ):
            continue
        seen.add(row.name)
        out += [(word, about) for word in (f"--{row.name}", f"-{row.short}") if word != "-" and word.startswith(typed)]
    return sorted(out)


def _source_of(row: FlagRow) -> str:
    """Where a flag's values come from."""
    from flux_cli.commands._dialect.candidates import BY_FLAG, BY_TYPE

    if row.type in CHOICES:
        return "words:" + "|".join(CHOICES[row.type].values)
    if row.type == "bool":
        return "words:true|false"
    return row.complete or BY_TYPE.get(row.type) or BY_FLAG.get(row.name, "none:files")


def _within(table: Table, path: str, parsed: Parsed, app: App, source: str, typed: str, listed: bool) -> Found:
    """Ask a source, with the settings that the line has so far. ``listed``: values are separated by commas."""
    from flux_cli.commands._dialect.candidates import Asked, ask

    done, comma, last = typed.rpartition(",") if listed else ("", "", typed)
    try:
        known = app.with_settings(**settings(table, table.node(path), parsed, app))
        kind = dict(table.node(path).bind).get("kind", "")
        everywhere = bool(parsed.values.get("all-namespaces"))
        words, directive = ask(source, Asked(known, table, last, parsed.args, everywhere, kind))
    except (FluxError, OSError, ValueError):
        return Found([], ERROR)
    given = done.split(",")
    fitting = [(done + comma + word, about) for word, about in words if word.startswith(last) and word not in given]
    return Found(fitting[:MANY], directive)
