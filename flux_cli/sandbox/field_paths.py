"""Objects as sets of fields, as ``managedFields`` counts them.

How a list counts depends on its type: one value (atomic), a set, or a map by keys. Custom kinds say so in their schema,
Kubernetes' own are listed in ``merge_keys``.
"""

import json
from typing import Any, NamedTuple

from flux_cli.core.objects import Object
from flux_cli.sandbox import merge_keys
from flux_cli.sandbox.catalog import Served
from flux_cli.sandbox.copying import copied

Path = tuple[str, ...]
Paths = frozenset[Path]
NODE: Any = object()  # stands for an object or list whose fields are counted one by one
UNOWNED = {("f:apiVersion",), ("f:kind",), ("f:metadata",)} | {
    ("f:metadata", f"f:{name}")
    for name in (
        "name",
        "namespace",
        "creationTimestamp",
        "selfLink",
        "uid",
        "generation",
        "managedFields",
        "resourceVersion",
        "generateName",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
    )
}


# Mappings of the server's own kinds that are owned whole, by the name of their field.
ATOMIC = {
    *("selector", "matchLabels", "nodeSelector", "namespaceSelector", "objectSelector", "podSelector", "scopeSelector"),
    *("secretRef", "roleRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef", "fieldRef", "resourceFieldRef", "dataSource"),
    *("involvedObject", "regarding", "related", "targetRef", "paramKind", "paramRef", "matchConstraints", "matchResources"),
    *("preference", "required", "requiredDuringSchedulingIgnoredDuringExecution", "nodeTopology"),
    *(f"{step}SecretRef" for step in ("controllerExpand", "controllerPublish", "nodeExpand", "nodePublish", "nodeStage")),
}
# What an object has before anybody sets it: these nodes of Kubernetes' own kinds are nobody's.
_TEMPLATE = (("f:spec", "f:template"), ("f:spec", "f:jobTemplate", "f:spec", "f:template"))
GIVEN = (
    {
        ("f:spec",),
        ("f:status",),
        ("f:metadata",),
        ("f:spec", "f:strategy"),
        ("f:spec", "f:updateStrategy"),
        ("f:spec", "f:containers"),
    }
    | {("f:spec", "f:jobTemplate"), ("f:spec", "f:jobTemplate", "f:metadata"), ("f:spec", "f:jobTemplate", "f:spec")}
    | {("f:spec", "f:scaleTargetRef")}
    | {(*t, *more) for t in _TEMPLATE for more in ((), ("f:metadata",), ("f:spec",), ("f:spec", "f:containers"))}
)

# What the server itself adds to a new pod after the owners are written down: nobody's.
ADMITTED = {("", "pods"): {("f:spec", f"f:{name}") for name in ("preemptionPolicy", "priority", "tolerations")}}


class Shape(NamedTuple):
    """What is known of a value's type: its schema (custom kinds), or only the name of its field (``own``)."""

    schema: Object | None
    own: bool
    field: str = ""

    def at(self, field: str) -> "Shape":
        if field == "metadata" and not self.field:
            return Shape(None, True, field)
        schema = self.schema or {}
        inner = (schema.get("properties") or {}).get(field, schema.get("additionalProperties"))
        return Shape(inner if isinstance(inner, dict) else None, self.own, field)

    def item(self) -> "Shape":
        inner = (self.schema or {}).get("items")
        return Shape(inner if isinstance(inner, dict) else None, self.own, self.field or "-")

    def keys(self, entries: list[Any]) -> tuple[str, ...]:
        """The keys of a list of objects; empty where it is none."""
        if self.own:
            return merge_keys.apply_keys(self.field, entries)
        if (self.schema or {}).get("x-kubernetes-list-type") == "map":
            return tuple((self.schema or {}).get("x-kubernetes-list-map-keys") or ())
        return ()

    @property
    def is_set(self) -> bool:
        return self.field in merge_keys.SETS if self.own else (self.schema or {}).get("x-kubernetes-list-type") == "set"

    @property
    def atomic(self) -> bool:
        return (self.schema or {}).get("x-kubernetes-map-type") == "atomic" or (self.own and self.field in ATOMIC)


def shape(served: Served) -> Shape:
    return Shape(served.schema, not served.custom)


def flat(obj: Object, served: Served) -> dict[Path, Any]:
    """Every field with its value; objects and lists that are counted by their parts have the value NODE."""
    out: dict[Path, Any] = {}
    _walk(obj, shape(served), (), out)
    for path in list(out):
        if not path or path in UNOWNED or path[:2] in UNOWNED:
            del out[path]
    return out


def _walk(value: Any, kind: Shape, path: Path, out: dict[Path, Any]) -> None:
    if isinstance(value, dict) and value and not kind.atomic:
        out[path] = NODE
        for key, entry in value.items():
            _walk(entry, kind.at(key), (*path, f"f:{key}"), out)
    elif isinstance(value, list) and value and (kind.is_set or kind.keys(value)):
        out[path] = NODE
        for element, entry in elements(value, kind):
            if kind.is_set:
                out[(*path, element)] = entry
            else:
                _walk(entry, kind.item(), (*path, element), out)
    else:
        out[path] = value


def elements(entries: list[Any], kind: Shape) -> list[tuple[str, Any]]:
    """Each entry of a set or map with its path element."""
    if kind.is_set:
        return [(f"v:{_json(entry)}", entry) for entry in entries]
    keys = kind.keys(entries)
    defaults = {"protocol": "TCP"}
    return [(f"k:{_json({k: e.get(k, defaults.get(k)) for k in sorted(keys) if k in e or k in defaults})}", e) for e in entries]


def difference(before: dict[Path, Any], after: dict[Path, Any]) -> tuple[Paths, Paths]:
    """(added or changed, removed) fields."""
    changed = frozenset(p for p, value in after.items() if p not in before or (before[p] is not value and before[p] != value))
    return changed, frozenset(p for p in before if p not in after)


def named(config: Object, served: Served) -> Paths:
    """The fields that an applied configuration names: its leaves, and the entries of its lists."""
    return frozenset(p for p, value in flat(config, served).items() if value is not NODE or p[-1][:2] == "k:")


def merge(live: Object, config: Object, served: Served) -> Object:
    """``live`` with what ``config`` names."""
    return _merge(copied(live), config, shape(served))  # type: ignore[no-any-return]


def _merge(live: Any, config: Any, kind: Shape) -> Any:
    if isinstance(config, dict) and isinstance(live, dict) and not kind.atomic:
        for key, value in config.items():
            live[key] = _merge(live[key], value, kind.at(key)) if key in live else copied(value)
        return live
    if isinstance(config, list) and isinstance(live, list) and config and (kind.is_set or kind.keys(config)):
        known = dict(elements(live, kind))
        for element, entry in elements(config, kind):
            known[element] = _merge(known[element], entry, kind.item()) if element in known and not kind.is_set else copied(entry)
        return list(known.values())
    return copied(config)


def drop(obj: Object, fields: Paths, kept: Paths) -> None:
    """Remove these fields, the deepest first; an object or list goes when nothing is left in it.

    An entry of a list goes whole, unless some of it is among the fields that are ``kept``.
    """
    whole = {p for p in fields if p[-1][:2] == "k:" and not any(k[: len(p)] == p for k in kept)}
    fields = frozenset(p for p in fields if not any(p[: len(w)] == w and p != w for w in whole))
    for path in sorted(fields, key=len, reverse=True):
        if path[-1][:2] == "k:" and path not in whole:
            continue
        chain: list[Any] = [obj]
        for element in path[:-1]:
            chain.append(_child(chain[-1], element))
        _remove(chain[-1], path[-1])
        for parent, node, element in zip(chain[-2::-1], chain[:0:-1], path[-2::-1], strict=True):
            if node in ({}, []) and parent is not obj:
                _remove(parent, element)


def _child(node: Any, element: str) -> Any:
    if isinstance(node, dict):
        return node.get(element[2:])
    return next((e for e in node if _is(e, element)), None) if isinstance(node, list) else None


def _remove(node: Any, element: str) -> None:
    if isinstance(node, dict):
        node.pop(element[2:], None)
    elif isinstance(node, list):
        node[:] = [e for e in node if not _is(e, element)]


def _is(entry: Any, element: str) -> bool:
    if element[:2] not in ("k:", "v:"):
        return False  # of a map that is a list now
    wanted = json.loads(element[2:])
    if element[:2] == "v:":
        return bool(entry == wanted)
    return isinstance(entry, dict) and all(entry.get(k, "TCP" if k == "protocol" else None) == v for k, v in wanted.items())


def fold(fields: Paths) -> Object:
    """FieldsV1 of a set of paths."""
    tree: Object = {}
    for path in sorted(fields):
        node = tree
        for element in path:
            node = node.setdefault(element, {})
        node["."] = {}
    return _tidy(tree)


def _tidy(node: Object) -> Object:
    if list(node) == ["."]:
        return {}
    return {key: {} if key == "." else _tidy(value) for key, value in node.items()}


def unfold(tree: Any, path: Path = ()) -> Paths:
    """The set of paths of FieldsV1."""
    if not isinstance(tree, dict) or not tree:
        return frozenset({path}) if path else frozenset()
    out: set[Path] = set()
    for element, below in tree.items():
        out |= {path} if element == "." else unfold(below, (*path, element))
    return frozenset(out)


def shown(path: Path) -> str:
    """``.spec.containers[name="a"].image``, as messages name a field."""
    out = ""
    for element in path:
        kind, body = element[:2], element[2:]
        if kind == "f:":
            out += f".{body}"
        elif kind == "k:":
            out += "[" + ",".join(f"{k}={_json(v)}" for k, v in json.loads(body).items()) + "]"
        else:
            out += f"[={body}]"
    return out


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
