"""/openapi/v3 and /openapi/v2: the schemas of Kubernetes' own kinds and of loaded CRDs, and what may be asked of each."""

import hashlib
import json
from typing import Any

from flux_cli.core.objects import Object, dig
from flux_cli.sandbox import own_schemas
from flux_cli.sandbox.call import Answer, encode
from flux_cli.sandbox.catalog import Catalog, Served
from flux_cli.sandbox.openapi_paths import paths, root
from flux_cli.sandbox.own_schemas import GVK, META

INFO = {"title": "Kubernetes", "version": "1.36"}
# What structural schemas may say that OpenAPI v2 has no word for, or gives another meaning.
NOT_IN_V2 = ("oneOf", "anyOf", "allOf", "not", "nullable")
CONVENTIONS = "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md"


def page(catalog: Catalog, path: str, accept: str) -> Answer | None:
    """The index of v3, the document of one group and version, or the one of v2; None for other paths."""
    parts = path.strip("/").split("/")
    if parts == ["openapi", "v2"]:
        from flux_cli.sandbox import openapi_proto

        first = accept.partition(",")[0].replace("@", ".")
        if first.strip() == openapi_proto.MEDIA_TYPE:
            return Answer(200, {"content-type": openapi_proto.MEDIA_TYPE}, openapi_proto.document(_second(catalog)))
        return _json(encode(_second(catalog)))
    if parts[:2] != ["openapi", "v3"]:
        return None
    versions = {root(group, v): (group, v) for group, known in catalog.groups().items() for v in known}
    if len(parts) == 2:
        return _json(encode({"paths": {at: {"serverRelativeURL": _url(at, catalog, *pair)} for at, pair in versions.items()}}))
    pair = versions.get("/".join(parts[2:]))
    return _json(_third(catalog, *pair)) if pair else None


def _url(at: str, catalog: Catalog, group: str, version: str) -> str:
    """With a hash of what it says, so that clients that keep documents see when a CRD changed it."""
    said = encode([[served.plural, served.schema] for served in catalog.within(group, version)])
    return f"/openapi/v3/{at}?hash={hashlib.sha256(said).hexdigest().upper()}"


def _third(catalog: Catalog, group: str, version: str) -> bytes:
    more = {name: json.dumps(schema) for name, schema in _custom(catalog, group, version).items()}
    names = own_schemas.table().kinds | _kinds(catalog, group, version)
    asked = encode(paths(catalog, group, version, names)).decode()
    watched = any("watch" in served.verbs and not served.custom for served in catalog.within(group, version))
    schemas = own_schemas.reached([*own_schemas.referred(asked), *([f"{META}.WatchEvent"] if watched else [])], more)
    texts = ",".join(f"{json.dumps(name)}:{own_schemas.of_group(text, group, version)}" for name, text in schemas.items())
    return (f'{{"openapi":"3.0.0","info":{json.dumps(INFO)},"paths":{asked},"components":{{"schemas":{{{texts}}}}}}}').encode()


def _kinds(catalog: Catalog, group: str, version: str) -> dict[tuple[str, str, str], str]:
    found = {}
    for served in catalog.within(group, version):
        if served.schema:
            found[group, version, served.kind] = _name(served)
            found[group, version, served.list_kind or f"{served.kind}List"] = f"{_name(served)}List"
    return found


def _custom(catalog: Catalog, group: str, version: str) -> dict[str, Object]:
    """The schemas of loaded CRDs and of their lists, by name."""
    found = {}
    for served in catalog.within(group, version):
        if served.schema:
            found[_name(served)] = _schema(served, served.schema)
            found[f"{_name(served)}List"] = _list_schema(served)
    return found


def _name(served: Served) -> str:
    """``io.fluxcd.toolkit.kustomize.v1.Kustomization``."""
    return ".".join([*reversed(served.group.split(".")), served.version, served.kind])


def _schema(served: Served, schema: Object) -> Object:
    """The CRD's schema with the fields that every object has."""
    named = {"group": served.group, "kind": served.kind, "version": served.version}
    whole: Object = _either(schema)
    return whole | {"properties": whole.get("properties", {}) | _common("ConfigMap"), GVK: [named]}


def _either(schema: Any) -> Any:
    """A structural schema, with what ``x-kubernetes-int-or-string`` says in OpenAPI's own words."""
    if isinstance(schema, list):
        return [_either(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _either(value) for key, value in schema.items()}
    if schema.get("x-kubernetes-int-or-string") is True:
        found.setdefault("anyOf", [{"type": "integer"}, {"type": "string"}])
    return found


def _common(kind: str) -> Object:
    """What each object has, or each list, as the server's own kinds describe it."""
    usual = json.loads(own_schemas.table().texts[f"io.k8s.api.core.v1.{kind}"])["properties"]
    return {name: {k: v for k, v in usual[name].items() if k != "default"} for name in ("apiVersion", "kind", "metadata")}


def _list_schema(served: Served) -> Object:
    kind = served.list_kind or f"{served.kind}List"
    listed = {"type": "array", "items": {"$ref": f"#/components/schemas/{_name(served)}"}}
    return {
        "description": f"{kind} is a list of {served.kind}",
        "type": "object",
        "required": ["items"],
        "properties": _common("PodList")
        | {"items": listed | {"description": f"List of {served.plural}. More info: {CONVENTIONS}"}},
        GVK: [{"group": served.group, "kind": kind, "version": served.version}],
    }


def _second(catalog: Catalog) -> Object:
    """Every schema in one document, in the words of OpenAPI v2; paths are told by v3 alone."""
    schemas = {name: json.loads(text) for name, text in own_schemas.table().texts.items()}
    definitions = {name: _older(schema) for name, schema in schemas.items()}
    for group, versions in catalog.groups().items():
        for version in versions:
            for name, schema in _custom(catalog, group, version).items():
                definitions[name] = _older(schema, plain=True)
    return {"swagger": "2.0", "info": INFO, "paths": {}, "definitions": dict(sorted(definitions.items()))}


def _older(schema: Any, *, plain: bool = False) -> Any:
    """A schema of v3 in v2, where references stand beside other words. ``plain``: leave out what v2 cannot say."""
    if isinstance(schema, list):
        return [_older(one, plain=plain) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {k: v for k, v in schema.items() if k != "default"}
    wrapped = found.get("allOf")
    if isinstance(wrapped, list) and len(wrapped) == 1 and "$ref" in wrapped[0]:
        found |= found.pop("allOf")[0]
    if "oneOf" in found and not plain:  # a number or a text: v2 has one type for each
        found = {k: v for k, v in found.items() if k != "oneOf"} | {"type": "string"}
    if isinstance(found.get("$ref"), str):
        found["$ref"] = found["$ref"].replace("#/components/schemas/", "#/definitions/")
    if plain and (found.get("nullable") or found.get("x-kubernetes-preserve-unknown-fields")):  # v2 can only say: anything
        found = {k: v for k, v in found.items() if k in ("description",) or k.startswith("x-kubernetes-")}
    properties = found.pop("properties", None)
    if plain and isinstance(properties, dict) and "required" in found:  # what may be null is as good as left out
        needed = [name for name in found.pop("required") if not dig(properties, f"{name}.nullable")]
        found |= {"required": needed} if needed else {}
    if plain:
        found = {k: v for k, v in found.items() if k not in NOT_IN_V2}
    found = {k: _older(v, plain=plain) for k, v in found.items()}
    if isinstance(properties, dict):
        found["properties"] = {k: _older(v, plain=plain) for k, v in properties.items()}
    return found


def _json(body: bytes) -> Answer:
    return Answer(200, {"content-type": "application/json"}, body)
