"""How the fields of the server's own kinds are counted: which lists have keys, which maps are one value. Its OpenAPI says so."""

from typing import Any

from flux_cli.core.api import Cluster, Resource
from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object, dig, items

_KEPT = ("x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type")


class Shapes:
    """Schemas by group and version, each asked for once. They hold the structure alone, no defaults and no checks."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._known: dict[str, Object] = {}

    def of(self, resource: Resource) -> Object | None:
        """The schema of a kind; None where the server does not tell."""
        path = f"/openapi/v3/{'apis/' if resource.group else 'api/'}{resource.api_version}"
        if path not in self._known:
            try:
                self._known[path] = dig(self._cluster.raw(path), "components.schemas", {})
            except FluxError:
                self._known[path] = {}
        schemas, wanted = self._known[path], {"group": resource.group, "version": resource.version, "kind": resource.kind}
        for schema in schemas.values():
            if wanted in items(schema, "x-kubernetes-group-version-kind"):
                return _structure(schema, schemas, ())
        return None


def _structure(schema: Any, schemas: Object, above: tuple[str, ...]) -> Object:
    """The schema with what it refers to; a type within itself ends there."""
    if not isinstance(schema, dict):
        return {}
    out: Object = {key: schema[key] for key in _KEPT if key in schema}
    for part in (schema, *items(schema, "allOf")):
        name = str(dig(part, "$ref", "")).rpartition("/")[2]
        if name and name not in above:
            out = _structure(schemas.get(name), schemas, (*above, name)) | out
    if isinstance(schema.get("properties"), dict):
        out["properties"] = {key: _structure(below, schemas, above) for key, below in schema["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            out[key] = _structure(schema[key], schemas, above)
    return out
