"""The commands that a cause offers exist: every ``flux`` line names a command of ours, with flags that it has."""

import re
import shlex

import pytest
from front_door import Flux

from flux_cli import kinds
from flux_cli.core.objects import Ref
from flux_cli.diagnosis import explaining
from flux_cli.diagnosis.context import Context
from flux_cli.diagnosis.observing import Seen
from flux_cli.diagnosis.result import Evidence
from flux_cli.diagnosis.rules import RULES, Match, Rule
from flux_cli.diagnosis.wording import cause_of


def offered(rule: Rule) -> set[str]:
    """The lines that start with ``flux``, for every kind that the rule speaks of."""
    lines = set()
    for kind in {*rule.kinds, *(example.kind for example in rule.examples)} & {*kinds.NAMES, "Deployment", "ReplicaSet"}:
        obj = {
            "kind": kind,
            "metadata": {"name": "web", "namespace": "apps"},
            "spec": {"sourceRef": {"kind": "GitRepository", "name": "src"}},
        }
        at = Context(explaining.Nowhere(), obj, {}, Ref(kind, "apps", "web"))
        cause = cause_of(Match(rule, {}, 0), [Seen(kind, "", "x", Evidence(at.ref, "message", "x"))], at)
        lines |= {line for line in cause.remedy if line.startswith("flux ")}
    return lines


@pytest.mark.parametrize("rule", [r for r in RULES if offered(r)], ids=lambda r: r.name)
def test_flux_commands_exist(flux: Flux, rule: Rule) -> None:
    for line in offered(rule):
        words = shlex.split(re.split(r"  #| \| | > | && ", line)[0])[1:]
        path = next(
            words[:n]
            for n in range(min(len(words), 4), 0, -1)
            if f"\n  flux {' '.join(words[:n])} " in flux(f"{shlex.join(words[:n])} --help").out
        )
        help_ = flux(f"{' '.join(path)} --help").out
        assert "Available Commands:" not in help_, f"{line}: flux {' '.join(path)} is a group"
        for word in words:
            if word.startswith("-") and word != "-":
                assert re.search(rf"(?<![\w-]){re.escape(word.split('=')[0])}(?![\w-])", help_), f"{line}: no flag {word}"
