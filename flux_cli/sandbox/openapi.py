"""/openapi/v3: that the server validates fields itself, and the schemas of loaded CRDs.

Schemas of Kubernetes' own kinds are not served: without how their lists are merged, ``kubectl apply`` would trust them wrongly.
"""

import hashlib

from flux_cli.core.objects import Object
from flux_cli.sandbox.call import Answer, encode
from flux_cli.sandbox.catalog import Catalog, Served

PARAMETERS = [
    {"name": name, "in": "query", "schema": {"type": "string"}} for name in ("dryRun", "fieldManager", "fieldValidation", "force")
]


def page(catalog: Catalog, path: str) -> Answer | None:
    """The index, or the document of one group and version; None where the path is neither."""
    parts = path.strip("/").split("/")
    if parts[:2] != ["openapi", "v3"]:
        return None
    versions = {_root(group, v): (group, v) for group, known in catalog.groups().items() for v in known}
    if len(parts) == 2:
        return _json({"paths": {root: {"serverRelativeURL": _url(root, catalog, *pair)} for root, pair in versions.items()}})
    pair = versions.get("/".join(parts[2:]))
    return _json(_document(catalog, *pair)) if pair else None


def _root(group: str, version: str) -> str:
    return f"apis/{group}/{version}" if group else f"api/{version}"


def _url(root: str, catalog: Catalog, group: str, version: str) -> str:
    """With a hash of what it says, so that clients that keep documents see when a CRD changed it."""
    said = encode([[served.plural, served.schema] for served in catalog.within(group, version)])
    return f"/openapi/v3/{root}?hash={hashlib.sha256(said).hexdigest().upper()}"


def _document(catalog: Catalog, group: str, version: str) -> Object:
    paths = {_path(served): {"patch": _operation(served)} for served in catalog.within(group, version)}
    schemas = {_name(served): _schema(served, served.schema) for served in catalog.within(group, version) if served.schema}
    info = {"title": "Kubernetes", "version": "v1.36.3"}
    return {"openapi": "3.0.0", "info": info, "paths": paths, "components": {"schemas": schemas}}


def _name(served: Served) -> str:
    """``io.fluxcd.toolkit.kustomize.v1.Kustomization``."""
    return ".".join([*reversed(served.group.split(".")), served.version, served.kind])


def _schema(served: Served, schema: Object) -> Object:
    """The CRD's schema with the fields that every object has."""
    properties = {
        "apiVersion": {"type": "string", "description": "Group and version of the kind."},
        "kind": {"type": "string", "description": "The kind of the object."},
        "metadata": {"type": "object", "description": "Name, namespace, labels and what the server notes."},
    }
    named = {"group": served.group, "version": served.version, "kind": served.kind}
    return schema | {
        "properties": schema.get("properties", {}) | properties,
        "x-kubernetes-group-version-kind": [named],
    }


def _path(served: Served) -> str:
    scope = "/namespaces/{namespace}" if served.namespaced else ""
    return f"/{_root(served.group, served.version)}{scope}/{served.plural}/{{name}}"


def _operation(served: Served) -> Object:
    kind = {"group": served.group, "version": served.version, "kind": served.kind}
    done = {"200": {"description": "OK"}}
    return {"parameters": PARAMETERS, "responses": done, "x-kubernetes-action": "patch", "x-kubernetes-group-version-kind": kind}


def _json(obj: Object) -> Answer:
    return Answer(200, {"content-type": "application/json"}, encode(obj))
