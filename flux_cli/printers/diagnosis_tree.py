"""A diagnosis for a person at a terminal: the chain as a tree, in colour. Words carry everything; colour only helps the eye."""

from typing import TYPE_CHECKING

from flux_cli.core.objects import Ref
from flux_cli.core.text import clean, one_line
from flux_cli.diagnosis.result import Diagnosis, Evidence, Group, Link, Triage
from flux_cli.printers.diagnosis import few, headline, listed, short, summary

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text
    from rich.tree import Tree

STYLES = {
    "Ready": "green",
    "Failed": "red",
    "Missing": "red",
    "Progressing": "yellow",
    "Suspended": "yellow",
    "Unreadable": "magenta",
}


def _written(parts: "list[RenderableType]", width: int, color: bool) -> str:
    import io

    from rich.console import Console

    out = io.StringIO()
    console = Console(
        file=out, width=max(width, 40), force_terminal=color, no_color=not color, highlight=False, markup=False, emoji=False
    )
    for part in parts:
        console.print(part, soft_wrap=bool(getattr(part, "no_wrap", False)))
    return out.getvalue()


def diagnosis(found: Diagnosis, width: int, color: bool) -> str:
    """Verdict, tree of the chain, evidence, commands."""
    from rich.text import Text

    sign, style = ("✔", "bold green") if found.healthy else ("✗", "bold red")
    parts: list[RenderableType] = [Text(clean(f"{sign} {short(found.symptom)}: {headline(found)}"), style=style)]
    if found.causes:
        cause = found.causes[0]
        parts += [Text(clean(f"{cause.summary}\n"))]
        parts += [Text.assemble("Change: ", (clean(short(cause.object)), "bold"), f"  ({cause.confidence})\n")]
    elif not found.healthy:
        parts += [Text(clean(found.verdict + "\n"))]
    if found.chain and not found.lost:
        parts.append(_tree(found.chain))
    if found.causes:
        parts += _evidence(found.causes[0].evidence)
        parts += [Text("\nNext", style="bold"), *(_command(line) for line in found.causes[0].remedy)]
    for number, other in enumerate(found.causes[1:]):
        gap = "" if number else "\n"
        parts.append(Text(clean(f"{gap}Also found {other.code}: {short(other.object)} — {other.summary}")))
    parts += [Text(clean(line), style="magenta") for line in few([f"Not seen: {note}" for note in found.notes])]
    return _written(parts, width, color)


def _evidence(found: tuple[Evidence, ...]) -> "list[RenderableType]":
    """Where and when, then what; lines from one place stand together."""
    from rich.text import Text

    parts: list[RenderableType] = []
    before: tuple[Ref, str] | None = None
    for one in found:
        if (one.object, one.field) != before:
            where = f"\n{short(one.object)}, {one.field}" + (f", {one.time}" if one.time else "")
            parts.append(Text(clean(where), style="dim"))
            before = (one.object, one.field)
        parts.append(Text(clean(one.text)))
    return parts


def _command(line: str) -> "Text":
    """On one line however long: the terminal folds it, and what is copied stays whole."""
    from rich.text import Text

    return Text("  " + one_line(line), style="cyan", no_wrap=True)


def _tree(chain: tuple[Link, ...]) -> "Tree":
    from rich.tree import Tree

    top = Tree(_label(chain[0]))
    open_at = {chain[0].depth: top}
    for link in chain[1:]:
        above = open_at.get(link.depth - 1, top)
        open_at[link.depth] = above.add(_label(link))
    return top


def _label(link: Link) -> "RenderableType":
    from rich.text import Text

    relation = "" if link.relation in ("symptom", "survey") else f"{link.relation} "
    message = f" {one_line(link.message, 100)}" if link.message and link.state != "Ready" else ""
    return Text.assemble(
        (clean(relation), "dim"),
        clean(short(link.object)),
        " ",
        (f"[{link.state}]", STYLES.get(link.state, "")),
        (message, "dim"),
    )


def triage(found: Triage, width: int, color: bool) -> str:
    """Groups, the worst first, as a tree each."""
    from rich.text import Text

    bad = found.groups or found.unsettled
    parts: list[RenderableType] = [
        Text(clean(f"{'✗' if bad else '✔'} {summary(found)}"), style="bold red" if bad else "bold green")
    ]
    parts += [_group(number, group) for number, group in enumerate(found.groups, 1)]
    unsettled = [f"not settled: {short(u.object)} [{u.state}] {one_line(u.message, 100)}" for u in found.unsettled]
    parts += [Text(clean(line), style="yellow") for line in few(unsettled)]
    parts += [Text(clean(f"controller {c.name}: {c.state}"), style="red") for c in found.controllers if not c.healthy]
    if found.namespaces:
        parts.append(Text(clean(f"Healthy namespaces: {', '.join(few(found.namespaces))}"), style="green"))
    parts += [Text(clean(line), style="magenta") for line in few([f"Not seen: {note}" for note in found.notes])]
    return _written(parts, width, color)


def _group(number: int, group: Group) -> "Tree":
    from rich.text import Text
    from rich.tree import Tree

    cause = group.cause
    top = Tree(Text.assemble(f"{number}. ", (cause.code, "bold red"), " ", (clean(short(cause.object)), "bold")))
    top.add(Text(clean(cause.summary)))
    top.add(Text(clean(f"shows on {listed(group.symptoms)}")))
    if group.blocks:
        top.add(Text(clean(f"blocks {listed(group.blocks)}"), style="yellow"))
    if cause.evidence:
        top.add(Text(one_line(cause.evidence[0].text, 200), style="dim"))
    ref = group.symptoms[0]
    top.add(Text(clean(f"flux troubleshoot {ref.kind.lower()} {ref.name} -n {ref.namespace}"), style="cyan"))
    return top
