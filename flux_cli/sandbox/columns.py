"""A column of a Table, and what stands in its cells: values at a path, ages, lists."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from flux_cli.core import durations, rfc3339
from flux_cli.core.objects import Object, items, text
from flux_cli.sandbox.stamps import now


class Column(NamedTuple):
    """``priority`` 1: shown with ``-o wide`` only."""

    name: str
    value: Callable[[Object], Any]
    priority: int = 0
    type: str = "string"
    format: str = ""
    description: str = ""


_STEP = re.compile(
    r"""\.?([A-Za-z0-9_\-\\./]+?)(?=\.(?!\\)|\[|$)|\[(\d+|\*)\]|\['([^']+)'\]|\[\?\(@\.([\w.]+)\s*==\s*["']([^"']*)["']\)\]"""
)


def by_path(obj: Any, path: str) -> list[Any]:
    """The values at a JSONPath of the kind that CRDs use: names, indexes, ``[*]`` and ``[?(@.type=="x")]``."""
    found = [obj]
    for name, index, quoted, field, wanted in _STEP.findall(path.strip("{}")):
        below: list[Any] = []
        for node in found:
            if name or quoted:
                key = quoted or name.replace("\\.", ".")
                below += [node[key]] if isinstance(node, dict) and key in node else []
            elif index == "*":
                below += node if isinstance(node, list) else list(node.values()) if isinstance(node, dict) else []
            elif index:
                below += node[int(index) : int(index) + 1] if isinstance(node, list) else []
            else:
                below += [e for e in node if text(e, field) == wanted] if isinstance(node, list) else []
        found = below
    return [value for value in found if value is not None]


def since(stamp: str) -> str:
    """The age of a time, ``<unknown>`` where it is none."""
    return between(stamp, now("microseconds"))


def between(begun: str, ended: str) -> str:
    """How long it was from one time to another, ``<unknown>`` where either is none."""
    start, end = rfc3339.parse(begun), rfc3339.parse(ended)
    return durations.age((end - start).total_seconds()) if start and end else "<unknown>"


def age(obj: Object) -> str:
    return since(text(obj, "metadata.creationTimestamp"))


def joined(found: list[Any]) -> str:
    return ",".join(map(str, found)) or "<none>"


def containers(obj: Object) -> list[Object]:
    return [c for c in items(obj, "spec.template.spec.containers") if isinstance(c, dict)]


def subjects(kind: str) -> Column:
    """Whom a binding binds, of one kind."""

    def one(subject: Object) -> str:
        return f"{text(subject, 'namespace')}/{text(subject, 'name')}" if kind == "ServiceAccount" else text(subject, "name")

    def value(obj: Object) -> str:
        return ", ".join(one(s) for s in items(obj, "subjects") if text(s, "kind") == kind)

    return Column(f"{kind}s", value, 1)


NAME = Column("Name", lambda obj: text(obj, "metadata.name"), format="name")
AGE = Column("Age", age)
