"""Kubernetes objects are plain dicts; these are the few questions everybody asks them."""

from flux_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Object = dict[str, Any]
else:  # no ``from __future__`` here: its ``annotations`` would be ours
    Any, Object = object, dict


class Ref(Record):
    """An object by name. ``str(ref)`` is ``Kind/namespace/name`` (empty namespace: cluster-scoped)."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.namespace}/{self.name}"


_STEPS: dict[str, list[str]] = {}  # paths taken apart: the code asks for a few hundred, for every object anew


def dig(obj: Any, path: str, default: Any = None) -> Any:
    """The value at a dotted path, ``default`` where any step is missing, null or of another shape.

    A list step is a number: ``dig(hr, "status.history.0.chartVersion", "")``.
    """
    steps = _STEPS.get(path)
    if steps is None:
        steps = _STEPS[path] = path.split(".")
    node = obj
    for key in steps:
        if isinstance(node, dict):
            node = node.get(key)
        elif isinstance(node, list) and key.isdigit() and int(key) < len(node):
            node = node[int(key)]
        else:
            return default
    return default if node is None else node


def text(obj: Any, path: str) -> str:
    """Like ``dig``, but always a string: objects from a cluster may hold anything anywhere."""
    value = dig(obj, path, "")
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def items(obj: Any, path: str) -> list[Any]:
    """Like ``dig``, but always a list."""
    value = dig(obj, path, [])
    return value if isinstance(value, list) else []


def conditions(obj: Object) -> list[Object]:
    """Status conditions, only those that are objects."""
    return [c for c in items(obj, "status.conditions") if isinstance(c, dict)]


def condition(obj: Object, type_: str = "Ready") -> Object | None:
    """The first condition of exactly this type (case-sensitive, as Flux compares)."""
    return next((c for c in conditions(obj) if c.get("type") == type_), None)


def name_of(obj: Object) -> str:
    return text(obj, "metadata.name")


def namespace_of(obj: Object) -> str:
    return text(obj, "metadata.namespace")


def ref_of(obj: Object) -> Ref:
    return Ref(text(obj, "kind"), namespace_of(obj), name_of(obj))


def labels(obj: Object) -> dict[str, str]:
    value = dig(obj, "metadata.labels", {})
    return value if isinstance(value, dict) else {}


def annotations(obj: Object) -> dict[str, str]:
    value = dig(obj, "metadata.annotations", {})
    return value if isinstance(value, dict) else {}
