"""A diagnosis as a good incident note: verdict, chain, evidence, commands to copy. Plain text, and Markdown for tickets."""

from collections.abc import Sequence

from flux_cli.core.objects import Ref
from flux_cli.core.text import clean, one_line
from flux_cli.diagnosis.result import Cause, Diagnosis, Evidence, Explanation, Group, Link, Step, Triage

MARKS = {"ok": "✔", "problem": "✗", "unknown": "?", "skipped": "-"}
MAX_LISTED = 5
MAX_LINES = 20


def short(ref: Ref | None) -> str:
    if ref is None:
        return ""
    return f"{ref.kind} {ref.namespace}/{ref.name}" if ref.namespace else f"{ref.kind} {ref.name}"


def diagnosis(found: Diagnosis) -> str:
    """The text of one symptom. Every line of it is safe to look at."""
    sign = "✔" if found.healthy else "✗"
    lines = [f"{sign} {short(found.symptom)}: {headline(found)}"]
    if found.causes:
        lines += ["", found.causes[0].summary, *_facts(found.causes[0])]
    elif not found.healthy:
        lines += ["", found.verdict]
        lines += [] if found.lost else [f"Look yourself: flux troubleshoot {_typed(found.symptom)} --steps"]
    if not (found.healthy or found.lost) or len(found.chain) > 1:
        lines += ["", "Chain", *(_link(link) for link in found.chain)]
    if found.causes:
        lines += _evidence(found.causes[0].evidence) + _next(found.causes[0])
    if len(found.causes) > 1:
        lines += ["", "Also found", *(f"  {c.code}: {short(c.object)} — {c.summary}" for c in found.causes[1:])]
    lines += _notes(found.notes)
    if found.steps:
        lines += ["", "Step by step", *(line for number, step in enumerate(found.steps, 1) for line in _step(number, step))]
    return clean("\n".join(lines)) + "\n"


def _typed(ref: Ref) -> str:
    """An object as a command line names it."""
    return f"{ref.kind.lower()} {ref.name} -n {ref.namespace}"


def headline(found: Diagnosis) -> str:
    if found.healthy:
        return "healthy"
    if found.lost:
        return found.lost
    return found.causes[0].code if found.causes else "not ready, cause not settled"


def _facts(cause: Cause) -> list[str]:
    return ["", f"Change:     {short(cause.object)}", f"Cause:      {cause.code} ({cause.confidence})"]


def _link(link: Link) -> str:
    what = "" if link.relation in ("symptom", "survey") else f"{link.relation} "
    message = f": {one_line(link.message, 140)}" if link.message else ""
    return f"  {'  ' * link.depth}{what}{short(link.object)} [{link.state}]{message}"


def _evidence(found: tuple[Evidence, ...]) -> list[str]:
    if not found:
        return []
    lines = ["", "Evidence"]
    before: tuple[Ref, str] | None = None
    for one in found:
        if (one.object, one.field) != before:
            lines.append(f"  {short(one.object)}, {one.field}" + (f", {one.time}" if one.time else ""))
            before = (one.object, one.field)
        lines += [f"    {line}" for line in clean(one.text).splitlines() if line.strip()]
    return lines


def _next(cause: Cause) -> list[str]:
    return ["", "Next", *(f"  {one_line(line)}" for line in cause.remedy)] if cause.remedy else []


def _notes(notes: tuple[str, ...]) -> list[str]:
    shown = few([f"  {one_line(note, 300)}" for note in notes], "  ")
    return ["", "Not seen, so this holds as far as the rest goes", *shown] if notes else []


def few(lines: Sequence[str], indent: str = "") -> list[str]:
    """The first lines, and how many more there are: nobody reads hundreds."""
    left = len(lines) - MAX_LINES
    return [*lines[:MAX_LINES], f"{indent}and {left} more"] if left > 1 else list(lines)


def _step(number: int, step: Step) -> list[str]:
    lines = [f"  {number}. {MARKS[step.state]} {step.title}", f"     $ {one_line(step.command)}"]
    return lines + [f"     {one_line(line, 300)}" for line in step.lines]


def triage(found: Triage) -> str:
    """The cluster: groups, the worst first, then what is not settled, controllers and healthy namespaces."""
    lines = [f"{'✔' if not found.groups and not found.unsettled else '✗'} {summary(found)}"]
    for number, group in enumerate(found.groups, 1):
        lines += ["", *_group(number, group)]
    if found.unsettled:
        lines += [
            "",
            "Not ready, cause not settled",
            *few([f"  {short(u.object)} [{u.state}] {one_line(u.message, 140)}".rstrip() for u in found.unsettled], "  "),
        ]
    bad = [c for c in found.controllers if not c.healthy]
    if found.controllers:
        lines += [
            "",
            f"Controllers: {len(found.controllers) - len(bad)} of {len(found.controllers)} running",
            *(f"  ✗ {c.name}: {c.state}" for c in bad),
        ]
    if found.namespaces:
        lines += ["", f"Healthy namespaces: {', '.join(few(found.namespaces))}"]
    return clean("\n".join(lines + _notes(found.notes))) + "\n"


def summary(found: Triage) -> str:
    causes = f"{len(found.groups)} cause{'' if len(found.groups) == 1 else 's'}"
    return f"{found.healthy} of {found.total} Flux objects healthy; {causes}" + (
        f", {len(found.unsettled)} not settled" if found.unsettled else ""
    )


def _group(number: int, group: Group) -> list[str]:
    cause = group.cause
    lines = [f"{number}. {cause.code}: {short(cause.object)}", f"   {cause.summary}", f"   shows on {listed(group.symptoms)}"]
    if group.blocks:
        lines.append(f"   blocks {listed(group.blocks)}")
    if cause.evidence:
        lines.append(f"   says: {one_line(cause.evidence[0].text, 200)}")
    ref = group.symptoms[0]
    return [*lines, f"   next: flux troubleshoot {_typed(ref)}"]


def listed(refs: tuple[Ref, ...]) -> str:
    shown = ", ".join(short(ref) for ref in refs[:MAX_LISTED])
    return shown if len(refs) <= MAX_LISTED else f"{shown} and {len(refs) - MAX_LISTED} more"


def explanation(found: Explanation) -> str:
    """What a message means: the best reading, its commands, then others."""
    if not found.causes:
        return "No rule knows this message. With the cluster at hand: flux troubleshoot KIND NAME -n NAMESPACE\n"
    first, *others = found.causes
    lines = [first.code, "", first.summary, *_next(first)]
    if others:
        lines += ["", "Also told of" if found.apart else "It may also be", *(f"  {c.code}: {c.summary}" for c in others)]
    return clean("\n".join(lines)) + "\n"


def markdown(found: Diagnosis) -> str:
    """For a ticket or a chat: the same facts."""
    lines = [f"### {_code(short(found.symptom))}: {headline(found)}", "", _plain(found.verdict)]
    for number, cause in enumerate(found.causes):
        lines += [
            "",
            f"{'**Change**' if number == 0 else '**Also**'} {_code(short(cause.object))} — {cause.code} ({cause.confidence})",
        ]
        if number == 0:
            lines += [
                "",
                "```text",
                *(_fenced(e.text) for e in cause.evidence),
                "```",
                "",
                "```sh",
                *(_fenced(one_line(c)) for c in cause.remedy),
                "```",
            ]
    if found.notes:
        lines += ["", "Not seen:", *(f"- {_plain(note)}" for note in found.notes)]
    return clean("\n".join(lines)) + "\n"


def triage_markdown(found: Triage) -> str:
    from flux_cli.core.view import Table
    from flux_cli.printers.markdown import markdown as table

    rows: list[tuple[str, ...]] = [
        (g.cause.code, short(g.cause.object), listed(g.symptoms), listed(g.blocks), g.cause.summary) for g in found.groups
    ]
    body = table(Table(("cause", "change", "shows on", "blocks", "why"), rows)) if rows else ""
    left = [f"- {_code(short(u.object))} {u.state}: {_plain(u.message)}" for u in found.unsettled]
    unsettled = "\n".join(["", "Not ready, cause not settled:", "", *few(left, "- "), ""]) if left else ""
    return f"### {summary(found)}\n\n{body}{unsettled}"


def _code(words: str) -> str:
    return "`" + one_line(words).replace("`", "'") + "`"


def _fenced(words: str) -> str:
    return clean(words).replace("```", "'''")


def _plain(words: str) -> str:
    return one_line(words).replace("<", "&lt;")
