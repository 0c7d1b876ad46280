"""Near misses: which command a person may have meant."""

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """cobra's paragraph: commands at most two edits away, or that begin with what was typed."""
    found = [name for name in known if _near(word.lower(), name.lower())]
    return "\n\nDid you mean this?\n" + "".join(f"\t{name}\n" for name in found) if found else ""


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
