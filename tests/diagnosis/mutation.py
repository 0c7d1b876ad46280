"""Switch every rule off, one after the other, and see whether a test would notice: ``python tests/diagnosis/mutation.py``.

A rule's mutant is killed when one of its examples is then explained by another rule or by none. The figure stands in docs/testing.md.
"""

import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[n]) for n in (1, 2)]

from flux_cli.diagnosis.rules import RULES, best  # noqa: E402


def survivors() -> list[str]:
    """Rules whose absence no example notices."""
    left = []
    for rule in RULES:
        others = tuple(r for r in RULES if r is not rule)
        noticed = False
        for example in rule.examples:
            before = best(example.text, example.kind, example.reason, example.state)
            after = best(example.text, example.kind, example.reason, example.state, others)
            noticed |= before is not None and before.rule is rule and (after is None or after.rule.name != rule.name)
        if not noticed:
            left.append(rule.name)
    return left


def codes_that_change() -> int:
    """Of these mutants those that change the code which a user sees; the rest change the object, the words or the commands."""
    changed = 0
    for rule in RULES:
        others = tuple(r for r in RULES if r is not rule)
        after = [best(e.text, e.kind, e.reason, e.state, others) for e in rule.examples]
        changed += any(a is None or a.rule.code != rule.code for a in after)
    return changed


if __name__ == "__main__":
    alive = survivors()
    sys.stdout.write(f"{len(RULES) - len(alive)} of {len(RULES)} mutants killed; {codes_that_change()} change the code\n")
    sys.stdout.writelines(f"survived: {name}\n" for name in alive)
