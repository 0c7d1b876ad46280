"""Who asks, and what they may: tokens, impersonation, and the rules of RBAC over the roles in the store."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from flux_cli.core.objects import Object, items, text
from flux_cli.sandbox.refusal import Refusal, bad_request, forbidden, forbidden_path
from flux_cli.sandbox.store import Store

MASTERS = "system:masters"
EXTRA = "impersonate-extra-"
RBAC = "rbac.authorization.k8s.io"
_HEALTH = ["/healthz", "/livez", "/readyz", "/version", "/version/"]
_DISCOVERY = [
    "/api",
    "/api/*",
    "/apis",
    "/apis/*",
    "/healthz",
    "/livez",
    "/openapi",
    "/openapi/*",
    "/readyz",
    "/version",
    "/version/",
]
_ISSUER = ["/.well-known/openid-configuration", "/.well-known/openid-configuration/", "/openid/v1/jwks", "/openid/v1/jwks/"]
# What a cluster lets everybody do from its start: (name of the role and its binding, group, rules).
FROM_THE_START: tuple[tuple[str, str, tuple[Object, ...]], ...] = (
    (
        "system:basic-user",
        "system:authenticated",
        (
            {
                "verbs": ["create"],
                "apiGroups": ["authorization.k8s.io"],
                "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
            },
            {"verbs": ["create"], "apiGroups": ["authentication.k8s.io"], "resources": ["selfsubjectreviews"]},
        ),
    ),
    ("system:discovery", "system:authenticated", ({"verbs": ["get"], "nonResourceURLs": _DISCOVERY},)),
    ("system:public-info-viewer", "system:authenticated", ({"verbs": ["get"], "nonResourceURLs": _HEALTH},)),
    ("system:public-info-viewer", "system:unauthenticated", ({"verbs": ["get"], "nonResourceURLs": _HEALTH},)),
    ("system:service-account-issuer-discovery", "system:serviceaccounts", ({"verbs": ["get"], "nonResourceURLs": _ISSUER},)),
)


class Caller(NamedTuple):
    """A user as the authenticator knows it."""

    name: str
    groups: tuple[str, ...] = ()
    uid: str = ""
    extra: Mapping[str, list[str]] = {}

    def info(self) -> Object:
        """As reviews tell it."""
        named: Object = {"username": self.name}
        return named | {k: v for k, v in (("uid", self.uid), ("groups", list(self.groups)), ("extra", dict(self.extra))) if v}


ADMIN = Caller("admin", (MASTERS, "system:authenticated"), "admin")
VIEWER = Caller("viewer", ("viewers", "system:authenticated"), "viewer")
ANONYMOUS = Caller("system:anonymous", ("system:unauthenticated",))


class Act(NamedTuple):
    """What somebody wants to do: a verb on a resource, or on a path that is none (``path``)."""

    verb: str
    group: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""
    path: str = ""

    @property
    def what(self) -> str:
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


def allowed(store: Store, caller: Caller, act: Act) -> bool:
    """True for the masters, and where a rule says so."""
    return MASTERS in caller.groups or ruling(store, caller, act) is not None


def ruling(store: Store, caller: Caller, act: Act) -> str | None:
    """What of RBAC lets a caller do this, as a review words it; None where nothing does."""
    return next((why for rule, why in _rules(store, caller, act.namespace) if _covers(rule, act)), None)


def acting(store: Store, caller: Caller, headers: Mapping[str, str], act: Act) -> Caller:
    """The user that ``Impersonate-*`` headers name, where ``caller`` may be it; else the caller. Raises 403."""
    user = headers.get("impersonate-user", "")
    if not user and not any(name.startswith("impersonate-") for name in headers):
        return caller
    if not user:
        raise _nobody(headers)
    groups = tuple(filter(None, headers.get("impersonate-group", "").split("\n")))
    parts = user.split(":")
    service = user.startswith("system:serviceaccount:") and len(parts) == 4
    wanted = [Act("impersonate", resource="users", name=user)]
    if service:
        wanted = [Act("impersonate", resource="serviceaccounts", namespace=parts[2], name=parts[3])]
        groups = groups or ("system:serviceaccounts", f"system:serviceaccounts:{parts[2]}")
    wanted += [Act("impersonate", resource="groups", name=g) for g in groups if not g.startswith("system:serviceaccounts")]
    if not all(allowed(store, caller, one) for one in wanted):
        verb = f"impersonate-on:{'serviceaccount' if service else 'user-info'}:{act.verb}"
        if act.path:
            raise forbidden_path(caller.name, verb, act.path)
        raise forbidden(caller.name, verb, act.group, act.what, act.namespace, act.name)
    if "system:authenticated" not in groups and user != "system:anonymous":
        groups = (*groups, "system:authenticated")
    extra = {unquote(k[len(EXTRA) :]): v.split("\n") for k, v in headers.items() if k.startswith(EXTRA)}
    return Caller(user, groups, headers.get("impersonate-uid", ""), extra)


def _nobody(headers: Mapping[str, str]) -> Refusal:
    """400: groups and the like say nothing without a user."""
    groups = ", ".join(f'"{group}"' for group in filter(None, headers.get("impersonate-group", "").split("\n")))
    shown = f"[]string{{{groups}}}" if groups else "[]string(nil)"
    uid = headers.get("impersonate-uid", "")
    user = f'&user.DefaultInfo{{Name:"", UID:"{uid}", Groups:{shown}, Extra:map[string][]string(nil)}}'
    return bad_request(f"requested {user} without impersonating a user name")


def granted(store: Store, caller: Caller, namespace: str) -> list[Object]:
    """Every rule that speaks for a caller in a namespace."""
    rules = [rule for rule, _ in _rules(store, caller, namespace)]
    if MASTERS in caller.groups:
        rules += [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}, {"verbs": ["*"], "nonResourceURLs": ["*"]}]
    return rules


def _rules(store: Store, caller: Caller, namespace: str) -> Iterator[tuple[Object, str]]:
    """Rules, each with what gives it to the caller."""
    for name, group, rules in FROM_THE_START:
        if group in caller.groups:
            why = f'ClusterRoleBinding "{name}" of ClusterRole "{name}" to Group "{group}"'
            yield from ((rule, why) for rule in rules)
    bindings = [(b, "") for b in store.objects((RBAC, "clusterrolebindings"))]
    if namespace:
        bindings += [(b, namespace) for b in store.objects((RBAC, "rolebindings"), namespace)]
    for binding, home in bindings:
        subject = next((s for s in items(binding, "subjects") if _is(s, caller, home)), None)
        if subject is not None:
            why = _described(binding, home, subject)
            yield from ((rule, why) for rule in _role_rules(store, binding, home))


def _described(binding: Object, home: str, subject: Object) -> str:
    name = text(binding, "metadata.name")
    bound = f'RoleBinding "{name}/{home}"' if home else f'ClusterRoleBinding "{name}"'
    kind, who = text(subject, "kind"), text(subject, "name")
    if kind == "ServiceAccount":
        who += f"/{text(subject, 'namespace') or home}"
    return f'{bound} of {text(binding, "roleRef.kind")} "{text(binding, "roleRef.name")}" to {kind} "{who}"'


def _role_rules(store: Store, binding: Object, home: str) -> Iterator[Object]:
    name, cluster_wide = text(binding, "roleRef.name"), text(binding, "roleRef.kind") == "ClusterRole"
    role = store.get((RBAC, "clusterroles"), ("", name)) if cluster_wide else store.get((RBAC, "roles"), (home, name))
    if role:
        yield from _with_aggregated(store, role)
    elif cluster_wide and name == "cluster-admin":
        yield {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
        yield {"nonResourceURLs": ["*"], "verbs": ["*"]}


def _with_aggregated(store: Store, role: Object) -> Iterator[Object]:
    """A role's own rules, and those of the roles that its ``aggregationRule`` selects."""
    yield from items(role, "rules")
    for selector in items(role, "aggregationRule.clusterRoleSelectors"):
        wanted = selector.get("matchLabels", {})
        for other in store.objects((RBAC, "clusterroles")):
            found = other["metadata"].get("labels") or {}
            if wanted and all(found.get(k) == v for k, v in wanted.items()):
                yield from items(other, "rules")


def _is(subject: Object, caller: Caller, home: str) -> bool:
    name = text(subject, "name")
    match text(subject, "kind"):
        case "User":
            return name == caller.name
        case "Group":
            return name in caller.groups
        case "ServiceAccount":
            return caller.name == f"system:serviceaccount:{text(subject, 'namespace') or home}:{name}"
    return False


def _covers(rule: Object, act: Act) -> bool:
    def has(field: str, *wanted: str) -> bool:
        found = items(rule, field)
        return "*" in found or any(w in found for w in wanted)

    if act.path:
        return has("verbs", act.verb) and any(_reaches(url, act.path) for url in items(rule, "nonResourceURLs"))
    names = items(rule, "resourceNames")
    resources = (act.what, f"*/{act.subresource}") if act.subresource else (act.what,)
    return (
        has("verbs", act.verb)
        and has("apiGroups", act.group)
        and has("resources", *resources)
        and (not names or act.name in names)
    )


def _reaches(url: str, path: str) -> bool:
    return url in ("*", path) or (url.endswith("*") and path.startswith(url[:-1]))
