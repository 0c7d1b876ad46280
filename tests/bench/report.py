"""The figures of a run as they stand in docs/performance.md: everything between its two marks is written anew."""

import pathlib
from collections.abc import Mapping
from typing import Any

BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


def figures(report: Mapping[str, Any]) -> str:
    """Markdown of a report as it is kept in performance.json."""
    lines = [f"The last run: {report['machine']}, {report['server']}, medians of {report['pairs']} pairs.", ""]
    lines += ["| command | ours | other | ratio | goal | memory | against |", "|---|---|---|---|---|---|---|"]
    for row in report["rows"]:
        goal = row["goal"] or ""
        lines.append(
            f"| `{row['name']}` | {row['ours_ms']:.1f} ms | {row['other_ms']:.1f} ms | {row['ratio']:.2f} | {goal} | "
            f"{row['ours_mib']:.0f} MiB | `{row['other'].strip()}` |"
        )
    lines += ["", "What a round trip costs: allowed is the time at 0 ms, a fifth more, and the round trips.", ""]
    lines += ["| command | ours | allowed | round trips |", "|---|---|---|---|"]
    lines += [f"| `{x['name']}` | {x['ours_ms']:.1f} ms | {x['allowed_ms']:.1f} ms | {x['trips']} |" for x in report["far"]]
    late, loaded = sorted(report["reconcile_ms"]), report["sandbox"]
    lines += [
        "",
        f"`reconcile` returns {late[len(late) // 2]:.1f} ms after the status that it waits for ({late[-1]:.1f} ms at most; goal 100).",
        f"Loading {loaded['objects']:,} objects into the embedded cluster: {loaded['seconds']:.1f} s, "
        f"{loaded['mebibytes']:.0f} MiB at most (goals 5 s, 200 MiB).",
    ]
    return "\n".join(lines)


def write(report: Mapping[str, Any], page: pathlib.Path) -> None:
    """Put the figures into the page."""
    before, _, rest = page.read_text().partition(BEGIN)
    page.write_text(f"{before}{BEGIN}\n{figures(report)}\n{END}{rest.partition(END)[2]}")
