"""Tables: the columns that the server prints for a kind (``kubectl get``)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from flux_cli.core import durations
from flux_cli.core.objects import Object, dig, items, text
from flux_cli.sandbox import shapes
from flux_cli.sandbox.call import Call
from flux_cli.sandbox.catalog import Served


class Column(NamedTuple):
    """``priority`` 1: shown with ``-o wide`` only."""

    name: str
    value: Callable[[Object], Any]
    priority: int = 0
    type: str = "string"
    format: str = ""
    description: str = ""


def table(found: list[Object], metadata: Object, call: Call) -> Object:
    """A ``Table`` of these objects. ``includeObject``: None, Object, or the metadata."""
    columns = _columns(call.served)
    include = call.query.get("includeObject", "Metadata")
    rows = [
        {"cells": [column.value(obj) for column in columns]}
        | {"object": None if include == "None" else obj if include == "Object" else shapes.partial(obj)}
        for obj in found
    ]
    definitions = [
        {"name": c.name, "type": c.type, "format": c.format, "description": c.description, "priority": c.priority}
        for c in columns
    ]
    head = {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata}
    return head | {"columnDefinitions": definitions, "rows": rows}


def _columns(served: Served) -> list[Column]:
    name = Column("Name", lambda obj: text(obj, "metadata.name"), format="name")
    if served.custom:
        return [name, *map(_defined, served.columns or FLUX_COLUMNS)]
    from flux_cli.sandbox.own_tables import COLUMNS

    return COLUMNS.get((served.group, served.plural)) or [name, Column("Age", age)]


# For Flux's kinds where no CRD says otherwise, as their CRDs do.
FLUX_COLUMNS: tuple[Object, ...] = (
    {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
    {"name": "Ready", "type": "string", "jsonPath": '.status.conditions[?(@.type=="Ready")].status'},
    {"name": "Status", "type": "string", "jsonPath": '.status.conditions[?(@.type=="Ready")].message'},
)


def _defined(column: Object) -> Column:
    """A column of a CRD's ``additionalPrinterColumns``."""
    path, kind = text(column, "jsonPath"), text(column, "type")

    def value(obj: Object) -> Any:
        found = by_path(obj, path)
        if not found:
            return None
        return since(str(found[0])) if kind == "date" else found[0] if len(found) == 1 else ",".join(map(str, found))

    note = text(column, "description") or f"Custom resource definition column (in JSONPath format): {path}"
    return Column(text(column, "name"), value, dig(column, "priority", 0), kind, text(column, "format"), note)


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
    return between(stamp, datetime.now(UTC).isoformat())


def between(begun: str, ended: str) -> str:
    """How long it was from one time to another, ``<unknown>`` where either is none."""
    try:
        return durations.age((datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds())
    except (ValueError, TypeError):
        return "<unknown>"


def age(obj: Object) -> str:
    return since(text(obj, "metadata.creationTimestamp"))


def joined(found: list[Any]) -> str:
    return ",".join(map(str, found)) or "<none>"


def containers(obj: Object) -> list[Object]:
    return [c for c in items(obj, "spec.template.spec.containers") if isinstance(c, dict)]
