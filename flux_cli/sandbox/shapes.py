"""The shapes of an answer: the objects themselves, their metadata alone, or a Table of columns."""

from flux_cli.core.objects import Object
from flux_cli.sandbox.call import Call

PARTIAL = "PartialObjectMetadata"


def asked(call: Call) -> str:
    """``Table``, ``PartialObjectMetadata`` or empty, by the first media type of Accept that can be had."""
    for part in call.request.headers.get("accept", "").split(","):
        kind, *rest = (p.strip() for p in part.split(";"))
        options = dict(p.partition("=")[::2] for p in rest)
        if kind in ("application/json", "*/*", "application/yaml"):
            wanted = options.get("as", "")
            return PARTIAL if wanted.startswith(PARTIAL) else wanted if wanted == "Table" else ""
    return ""


def one(obj: Object, call: Call) -> Object:
    match asked(call):
        case "PartialObjectMetadata":
            return partial(obj)
        case "Table":
            return _table([obj], {"resourceVersion": obj["metadata"].get("resourceVersion", "")}, call)
    return obj


def many(found: list[Object], metadata: Object, call: Call) -> Object:
    served = call.served
    match asked(call):
        case "PartialObjectMetadata":
            return {
                "kind": f"{PARTIAL}List",
                "apiVersion": "meta.k8s.io/v1",
                "metadata": metadata,
                "items": [partial(o) for o in found],
            }
        case "Table":
            return _table(found, metadata, call)
    if not served.custom:  # the server's own kinds are listed without the words that the list says already
        found = [{k: v for k, v in obj.items() if k not in ("kind", "apiVersion")} for obj in found]
    kind = served.list_kind or f"{served.kind}List"
    return {"kind": kind, "apiVersion": served.api_version, "metadata": metadata, "items": found}


def partial(obj: Object) -> Object:
    return {"kind": PARTIAL, "apiVersion": "meta.k8s.io/v1", "metadata": obj["metadata"]}


def _table(found: list[Object], metadata: Object, call: Call) -> Object:
    """A ``Table`` of these objects. ``includeObject``: None, Object, or the metadata."""
    from flux_cli.sandbox.tables import columns_of  # asked for by kubectl alone

    columns = columns_of(call.served)
    include = call.query.get("includeObject", "Metadata")
    rows = [
        {"cells": [column.value(obj) for column in columns]}
        | {"object": None if include == "None" else obj if include == "Object" else partial(obj)}
        for obj in found
    ]
    definitions = [
        {"name": c.name, "type": c.type, "format": c.format, "description": c.description, "priority": c.priority}
        for c in columns
    ]
    head = {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata}
    return head | {"columnDefinitions": definitions, "rows": rows}
