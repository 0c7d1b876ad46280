"""Trust policies of Notation that the verifier would refuse never reach the cluster."""

import json
from typing import Any

import pytest

from flux_cli.core.errors import FluxError
from flux_cli.services.creating.trust_policy import check_trust_policy

GOOD: dict[str, Any] = {
    "name": "x", "registryScopes": ["registry.example.com/app"], "signatureVerification": {"level": "strict"},
    "trustStores": ["ca:x"], "trustedIdentities": ["x509.subject: C=US, ST=WA, O=acme"],
}  # fmt: skip
STATEMENT = 'trust policy: trust policy statement "x"'


def policy(*statements: dict[str, Any], version: str = "1.0") -> str:
    return json.dumps({"version": version, "trustPolicies": list(statements)})


def why(document: str) -> str:
    with pytest.raises(FluxError) as caught:
        check_trust_policy(document, "f.json")
    return str(caught.value).removeprefix("invalid trust policy: ")


def test_a_good_one_passes() -> None:
    check_trust_policy(policy(GOOD), "f.json")
    skipping = {"name": "y", "registryScopes": ["*"], "signatureVerification": {"level": "skip"}}
    check_trust_policy(policy(GOOD, skipping), "f.json")


def test_no_policy_at_all() -> None:
    assert why("nope") == "failed to unmarshal trust policy f.json: invalid character 'n' looking for beginning of value"
    assert why('{"a":').endswith("unexpected end of JSON input")
    assert why("{}") == "trust policy document has empty version, version must be specified"
    assert why(policy(version="2.0")) == 'trust policy document uses unsupported version "2.0"'
    assert why(policy()) == "trust policy document can not have zero trust policy statements"
    assert why(policy(GOOD, GOOD)) == 'multiple trust policy statements use the same name "x", statement names must be unique'


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": ""}, "trust policy: a trust policy statement is missing a name, every statement requires a name"),
        ({"signatureVerification": {}}, f"{STATEMENT} has invalid signatureVerification: signature verification level is empty or missing in the trust policy statement"),
        ({"signatureVerification": {"level": "x"}}, f'{STATEMENT} has invalid signatureVerification: invalid signature verification level "x"'),
        ({"signatureVerification": {"level": "skip", "override": {"expiry": "log"}}},
         f'{STATEMENT} has invalid signatureVerification: signature verification level "skip" can\'t be used to customize signature verification'),
        ({"signatureVerification": {"level": "strict", "override": {"x": "log"}}},
         f'{STATEMENT} has invalid signatureVerification: verification type "x" in custom signature verification is not supported, '
         'supported values are ["integrity" "authenticity" "authenticTimestamp" "expiry" "revocation"]'),
        ({"signatureVerification": {"level": "strict", "override": {"expiry": "x"}}},
         f'{STATEMENT} has invalid signatureVerification: verification action "x" in custom signature verification is not supported, '
         'supported values are ["enforce" "log" "skip"]'),
        ({"signatureVerification": {"level": "strict", "override": {"integrity": "log"}}},
         f'{STATEMENT} has invalid signatureVerification: "integrity" verification can not be overridden in custom signature verification'),
        ({"signatureVerification": {"level": "strict", "override": {"expiry": "skip"}}},
         f'{STATEMENT} has invalid signatureVerification: "expiry" verification can not be skipped in custom signature verification'),
        ({"signatureVerification": {"level": "strict", "verifyTimestamp": "x"}},
         f'{STATEMENT} has invalid signatureVerification: verifyTimestamp must be "always" or "afterCertExpiry", but got "x"'),
        ({"signatureVerification": {"level": "skip"}},
         f"{STATEMENT} is set to skip signature verification but configured with trust stores and/or trusted identities, remove them if signature verification needs to be skipped"),
        ({"trustStores": []}, f"{STATEMENT} is either missing trust stores or trusted identities, both must be specified"),
        ({"trustStores": ["x"]}, f'{STATEMENT} has malformed trust store value "x". The required format is <TrustStoreType>:<TrustStoreName>'),
        ({"trustStores": ["x:y"]}, f'{STATEMENT} uses an unsupported trust store type "x" in trust store value "x:y"'),
        ({"trustStores": ["ca:a b"]},
         f'{STATEMENT} uses an unsupported trust store name "a b" in trust store value "ca:a b". Named store name needs to follow [a-zA-Z0-9_.-]+ format'),
        ({"trustedIdentities": ["*", "x509.subject: C=US, ST=WA, O=a"]},
         f"{STATEMENT} uses a wildcard trusted identity '*', a wildcard identity cannot be used in conjunction with other values"),
        ({"trustedIdentities": [""]}, f"{STATEMENT} has an empty trusted identity"),
        ({"trustedIdentities": ["x"]}, f'{STATEMENT} has trusted identity "x" missing separator'),
        ({"trustedIdentities": ["x:"]}, f'{STATEMENT} has trusted identity "x:" without an identity value'),
        ({"trustedIdentities": ["x509.subject: C=US, ST=WA, O=a", "x509.subject: C=US, ST=WA, O=a, OU=b"]},
         f'{STATEMENT} has overlapping x509 trustedIdentities, "x509.subject: C=US, ST=WA, O=a" overlaps with "x509.subject: C=US, ST=WA, O=a, OU=b"'),
        ({"registryScopes": []}, 'trust policy statement "x" has zero registry scopes, it must specify registry scopes with at least one value'),
        ({"registryScopes": ["*", "a/b"]},
         "trust policy statement \"x\" uses wildcard registry scope '*', a wildcard scope cannot be used in conjunction with other scope values"),
        ({"registryScopes": ["https://x/y"]},
         'registry scope "https://x/y" is not valid, make sure it is a fully qualified repository without the scheme, protocol or tag. '
         "For example domain.com/my/repository or a local scope like local/myOCILayout"),
    ],
)  # fmt: skip
def test_a_wrong_statement(change: dict[str, Any], message: str) -> None:
    assert why(policy(GOOD | change)) == message


def test_identities_and_scopes_of_several() -> None:
    assert "with invalid identity value: " in why(policy(GOOD | {"trustedIdentities": ["x509.subject: C=US"]}))
    assert "with invalid identity value: " in why(policy(GOOD | {"trustedIdentities": ["x509.subject: C=US, C=DE, ST=a, O=b"]}))
    scope = "registry.example.com/app"
    assert why(policy(GOOD, GOOD | {"name": "y"})) == (
        f'registry scope "{scope}" is present in multiple trust policy statements, one registry scope value can only be associated with one statement'
    )
