"""Near misses: which command a person may have meant."""

from flux_cli.commands._dialect.table import Table


def did_you_mean(word: str, table: Table, path: str = "") -> str:
    """cobra's paragraph: commands at most two edits away, or that begin with what was typed."""
    found = [
        name for name in table.nodes[path][1] if _near(word.lower(), name.lower()) and not table.node(_join(path, name)).hidden
    ]
    return "\n\nDid you mean this?\n" + "".join(f"\t{name}\n" for name in found) if found else ""


def _join(path: str, name: str) -> str:
    return f"{path} {name}" if path else name


def _near(typed: str, name: str) -> bool:
    return name.startswith(typed) or distance(typed, name) <= 2


def distance(one: str, other: str) -> int:
    """Levenshtein's."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]
