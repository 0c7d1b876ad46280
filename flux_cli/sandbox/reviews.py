"""Reviews are questions, not objects: may I, may they, who am I."""

from flux_cli.core.objects import Object, dig, text
from flux_cli.sandbox import ownership
from flux_cli.sandbox.access import Act, Caller, allowed, granted
from flux_cli.sandbox.call import Answer, Call, decode
from flux_cli.sandbox.call import answer as answered
from flux_cli.sandbox.refusal import bad_request
from flux_cli.sandbox.store import Store


def verdict(store: Store, plural: str, review: Object, caller: Caller) -> Object:
    """The status of a review."""
    if plural == "selfsubjectreviews":
        return {"userInfo": {"username": caller.name, "uid": caller.uid, "groups": list(caller.groups)}}
    if plural == "selfsubjectrulesreviews":
        rules = granted(store, caller, text(review, "spec.namespace"))
        paths = [{key: rule[key] for key in ("verbs", "nonResourceURLs")} for rule in rules if rule.get("nonResourceURLs")]
        return {"resourceRules": [r for r in rules if r.get("resources")], "nonResourceRules": paths, "incomplete": False}
    if plural == "tokenreviews":
        return {"authenticated": False, "user": {}}
    if plural != "selfsubjectaccessreviews":
        caller = Caller(text(review, "spec.user"), tuple(dig(review, "spec.groups", [])))
    act = _act(review)
    masters = "system:masters" in caller.groups
    found: Object = {"allowed": allowed(store, caller, act)}
    return found if masters or not found["allowed"] else found | {"reason": "RBAC: allowed"}


def _act(review: Object) -> Act:
    asked = dig(review, "spec.resourceAttributes")
    if isinstance(asked, dict):
        fields = ("verb", "group", "resource", "subresource", "namespace", "name")
        return Act(*(text(asked, field) for field in fields))
    path = dig(review, "spec.nonResourceAttributes")
    if not isinstance(path, dict):
        raise bad_request("spec.resourceAttributes or spec.nonResourceAttributes is required")
    return Act(text(path, "verb"), path=text(path, "path"))


def answer(store: Store, call: Call) -> Answer:
    review = decode(call.request.body, call.content_type())
    if not isinstance(review, dict):
        raise bad_request("couldn't get version/kind; json parse error")
    made: Object = {
        "kind": call.served.kind,
        "apiVersion": call.served.api_version,
        "metadata": {},
        "spec": review.get("spec", {}),
    }
    ownership.updated(None, made, call)
    return answered(made | {"status": verdict(store, call.served.plural, review, call.caller)}, 201)
