"""All rules, and the question which of them fit a text. A new rule is one entry in the file of its group."""

from flux_cli.diagnosis.rules._model import Example, Match, Rule, match
from flux_cli.diagnosis.rules.access import RULES as ACCESS
from flux_cli.diagnosis.rules.apply import RULES as APPLY
from flux_cli.diagnosis.rules.artifact import RULES as ARTIFACT
from flux_cli.diagnosis.rules.chart import RULES as CHART
from flux_cli.diagnosis.rules.content import RULES as CONTENT
from flux_cli.diagnosis.rules.controller import RULES as CONTROLLER
from flux_cli.diagnosis.rules.health import RULES as HEALTH
from flux_cli.diagnosis.rules.helm import RULES as HELM
from flux_cli.diagnosis.rules.image import RULES as IMAGE
from flux_cli.diagnosis.rules.network import RULES as NETWORK
from flux_cli.diagnosis.rules.notify import RULES as NOTIFY
from flux_cli.diagnosis.rules.order import RULES as ORDER
from flux_cli.diagnosis.rules.registry import RULES as REGISTRY
from flux_cli.diagnosis.rules.render import RULES as RENDER
from flux_cli.diagnosis.rules.source import RULES as SOURCE
from flux_cli.diagnosis.rules.workload import RULES as WORKLOAD

__all__ = ["GROUPS", "RULES", "Example", "Match", "Rule", "best", "fitting"]

GROUPS: dict[str, tuple[Rule, ...]] = {
    "Git": SOURCE,
    "Artifacts": ARTIFACT,
    "Registries, chart repositories, buckets": REGISTRY,
    "Charts, layers and signatures": CONTENT,
    "Network": NETWORK,
    "Access": ACCESS,
    "Kustomize, substitution, decryption": RENDER,
    "Values and templates": CHART,
    "Applying": APPLY,
    "Helm": HELM,
    "Order": ORDER,
    "Health checks": HEALTH,
    "Workloads": WORKLOAD,
    "Controllers": CONTROLLER,
    "Images": IMAGE,
    "Notifications": NOTIFY,
}
RULES: tuple[Rule, ...] = tuple(rule for group in GROUPS.values() for rule in group)


def fitting(text: str, kind: str = "", reason: str = "", state: str = "", rules: tuple[Rule, ...] = RULES) -> list[Match]:
    """Every rule that fits, the best first: by rank, then the innermost text."""
    lowered = " ".join(text.lower().split())  # terminals and YAML fold long messages
    found = [hit for rule in rules if (hit := match(rule, kind, reason, text, lowered, state))]
    return sorted(found, key=lambda hit: (-hit.rule.rank, -hit.end))


def best(text: str, kind: str = "", reason: str = "", state: str = "", rules: tuple[Rule, ...] = RULES) -> Match | None:
    """The rule that explains the text best, or None."""
    return next(iter(fitting(text, kind, reason, state, rules)), None)
