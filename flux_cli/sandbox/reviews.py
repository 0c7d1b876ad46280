"""Reviews are questions, not objects: may I, may they, who am I."""

import json

from flux_cli.core.objects import Object, dig, text
from flux_cli.core.text import go_quote
from flux_cli.sandbox import field_checks, ownership, tokens
from flux_cli.sandbox.access import MASTERS, Act, Caller, granted, ruling
from flux_cli.sandbox.call import Answer, Call, decode
from flux_cli.sandbox.call import answer as answered
from flux_cli.sandbox.refusal import Cause, bad_request, invalid
from flux_cli.sandbox.stamps import now
from flux_cli.sandbox.store import Store
from flux_cli.sandbox.tokens import Tokens

ACT = ("verb", "group", "resource", "subresource", "namespace", "name")


def answer(store: Store, known: Tokens, call: Call) -> Answer:
    """Raises 400 and 422."""
    review = decode(call.request.body, call.content_type())
    if not isinstance(review, dict):
        raise bad_request("couldn't get version/kind; json parse error")
    plural, asked = call.served.plural, review.get("spec") or {}
    made: Object = {"kind": call.served.kind, "apiVersion": call.served.api_version, "metadata": {}}
    warnings = field_checks.checked(review, call)
    if plural == "selfsubjectreviews":
        made["metadata"] = {"creationTimestamp": now()}
        return answered(made | {"status": {"userInfo": call.caller.info()}}, 201, warnings)
    if plural == "selfsubjectrulesreviews":
        return answered(made | {"spec": {}, "status": _rules(store, call.caller, text(asked, "namespace"))}, 201, warnings)
    if call.target.namespace:
        _at_home(review, asked, call.target.namespace)
        made["metadata"] = {"namespace": call.target.namespace}
    made["spec"] = asked
    ownership.updated(None, made, call)
    status = tokens.review(store, known, asked) if plural == "tokenreviews" else _verdict(store, call, asked)
    return answered(made | {"status": status}, 201, warnings)


def _rules(store: Store, caller: Caller, namespace: str) -> Object:
    if not namespace:
        raise bad_request("no namespace on request")
    rules = granted(store, caller, namespace)
    paths = [{key: rule[key] for key in ("verbs", "nonResourceURLs")} for rule in rules if rule.get("nonResourceURLs")]
    return {"resourceRules": [r for r in rules if r.get("resources")], "nonResourceRules": paths, "incomplete": False}


def _verdict(store: Store, call: Call, asked: Object) -> Object:
    """The status of a question about access."""
    mine = call.served.plural == "selfsubjectaccessreviews"
    _check(asked, mine)
    groups = tuple(dig(asked, "groups", []))
    caller = call.caller if mine else Caller(text(asked, "user"), groups)
    if MASTERS in caller.groups:
        return {"allowed": True}
    why = ruling(store, caller, _act(asked))
    return {"allowed": False} if why is None else {"allowed": True, "reason": f"RBAC: allowed by {why}"}


def _act(asked: Object) -> Act:
    resource = asked.get("resourceAttributes")
    if isinstance(resource, dict):
        return Act(*(text(resource, field) for field in ACT))
    path = asked.get("nonResourceAttributes") or {}
    return Act(text(path, "verb"), path=text(path, "path"))


def _check(asked: Object, mine: bool) -> None:
    """422: a question has a subject, and is either about a resource or about a path."""
    resource, path = asked.get("resourceAttributes"), asked.get("nonResourceAttributes")
    causes = []
    if path is not None and resource is not None:
        shown = json.dumps({"Path": text(path, "path"), "Verb": text(path, "verb")}, separators=(",", ":"))
        causes.append(_wrong("spec.nonResourceAttributes", shown, "cannot be specified in combination with resourceAttributes"))
    if path is None and resource is None:
        why = "exactly one of nonResourceAttributes or resourceAttributes must be specified"
        causes.append(_wrong("spec.resourceAttributes", "null", why))
    if not mine and not asked.get("user") and not asked.get("groups"):
        causes.append(_wrong("spec.user", '""', "at least one of user or group must be specified"))
    if causes:
        raise invalid("authorization.k8s.io", "", "", causes)


def _wrong(field: str, value: str, why: str) -> Cause:
    return Cause("FieldValueInvalid", field, f"Invalid value: {value}: {why}")


def _at_home(review: Object, asked: Object, namespace: str) -> None:
    """400 where a local review speaks of another namespace."""
    if text(review, "metadata.namespace") != namespace:
        raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
    about = text(asked, "resourceAttributes.namespace")
    if about != namespace:
        cause = _wrong("spec.resourceAttributes.namespace", go_quote(about), "must match metadata.namespace")
        raise invalid("authorization.k8s.io", "", "", [cause])
