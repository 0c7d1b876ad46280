"""How the fields of a kind are counted: which lists have keys, which maps are one value. The server's OpenAPI and CRDs say so."""

from typing import Any

from flux_cli.core.api import CRD, Cluster, Resource
from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object, dig, items, text
from flux_cli.kinds import NAMES
from flux_cli.sandbox.catalog import Served

_KEPT = (
    "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type",
    "x-kubernetes-patch-strategy", "x-kubernetes-patch-merge-key",
)  # fmt: skip


class Shapes:
    """Schemas by group and version, each asked for once. They hold the structure alone, no defaults and no checks."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._known: dict[str, Object] = {}

    def served(self, resource: Resource) -> tuple[Served, Object | None]:
        """How the fields of a kind are counted, and the schema with its defaults where it is a custom kind."""
        custom = ("." in resource.group and not resource.group.endswith(".k8s.io")) or resource.kind in NAMES
        made = Served(resource.group, resource.version, resource.plural, resource.kind, resource.namespaced, custom=custom)
        if not custom:
            shape = self._of(resource)
            return (made._replace(schema=shape, custom=True) if shape else made), None
        try:
            definition = self._cluster.get(CRD, "", resource.name)
        except FluxError:
            return made, None
        found: Object = next((v for v in items(definition, "spec.versions") if text(v, "name") == resource.version), {})
        schema = dig(found, "schema.openAPIV3Schema")
        return made._replace(schema=schema), schema

    def _of(self, resource: Resource) -> Object | None:
        """The structure of a kind of the server's own; None where the server does not tell."""
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
