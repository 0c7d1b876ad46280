"""All rules, and the question which of them fit a text. A new rule is one entry in the file of its group."""

import re
from functools import lru_cache

from flux_cli.diagnosis.rules._model import Example, Match, Rule, match, starts_with
from flux_cli.diagnosis.rules.access import RULES as ACCESS
from flux_cli.diagnosis.rules.apply import RULES as APPLY
from flux_cli.diagnosis.rules.artifact import RULES as ARTIFACT
from flux_cli.diagnosis.rules.bucket import RULES as BUCKET
from flux_cli.diagnosis.rules.chart import RULES as CHART
from flux_cli.diagnosis.rules.content import RULES as CONTENT
from flux_cli.diagnosis.rules.controller import RULES as CONTROLLER
from flux_cli.diagnosis.rules.decryption import RULES as DECRYPTION
from flux_cli.diagnosis.rules.health import RULES as HEALTH
from flux_cli.diagnosis.rules.helm import RULES as HELM
from flux_cli.diagnosis.rules.image import RULES as IMAGE
from flux_cli.diagnosis.rules.limits import RULES as LIMITS
from flux_cli.diagnosis.rules.network import RULES as NETWORK
from flux_cli.diagnosis.rules.notify import RULES as NOTIFY
from flux_cli.diagnosis.rules.order import RULES as ORDER
from flux_cli.diagnosis.rules.registry import RULES as REGISTRY
from flux_cli.diagnosis.rules.render import RULES as RENDER
from flux_cli.diagnosis.rules.source import RULES as SOURCE
from flux_cli.diagnosis.rules.volume import RULES as VOLUME
from flux_cli.diagnosis.rules.workload import RULES as WORKLOAD

__all__ = ["GROUPS", "RULES", "Example", "Match", "Matcher", "Rule", "best", "standard"]

GROUPS: dict[str, tuple[Rule, ...]] = {
    "Git": SOURCE,
    "Artifacts": ARTIFACT,
    "Registries and chart repositories": REGISTRY,
    "Buckets": BUCKET,
    "Charts, layers and signatures": CONTENT,
    "Network": NETWORK,
    "Access": ACCESS,
    "Kustomize and substitution": RENDER,
    "Decryption": DECRYPTION,
    "Values and templates": CHART,
    "Applying": APPLY,
    "Limits": LIMITS,
    "Helm": HELM,
    "Order": ORDER,
    "Health checks": HEALTH,
    "Workloads": WORKLOAD,
    "Volumes": VOLUME,
    "Controllers": CONTROLLER,
    "Images": IMAGE,
    "Notifications": NOTIFY,
}
RULES: tuple[Rule, ...] = tuple(rule for group in GROUPS.values() for rule in group)


REMEMBERED = 2_000  # texts of one matcher
_DIGITS = re.compile("[0-9]+")


class Matcher:
    """Rules made ready for many texts: which signs begin with a word of the text is asked first, for all rules at once."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._starts: list[tuple[str, int]] = []
        self._numbered: list[tuple[str, int]] = []  # those with digits in them
        self._bare: set[int] = set()
        self._rules = rules
        self._told: dict[tuple[str, str, str, str], list[Match]] = {}
        self._shapes: dict[str, set[int]] = {}
        for index, rule in enumerate(rules):
            for start in map(starts_with, rule.signs):
                (self._numbered if _DIGITS.search(start) else self._starts).append((start, index))
            if rule.reasons or not rule.signs:
                self._bare.add(index)

    def fitting(self, text: str, kind: str = "", reason: str = "", state: str = "") -> list[Match]:
        """Every rule that fits, the best first: by rank, then the innermost text, then the order of the rules.

        Where much fails for one reason the same text comes again and again: what was found for it is kept.
        """
        asked = (text, kind, reason, state)
        if asked not in self._told:
            if len(self._told) >= REMEMBERED:
                self._told.clear()
            self._told[asked] = self._fitting(*asked)
        return self._told[asked]

    def _fitting(self, text: str, kind: str, reason: str, state: str) -> list[Match]:
        lowered = " ".join(text.lower().split())  # terminals and YAML fold long messages
        possible = self._shaped(_DIGITS.sub("0", lowered)) | {index for start, index in self._numbered if start in lowered}
        found = [hit for i in sorted(possible) if (hit := match(self._rules[i], kind, reason, text, lowered, state))]
        return sorted(found, key=lambda hit: (-hit.rule.rank, -hit.end))

    def _shaped(self, shape: str) -> set[int]:
        """The rules that are possible whatever the numbers in a text are: messages of many objects differ in little else."""
        if shape not in self._shapes:
            if len(self._shapes) >= REMEMBERED:
                self._shapes.clear()
            self._shapes[shape] = {index for start, index in self._starts if start in shape} | self._bare
        return self._shapes[shape]


@lru_cache(maxsize=1)
def standard() -> Matcher:
    """The matcher of all rules."""
    return Matcher(RULES)


def best(text: str, kind: str = "", reason: str = "", state: str = "", rules: tuple[Rule, ...] = RULES) -> Match | None:
    """The rule that explains the text best, or None."""
    matcher = standard() if rules is RULES else Matcher(rules)
    return next(iter(matcher.fitting(text, kind, reason, state)), None)
