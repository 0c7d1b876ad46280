"""Notation's trust policies: the same rules and messages as the verifier, so that a wrong one never reaches the cluster."""

import json
import re
from collections.abc import Sequence
from typing import Any

from flux_cli.core.errors import FluxError
from flux_cli.core.objects import text
from flux_cli.core.text import go_quote

_X509 = "x509.subject:"
_LEVELS = ("strict", "permissive", "audit", "skip")
_CHECKS = ("integrity", "authenticity", "authenticTimestamp", "expiry", "revocation")
_ACTIONS = ("enforce", "log", "skip")
_STORES = ("ca", "signingAuthority", "tsa")
_DOMAIN = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_SCOPE = re.compile(rf"{_DOMAIN}(?:\.{_DOMAIN})*(?::[0-9]+)?(?:/[a-z0-9]+(?:(?:[._]|__|-*)[a-z0-9]+)*)+")


def check_trust_policy(document: str, path: str) -> None:
    """Raises FluxError for a document that the verifier would refuse."""
    try:
        policy = json.loads(document)
    except ValueError as err:
        raise FluxError(f"failed to unmarshal trust policy {path}: {_json_error(document, err)}") from err
    if not isinstance(policy, dict):
        raise FluxError(
            f"failed to unmarshal trust policy {path}: json: cannot unmarshal into Go value of type trustpolicy.Document"
        )
    wrong = _wrong(policy)
    if wrong:
        raise FluxError(f"invalid trust policy: {wrong}")


def _json_error(document: str, err: ValueError) -> str:
    at = getattr(err, "pos", 0)
    if at >= len(document.rstrip()):
        return "unexpected end of JSON input"
    return f"invalid character {_char(document[at])} looking for beginning of value"


def _char(char: str) -> str:
    return "'" + ("\\'" if char == "'" else char) + "'"


def _wrong(policy: dict[str, Any]) -> str:
    version = text(policy, "version")
    if not version:
        return "trust policy document has empty version, version must be specified"
    if version != "1.0":
        return f"trust policy document uses unsupported version {go_quote(version)}"
    statements = [entry for entry in policy.get("trustPolicies") or [] if isinstance(entry, dict)]
    if not statements:
        return "trust policy document can not have zero trust policy statements"
    seen: set[str] = set()
    for statement in statements:
        name = text(statement, "name")
        if not name:
            return "trust policy: a trust policy statement is missing a name, every statement requires a name"
        if name in seen:
            return f"multiple trust policy statements use the same name {go_quote(name)}, statement names must be unique"
        seen.add(name)
        if why := _wrong_statement(statement, name):
            return f"trust policy: {why}"
    return _wrong_scopes(statements)


def _wrong_statement(statement: dict[str, Any], name: str) -> str:
    subject = f"trust policy statement {go_quote(name)}"
    verification = statement.get("signatureVerification")
    verification = verification if isinstance(verification, dict) else {}
    if why := _wrong_level(verification):
        return f"{subject} has invalid signatureVerification: {why}"
    stamp = text(verification, "verifyTimestamp")
    if stamp not in ("", "always", "afterCertExpiry"):
        wrong = f'verifyTimestamp must be "always" or "afterCertExpiry", but got {go_quote(stamp)}'
        return f"{subject} has invalid signatureVerification: {wrong}"
    stores, identities = _strings(statement, "trustStores"), _strings(statement, "trustedIdentities")
    if text(verification, "level") == "skip":
        if stores or identities:
            return (
                f"{subject} is set to skip signature verification but configured with trust stores and/or trusted identities, "
                "remove them if signature verification needs to be skipped"
            )
        return ""
    if not stores or not identities:
        return f"{subject} is either missing trust stores or trusted identities, both must be specified"
    return _wrong_stores(stores, subject) or _wrong_identities(identities, subject)


def _strings(obj: dict[str, Any], key: str) -> list[str]:
    found = obj.get(key)
    return [entry for entry in found if isinstance(entry, str)] if isinstance(found, list) else []


def _wrong_level(verification: dict[str, Any]) -> str:
    level = text(verification, "level")
    override = verification.get("override") or {}
    if not level:
        return "signature verification level is empty or missing in the trust policy statement"
    if level not in _LEVELS:
        return f"invalid signature verification level {go_quote(level)}"
    if level == "skip" and override:
        return 'signature verification level "skip" can\'t be used to customize signature verification'
    custom = "in custom signature verification is not supported"
    for check, action in override.items():
        if check not in _CHECKS:
            supported = f"[{' '.join(go_quote(c) for c in _CHECKS)}]"
            return f"verification type {go_quote(check)} {custom}, supported values are {supported}"
        if action not in _ACTIONS:
            supported = f"[{' '.join(go_quote(a) for a in _ACTIONS)}]"
            return f"verification action {go_quote(str(action))} {custom}, supported values are {supported}"
        if check == "integrity":
            return '"integrity" verification can not be overridden in custom signature verification'
        if check != "revocation" and action == "skip":
            return f"{go_quote(check)} verification can not be skipped in custom signature verification"
    return ""


def _wrong_stores(stores: Sequence[str], subject: str) -> str:
    for store in stores:
        kind, colon, name = store.partition(":")
        if not colon:
            form = "The required format is <TrustStoreType>:<TrustStoreName>"
            return f"{subject} has malformed trust store value {go_quote(store)}. {form}"
        if kind not in _STORES:
            return f"{subject} uses an unsupported trust store type {go_quote(kind)} in trust store value {go_quote(store)}"
        if not re.fullmatch("[a-zA-Z0-9_.-]+", name):
            return (
                f"{subject} uses an unsupported trust store name {go_quote(name)} in trust store value {go_quote(store)}. "
                "Named store name needs to follow [a-zA-Z0-9_.-]+ format"
            )
    return ""


def _wrong_identities(identities: Sequence[str], subject: str) -> str:
    if len(identities) > 1 and "*" in identities:
        return (
            f"{subject} uses a wildcard trusted identity '*', a wildcard identity cannot be used in conjunction with other values"
        )
    if why := next(filter(None, map(_wrong_identity, identities)), ""):
        return f"{subject} has {why}"
    named = [identity for identity in identities if identity.startswith(_X509)]
    names = [(identity, _distinguished_name(identity.removeprefix(_X509))[0]) for identity in named]
    for at, (first, one) in enumerate(names):
        for second, other in names[at + 1 :]:
            if one.items() <= other.items() or other.items() <= one.items():
                return f"{subject} has overlapping x509 trustedIdentities, {go_quote(first)} overlaps with {go_quote(second)}"
    return ""


def _wrong_identity(identity: str) -> str:
    if not identity:
        return "an empty trusted identity"
    if identity == "*":
        return ""
    _, colon, value = identity.partition(":")
    if not colon:
        return f"trusted identity {go_quote(identity)} missing separator"
    if not value:
        return f"trusted identity {go_quote(identity)} without an identity value"
    why = _distinguished_name(value)[1] if identity.startswith(_X509) else ""
    return f"trusted identity {go_quote(identity)} with invalid identity value: {why}" if why else ""


def _distinguished_name(value: str) -> tuple[dict[str, str], str]:
    """The attributes of ``C=US, ST=WA, O=wabbit``, and what is wrong with them."""
    parts = {}
    for part in re.split(r"(?<!\\),", value):
        key, equals, content = part.strip().partition("=")
        if not equals or not key:
            return {}, f"parsing distinguished name (DN) {go_quote(value)} failed with err: incomplete type, value pair"
        if key in parts:
            return (
                {},
                f"distinguished name (DN) {go_quote(value)} has duplicate RDN attribute for {go_quote(key)}, "
                "DN can only have unique RDN attributes",
            )
        parts[key] = content
    for required in ("C", "ST", "O"):
        if not parts.get(required):
            return {}, (
                f"distinguished name (DN) {go_quote(value)} has no mandatory RDN attribute for {go_quote(required)}, "
                "it must contain 'C', 'ST' or 'S', and 'O' RDN attributes at a minimum"
            )
    return parts, ""


def _wrong_scopes(statements: Sequence[dict[str, Any]]) -> str:
    seen: set[str] = set()
    for statement in statements:
        scopes, name = _strings(statement, "registryScopes"), go_quote(text(statement, "name"))
        if not scopes:
            return (
                f"trust policy statement {name} has zero registry scopes, it must specify registry scopes with at least one value"
            )
        if len(scopes) > 1 and "*" in scopes:
            return (
                f"trust policy statement {name} uses wildcard registry scope '*', "
                "a wildcard scope cannot be used in conjunction with other scope values"
            )
        for scope in scopes:
            if scope != "*" and not _SCOPE.fullmatch(scope):
                wild = "with wild card(s) " if "*" in scope else ""
                return (
                    f"registry scope {go_quote(scope)} {wild}is not valid, make sure it is a fully qualified repository "
                    "without the scheme, protocol or tag. "
                    "For example domain.com/my/repository or a local scope like local/myOCILayout"
                )
            if scope in seen:
                return (
                    f"registry scope {go_quote(scope)} is present in multiple trust policy statements, "
                    "one registry scope value can only be associated with one statement"
                )
            seen.add(scope)
    return ""
