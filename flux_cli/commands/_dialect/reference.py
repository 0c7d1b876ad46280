"""``docs/cli/``: one page a top-level command, from the same tables as help."""

from flux_cli.commands._dialect.table import FlagRow, Help, Table
from flux_cli.commands._dialect.topics import TOPICS
from flux_cli.commands._dialect.values import shown


def pages(table: Table, help: Help) -> dict[str, str]:
    """File names and texts."""
    top = [name for name in table.node("").children if not table.node(name).hidden]
    made = {f"{name}.md": _page(table, help, name) for name in top}
    rows = "".join(f"| [`flux {name}`]({name}.md) | {_cell(help.of(name).short)} |\n" for name in top)
    topics = "".join(map(_topic, TOPICS.values()))
    made["README.md"] = (
        "# Commands\n\nWhat `flux --help` says, as pages. Made from the declarations of the commands.\n\n"
        f"| command | what it does |\n|---|---|\n{rows}\n## Flags of every command\n\n"
        f"{_flags(table, help, table.node('').persistent)}{topics}"
    )
    return made


def _topic(page: str) -> str:
    title, _, body = page.partition("\n\n")
    return f"\n## {title}\n\n```text\n{body.rstrip()}\n```\n"


def _page(table: Table, help: Help, name: str) -> str:
    """A command and all below it."""
    return "\n".join(_section(table, help, path) for path in _below(table, name))


def _below(table: Table, path: str) -> list[str]:
    found = [path]
    for child in table.node(path).children:
        if not table.node(f"{path} {child}").hidden:
            found += _below(table, f"{path} {child}")
    return found


def _section(table: Table, help: Help, path: str) -> str:
    node, texts = table.node(path), help.of(path)
    line = " ".join(f"flux {path} {texts.usage} [flags]".split()) if node.run else f"flux {path} [command]"
    parts = [f"{'#' if ' ' not in path else '##'} flux {path}\n", texts.long.strip() + "\n", f"```text\n{line}\n```\n"]
    if node.aliases:
        parts.append("Aliases: " + ", ".join(f"`{alias}`" for alias in node.aliases) + "\n")
    if texts.example:
        parts.append(f"```sh\n{texts.example}\n```\n")
    if node.children:
        rows = (f"| `{path} {child}` | {_cell(help.of(f'{path} {child}').short)} |\n" for child in node.children)
        parts.append("| command | what it does |\n|---|---|\n" + "".join(rows))
    shown_flags = _flags(table, help, _with_groups(table, path))
    if shown_flags:
        parts.append(shown_flags)
    return "\n".join(parts)


def _with_groups(table: Table, path: str) -> list[int]:
    """Own flags and those of the groups above, without the root's."""
    everywhere = set(table.node("").persistent)
    node = table.node(path)
    return [i for i in (*node.own, *node.persistent, *table.inherited(path)) if i not in everywhere]


def _flags(table: Table, help: Help, indexes: "list[int] | tuple[int, ...]") -> str:
    rows: dict[str, tuple[FlagRow, str, str]] = {}
    for index in indexes:
        row = table.flag(index)
        if not row.hidden:
            rows.setdefault(row.name, (row, *help.flags[index]))
    if not rows:
        return ""
    lines = ["| flag | type | default | what it does |\n|---|---|---|---|\n"]
    for _, (row, about, default) in sorted(rows.items()):
        names = f"`--{row.name}`" + (f", `-{row.short}`" if row.short else "")
        kind = shown(row.type).replace("|", "\\|") or "bool"
        lines.append(f"| {names} | {kind} | {f'`{default}`' if default else ''} | {_cell(about)} |\n")
    return "".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
