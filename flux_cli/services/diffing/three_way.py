"""What Helm's own merge makes of a live object: what the release's last manifest says of it, what the new one says, and the rest.

Kubernetes' own kinds are merged as strategic merge patches do it, of all others Helm applies the difference of the two manifests
and does not look at what was changed meanwhile (Helm's ``pkg/kube``, ``createPatch``).
"""

from typing import Any

from flux_cli.core.objects import Object
from flux_cli.sandbox import merge_keys
from flux_cli.sandbox.patches import merged

_TYPED = frozenset(
    {
        "", "admissionregistration.k8s.io", "apiextensions.k8s.io", "apps", "authentication.k8s.io", "authorization.k8s.io",
        "autoscaling", "batch", "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "extensions",
        "flowcontrol.apiserver.k8s.io", "internal.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io", "policy",
        "rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io", "storagemigration.k8s.io",
    }
)  # fmt: skip


def typed(group: str) -> bool:
    """Whether Helm knows the Go types of the group's kinds: client-go's own, and CRDs."""
    return group in _TYPED


def three_way(old: Object, new: Object, live: Object, schema: Object | None) -> Object:
    """A typed object after the merge. ``schema`` says how lists are joined; without it their names do."""
    return _mapped(old, new, live, schema)


def two_way(old: Object, new: Object, live: Object) -> Object:
    """An object of another kind after the merge."""
    return merged(live, difference(old, new))  # type: ignore[no-any-return]


def difference(before: Object, after: Object) -> Object:
    """The merge patch (RFC 7386) that leads from one to the other; empty where they are equal."""
    patch: Object = {key: None for key in before if key not in after}
    for key, value in after.items():
        known = before.get(key)
        if isinstance(value, dict) and isinstance(known, dict):
            inner = difference(known, value)
            if inner:
                patch[key] = inner
        elif key not in before or known != value or type(known) is not type(value):
            patch[key] = value
    return patch


def _mapped(old: Any, new: Object, live: Any, schema: Object | None) -> Object:
    old, live = (side if isinstance(side, dict) else {} for side in (old, live))
    out = {key: value for key, value in live.items() if key in new or key not in old}
    for key, value in new.items():
        if value is None:
            out.pop(key, None)
        else:
            out[key] = _value(old.get(key), value, live.get(key), _below(schema, key), key)
        if out.get(key) == [] != live.get(key):
            del out[key]  # as Go leaves out lists that are empty
    if "retainKeys" in _strategy(schema) and any(key not in live or out.get(key) != live[key] for key in new):
        return {key: value for key, value in out.items() if key in new}
    return out


def _value(old: Any, new: Any, live: Any, schema: Object | None, field: str) -> Any:
    if isinstance(new, dict):
        return _mapped(old, new, live, schema)
    if isinstance(new, list) and isinstance(live, list):
        return _listed(old if isinstance(old, list) else [], new, live, schema, field)
    return new


def _listed(old: list[Any], new: list[Any], live: list[Any], schema: Object | None, field: str) -> list[Any]:
    plain = "merge" in _strategy(schema) and not (schema or {}).get("x-kubernetes-patch-merge-key")
    if plain or field in merge_keys.SETS:
        return [e for e in live if e in new or e not in old] + [e for e in new if e not in live]
    key = _join(schema, field, new or live)
    wanted, was, there = ({e.get(key): e for e in side if isinstance(e, dict)} for side in (new, old, live))
    if not key or len(wanted) != len(new) or len(there) != len(live):
        return new
    item = (schema or {}).get("items")
    made = [_mapped(was.get(name), entry, there.get(name), item) for name, entry in wanted.items()]
    others = [entry for name, entry in there.items() if name not in wanted and name not in was]
    return _ordered(made, others, list(there), key)


def _ordered(made: list[Any], others: list[Any], known: list[Any], key: str) -> list[Any]:
    """The wanted entries in their order; others' before the first that stood behind them, or was not there."""
    out: list[Any] = []
    places = {name: place for place, name in enumerate(known)}
    while made and others:
        place = places.get(made[0][key], len(known))
        out.append(others.pop(0) if places[others[0][key]] < place else made.pop(0))
    return out + made + others


def _join(schema: Object | None, field: str, entries: list[Any]) -> str:
    """The key by which the entries of a list are joined; empty where it is replaced."""
    if schema is None:
        return merge_keys.strategic(field, entries)
    return str(schema.get("x-kubernetes-patch-merge-key", "")) if "merge" in _strategy(schema) else ""


def _strategy(schema: Object | None) -> list[str]:
    return str((schema or {}).get("x-kubernetes-patch-strategy", "")).split(",")


def _below(schema: Object | None, field: str) -> Object | None:
    if schema is None:
        return None
    found = (schema.get("properties") or {}).get(field, schema.get("additionalProperties"))
    return found if isinstance(found, dict) else {}
