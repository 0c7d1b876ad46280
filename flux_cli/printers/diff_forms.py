"""Other forms of a diff: unified text, Markdown and HTML for merge requests, JSON for programs."""

import difflib
import html
from collections import Counter
from collections.abc import Sequence
from typing import Any

from flux_cli.core.goyaml import dump
from flux_cli.core.text import clean, one_line
from flux_cli.core.view import Change
from flux_cli.printers import json
from flux_cli.printers.diff_compare import ADDED, CHANGED, REMOVED, compare

MAX_MARKDOWN = 60_000  # characters; merge requests take some 65,000
_KINDS = {ADDED: "added", REMOVED: "removed", CHANGED: "changed"}
_STYLE = (
    "body{font:14px sans-serif;margin:2em}pre{background:#f6f8fa;padding:1em;overflow:auto}"
    ".add{background:#dafbe1}.del{background:#ffebe9}.at{color:#6e7781}summary{cursor:pointer;font-weight:600}"
)
_COLORS = {"+": "32", "-": "31", "@": "36"}


def render(form: str, changes: Sequence[Change], errors: Sequence[str], *, color: bool = False) -> str:
    """``form``: unified, markdown, json or html."""
    if form == "json":
        return as_json(changes, errors)
    if form == "markdown":
        return markdown(changes, errors)
    if form == "html":
        return as_html(changes, errors)
    return "".join(_colored(unified(change), color) for change in changes)


def unified(change: Change) -> str:
    """One object as a unified diff of its YAML; a line that names it where its content is not known."""
    if change.before is None and change.after is None:
        return clean(f"# {change.subject} {change.action}\n")
    sides = [clean(dump(side)).splitlines(keepends=True) if side else [] for side in (change.before, change.after)]
    live, merged = [
        f"{side}/{change.subject}" if lines else "/dev/null" for side, lines in zip(("live", "merged"), sides, strict=True)
    ]
    return clean("".join(difflib.unified_diff(sides[0], sides[1], live, merged)))


def _colored(text: str, color: bool) -> str:
    if not color:
        return text
    out = []
    for line in text.splitlines():
        code = _COLORS.get(line[:1])
        out.append(f"\x1b[{code}m{line}\x1b[0m\n" if code else f"{line}\n")
    return "".join(out)


def markdown(changes: Sequence[Change], errors: Sequence[str]) -> str:
    """A summary, then a folded block for each object; blocks that would make it too long are left out, and it says so."""
    out = f"**{_summary(changes, errors)}**\n"
    out += "".join(f"\n> ✗ {one_line(error)}\n" for error in errors)
    left = 0
    for change in changes:
        body = unified(change)
        fence = "`" * max(3, _longest_run(body, "`") + 1)
        head = html.escape(one_line(f"{change.subject} {change.action}"))
        block = f"\n<details><summary>{head}</summary>\n\n{fence}diff\n{body}{fence}\n\n</details>\n"
        if len(out) + len(block) > MAX_MARKDOWN:
            left += 1
        else:
            out += block
    return out + (f"\n_{left} more left out: the text would be too long._\n" if left else "")


def _longest_run(text: str, char: str) -> int:
    longest = run = 0
    for c in text:
        run = run + 1 if c == char else 0
        longest = max(longest, run)
    return longest


def _summary(changes: Sequence[Change], errors: Sequence[str]) -> str:
    counts = Counter(change.action for change in changes)
    said = [f"{counts[action]} {action}" for action in ("created", "drifted", "deleted", "skipped") if counts[action]]
    if errors:
        said.append("1 error" if len(errors) == 1 else f"{len(errors)} errors")
    return ", ".join(said) or "no changes"


def as_json(changes: Sequence[Change], errors: Sequence[str]) -> str:
    """``Diff``: the objects with every difference as path, kind, before and after."""
    return json.dump(
        {
            "apiVersion": "diff.flux-cli.dev/v1",
            "kind": "Diff",
            "changes": [_change(change) for change in changes],
            "errors": list(errors),
        }
    )


def _change(change: Change) -> dict[str, Any]:
    out: dict[str, Any] = {"object": change.subject, "action": change.action}
    if change.before is not None and change.after is not None:
        out["differences"] = [
            {
                "path": list(found.path),
                "kind": _KINDS.get(detail.kind, "reordered"),
                "before": detail.before,
                "after": detail.after,
            }
            for found in compare(change.before, change.after)
            for detail in found.details
        ]
    elif change.after is not None:
        out["after"] = change.after
    return out


def as_html(changes: Sequence[Change], errors: Sequence[str]) -> str:
    """One page that needs nothing else."""
    blocks = [f"<p>✗ {html.escape(one_line(error))}</p>" for error in errors]
    for change in changes:
        lines = "".join(_html_line(line) for line in unified(change).splitlines())
        head = html.escape(one_line(f"{change.subject} {change.action}"))
        blocks.append(f"<details open><summary>{head}</summary><pre>{lines}</pre></details>")
    return (
        f'<!doctype html>\n<html><head><meta charset="utf-8"><title>flux diff</title><style>{_STYLE}</style></head>\n'
        f"<body><h1>{html.escape(_summary(changes, errors))}</h1>\n" + "\n".join(blocks) + "\n</body></html>\n"
    )


def _html_line(line: str) -> str:
    kind = {"+": "add", "-": "del", "@": "at"}.get(line[:1], "")
    text = html.escape(line)
    return f'<span class="{kind}">{text}</span>\n' if kind else f"{text}\n"
