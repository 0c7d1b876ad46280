"""Writes the Typer tree down as plain tables, and its reference: ``python -m flux_cli.commands._dialect.compile``."""

from pathlib import Path
from typing import Any, NamedTuple

import typer

from flux_cli.commands import tree
from flux_cli.commands._dialect import reference, scripts
from flux_cli.commands._dialect.declare import Argument, Flag, Group
from flux_cli.commands._dialect.table import Help, Table
from flux_cli.commands._dialect.typed import INHERITED, LazyGroup, Param, parameters, typer_app
from flux_cli.core.app import Log

PROJECT = Path(__file__).resolve().parents[3]
_HEAD = '"""Made by flux_cli/commands/_dialect/compile.py from the declarations. Do not edit; run it again."""\n\n'


class Rows(NamedTuple):
    """What is being collected: flag rows with their texts, each once; commands; their texts."""

    flags: dict[tuple[Any, ...], int]
    nodes: dict[str, tuple[Any, ...]]
    texts: dict[str, tuple[str, str, str, str]]


def live() -> tuple[Table, Help]:
    """The tables of the declarations as they are now."""
    return tables(tree.root())


def tables(root: Group) -> tuple[Table, Help]:
    """Walk the Typer tree of these declarations."""
    rows = Rows({}, {}, {})
    _group(typer.main.get_command(typer_app(root, _never)), "", rows)
    flags = tuple(key[:6] for key in rows.flags)
    texts = tuple((key[6], key[7]) for key in rows.flags)
    return Table(flags, rows.nodes, tree.made_of()), Help(rows.texts, texts)


def _never(*_: Any) -> None:
    raise AssertionError("nothing is run while the tree is written down")


def _group(command: Any, path: str, rows: Rows) -> None:
    assert isinstance(command, LazyGroup)
    group = command.group
    names = tuple(command.list_commands(None))
    persistent = parameters(group.flags) if group.flags else []
    indexes = tuple(_flag(p, rows) for p in persistent)
    takes = tuple((_name(p), p.name) for p in persistent)
    rows.nodes[path] = (group.aliases, names, (), indexes, "", (), "any", (), takes, group.hidden, group.checks_namespace, "")
    rows.texts[path] = (group.texts.short, group.texts.long, group.texts.example, "")
    for name in names:
        below = f"{path} {name}".strip()
        child = command.get_command(None, name)
        if isinstance(child, LazyGroup):
            _group(child, below, rows)
        else:
            _leaf(child, below, command.inherited, rows)


def _leaf(command: Any, path: str, above: list[Param], rows: Rows) -> None:
    """A command's row, of its Typer parameters; what a group above declares with the same alias is not its own."""
    leaf = command.leaf
    declared = {p.name: p for p in command.own}
    received = {p.name for p in parameters(leaf.run)}
    shared = {_name(p): p for p in reversed(above)}
    own, takes, params = [], [], []
    for option in command.params:
        param = declared.get(option.name)
        if option.name.startswith(INHERITED) or param is None:
            continue
        if isinstance(param.info, Argument):
            params.append((param.name, param.many))
            continue
        name = _name(param)
        assert f"--{name}" in option.opts, option.opts
        if param.name in received:
            takes.append((name, param.name))
        if name not in shared or shared[name].info is not param.info:
            own.append(_flag(param, rows))
    run = f"{leaf.run.__module__}:{leaf.run.__qualname__}"
    bind = tuple(leaf.bind.items())
    rows.nodes[path] = (
        leaf.aliases,
        (),
        tuple(own),
        (),
        run,
        bind,
        leaf.args,
        tuple(params),
        tuple(takes),
        leaf.hidden,
        leaf.checks_namespace,
        leaf.complete or "|".join(p.info.complete for p in command.own if isinstance(p.info, Argument) and p.info.complete),
    )
    rows.texts[path] = (leaf.texts.short, leaf.texts.long, leaf.texts.example, leaf.usage or _usage(command.own))


def _usage(own: list[Param]) -> str:
    words = []
    for param in own:
        if isinstance(param.info, Argument):
            metavar = param.info.metavar or f"[{param.name}]"
            words.append(metavar + ("..." if param.many and "..." not in metavar else ""))
    return " ".join(words)


def _name(param: Param) -> str:
    return next(d[2:] for d in param.info.param_decls or () if d.startswith("--"))


def _flag(param: Param, rows: Rows) -> int:
    info = param.info
    assert isinstance(info, Flag)
    short = next((d[1:] for d in info.param_decls or () if not d.startswith("--")), "")
    key = (_name(param), short, param.type, info.deprecated, bool(info.hidden), info.complete, info.help or "", _default(param))
    return rows.flags.setdefault(key, len(rows.flags))


def _default(param: Param) -> str:
    """The default as help shows it; nothing for a zero value."""
    value = param.default
    if value is None or value is False or value in ("", 0, 0.0) or not value:
        return ""
    if param.type == "duration":
        from flux_cli.core import durations

        return durations.format(value)
    if param.type == "stringToString":
        return "[" + ",".join(f"{k}={v}" for k, v in value.items()) + "]"
    if isinstance(value, list | tuple):
        return "[" + ",".join(value) + "]"
    if param.type == "string":
        return f'"{value}"'
    return "true" if value is True else f"{value:g}" if isinstance(value, float) else str(value)


def sources(table: Table, help: Help) -> dict[str, str]:
    """The generated modules, by file name."""
    compiled = [
        _HEAD,
        f"MADE_OF = {table.made_of!r}\n",
        "FLAGS = (\n",
        *(f"    {row!r},\n" for row in table.flags),
        ")\n",
        "NODES = {\n",
    ]
    compiled += [f"    {path!r}: {row!r},\n" for path, row in table.nodes.items()] + ["}\n"]
    texts = [_HEAD, "FLAGS = (\n", *(f"    {row!r},\n" for row in help.flags), ")\n", "TEXTS = {\n"]
    texts += [f"    {path!r}: {row!r},\n" for path, row in help.texts.items()] + ["}\n"]
    return {"_compiled.py": "".join(compiled), "_compiled_help.py": "".join(texts)}


def generated(table: Table, help: Help) -> dict[str, str]:
    """Everything that is made of the declarations, by its path in the project."""
    made = {f"flux_cli/commands/{name}": source for name, source in sources(table, help).items()}
    made |= {f"docs/cli/{name}": page for name, page in reference.pages(table, help).items()}
    return made | {f"completions/{name}": scripts.script(shell) for shell, name in scripts.FILES.items()}


def main() -> None:
    """Write anew what differs. Verbs that do not exist yet are named and left out."""
    log = Log(open(2, "w", closefd=False))  # noqa: SIM115 - a build step outside the product: its notes go to stderr directly
    missing: list[str] = []
    made = generated(*tables(tree.root(missing.append)))
    for old in (PROJECT / "docs" / "cli").glob("*.md"):
        if f"docs/cli/{old.name}" not in made:
            old.unlink()
    for name, source in made.items():
        path = PROJECT / name
        if not path.exists() or path.read_text(encoding="utf-8") != source:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")
            log.success(f"wrote {name}")
    for note in missing:
        log.warning(f"left out: {note}")


if __name__ == "__main__":
    main()
