"""Each rule on the messages that it is made for, by itself and as data."""

import re

import pytest

from flux_cli.core.objects import Ref
from flux_cli.diagnosis import explaining
from flux_cli.diagnosis.context import Context
from flux_cli.diagnosis.observing import Seen
from flux_cli.diagnosis.result import Evidence
from flux_cli.diagnosis.roots import STRATEGIES
from flux_cli.diagnosis.rules import RULES, Example, Rule, best
from flux_cli.diagnosis.rules._model import CAPTURES
from flux_cli.diagnosis.wording import cause_of

CASES = [(rule, example) for rule in RULES for example in rule.examples]
# The codes of the causes, one for each leaf.
CODES = frozenset(
    """
    git-auth-failed git-ssh-hostkey git-ref-not-found oci-artifact-not-found chart-version-not-found git-repo-incompatible
    helm-repo-unreachable registry-auth-failed bucket-access-denied image-scan-failed oci-artifact-invalid chart-invalid
    signature-verification-failed source-not-found artifact-fetch-failed network-dns network-blocked rate-limited
    tls-untrusted-ca cross-namespace-ref-denied rbac-forbidden remote-cluster-access kustomize-path-not-found
    kustomize-build-error postbuild-substitution-error sops-decryption-failed template-render-error manifest-invalid
    values-invalid crd-missing api-version-removed immutable-field ownership-conflict object-too-large quota-exceeded
    admission-denied admission-webhook-unavailable namespace-missing helm-release-state helm-remediation-exhausted hook-failed
    dependency-not-ready object-suspended deletion-blocked drift-undetected healthcheck-misjudged workload-not-ready
    workload-image-pull workload-crashloop workload-oomkilled workload-config-missing workload-pvc-pending
    workload-unschedulable workload-service-pending controller-oom controller-down controller-version-skew controller-defect
    storage-full image-policy-no-match image-push-denied notification-provider-error receiver-misconfigured secret-not-found
    git-repo-not-found
    """.split()  # noqa: SIM905
)


def chosen(example: Example, rules: tuple[Rule, ...] = RULES) -> str:
    found = best(example.text, example.kind, example.reason, example.state, rules)
    return found.rule.name if found else ""


@pytest.mark.parametrize(("rule", "example"), CASES, ids=[f"{r.name}-{i}" for i, (r, _) in enumerate(CASES)])
def test_a_message_finds_its_rule(rule: Rule, example: Example) -> None:
    assert chosen(example) == rule.name


@pytest.mark.parametrize("rule", RULES, ids=[r.name for r in RULES])
def test_a_rule_is_complete(rule: Rule) -> None:
    """Words for a person, at least one command, an example, known strategies and captures; signs can match at all."""
    assert rule.examples
    assert rule.mend
    assert rule.says.endswith(".")
    assert set(rule.root) <= set(STRATEGIES)
    assert set(rule.captures) <= set(CAPTURES)
    assert all(sign == sign.lower() for sign in (*rule.signs, *rule.unless))
    assert rule.signs or rule.reasons or rule.states


@pytest.mark.parametrize("rule", RULES, ids=[r.name for r in RULES])
def test_words_and_commands_fill_in(rule: Rule) -> None:
    """No placeholder is left, whatever the rule read out of its example."""
    example = rule.examples[0]
    hit = best(example.text, example.kind, example.reason, example.state)
    assert hit is not None
    obj = {"kind": example.kind, "metadata": {"name": "web", "namespace": "apps"}}
    at = Context(explaining.Nowhere(), obj, {}, Ref(example.kind, "apps", "web"))
    cause = cause_of(hit, [Seen(example.kind, "", example.text, Evidence(at.ref, "message", example.text))], at)
    assert not re.search(r"(?<!\$)\{[a-z_]+\}", cause.summary + " ".join(cause.remedy))
    assert cause.object.name
    assert cause.remedy


def test_every_code_has_a_rule() -> None:
    codes = {rule.code for rule in RULES}
    assert codes >= CODES
    assert codes - CODES <= {"revision-not-found"}


def test_names_are_unique() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_folded_messages_match() -> None:
    """Terminals and reports fold lines anywhere."""
    assert (
        best("unable to clone\n'ssh://h/r': empty\n  git-upload-pack given", "GitRepository").rule.code == "git-repo-incompatible"
    )  # type: ignore[union-attr]
