"""Who asks, and what they may: tokens, impersonation, and the rules of RBAC over the roles in the store."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from flux_cli.core.objects import Object, items, text
from flux_cli.sandbox.refusal import forbidden, forbidden_path
from flux_cli.sandbox.store import Store

MASTERS = "system:masters"
EXTRA = "impersonate-extra-"
RBAC = "rbac.authorization.k8s.io"
OPEN_PATHS = ("/api", "/apis", "/version", "/healthz", "/livez", "/readyz", "/openapi")
SELF_REVIEWS = {
    ("authorization.k8s.io", "selfsubjectaccessreviews"),
    ("authorization.k8s.io", "selfsubjectrulesreviews"),
    ("authentication.k8s.io", "selfsubjectreviews"),
}


class Caller(NamedTuple):
    """A user as the authenticator knows it."""

    name: str
    groups: tuple[str, ...] = ()
    uid: str = ""
    extra: Mapping[str, list[str]] = {}


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
    """True for the masters, for what everybody who is known may (discovery, reviews of oneself), and by RBAC."""
    if MASTERS in caller.groups:
        return True
    known = "system:authenticated" in caller.groups
    if act.path:
        return known and act.verb == "get" and any(act.path == p or act.path.startswith(p + "/") for p in OPEN_PATHS)
    if known and act.verb == "create" and (act.group, act.resource) in SELF_REVIEWS:
        return True
    return any(_covers(rule, act) for rule in _rules(store, caller, act.namespace))


def acting(store: Store, caller: Caller, headers: Mapping[str, str], act: Act) -> Caller:
    """The user that ``Impersonate-*`` headers name, where ``caller`` may be it; else the caller. Raises 403."""
    user = headers.get("impersonate-user", "")
    if not user:
        return caller
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


def granted(store: Store, caller: Caller, namespace: str) -> list[Object]:
    """Every rule that speaks for a caller in a namespace."""
    if MASTERS in caller.groups:
        return [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}, {"verbs": ["*"], "nonResourceURLs": ["*"]}]
    return list(_rules(store, caller, namespace))


def _rules(store: Store, caller: Caller, namespace: str) -> Iterator[Object]:
    bindings = [(b, "") for b in store.objects((RBAC, "clusterrolebindings"))]
    if namespace:
        bindings += [(b, namespace) for b in store.objects((RBAC, "rolebindings"), namespace)]
    for binding, home in bindings:
        if not any(_is(subject, caller, home) for subject in items(binding, "subjects")):
            continue
        name, cluster_wide = text(binding, "roleRef.name"), text(binding, "roleRef.kind") == "ClusterRole"
        role = store.get((RBAC, "clusterroles"), ("", name)) if cluster_wide else store.get((RBAC, "roles"), (home, name))
        if role:
            yield from _with_aggregated(store, role)
        elif cluster_wide and name == "cluster-admin":
            yield {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}


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

    names = items(rule, "resourceNames")
    resources = (act.what, f"*/{act.subresource}") if act.subresource else (act.what,)
    return (
        has("verbs", act.verb)
        and has("apiGroups", act.group)
        and has("resources", *resources)
        and (not names or act.name in names)
    )
