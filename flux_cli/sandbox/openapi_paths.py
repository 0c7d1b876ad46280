"""The paths of OpenAPI documents: what may be asked of a resource, derived from what is served."""

from collections.abc import Iterator

from flux_cli.core.api import APPLY, JSON_PATCH, MERGE, STRATEGIC
from flux_cli.core.objects import Object
from flux_cli.sandbox.catalog import Catalog, Served, response_kind
from flux_cli.sandbox.own_kinds import SHOWN_WHEN_DELETED
from flux_cli.sandbox.own_schemas import META

WRITES = ("dryRun", "fieldManager", "fieldValidation")
SELECTS = ("continue", "fieldSelector", "labelSelector", "limit", "resourceVersion", "resourceVersionMatch", "sendInitialEvents")
REMOVES = ("dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy")
WATCHES = ("allowWatchBookmarks", *SELECTS, "timeoutSeconds", "watch")
LOGS = ("container", "follow", "limitBytes", "previous", "sinceSeconds", "tailLines", "timestamps")
NUMBERS = {"gracePeriodSeconds", "limit", "limitBytes", "sinceSeconds", "tailLines", "timeoutSeconds"}
FLAGS = {"allowWatchBookmarks", "follow", "force", "orphanDependents", "previous", "sendInitialEvents", "timestamps", "watch"}
CONNECTS = ("get", "post", "put", "patch", "delete")
VERBS = {"get": "get", "post": "create", "put": "update", "patch": "patch", "delete": "delete"}
WORDS = {"get": "read", "post": "create", "put": "replace", "patch": "patch", "delete": "delete"}


def root(group: str, version: str) -> str:
    return f"apis/{group}/{version}" if group else f"api/{version}"


def paths(catalog: Catalog, group: str, version: str, names: dict[tuple[str, str, str], str]) -> Object:
    """The path items of a group and version. ``names``: schemas by (group, version, kind)."""
    base = f"/{root(group, version)}"
    listed = {"200": _done(f"{META}.APIResourceList")}
    found: Object = {}
    for served in catalog.within(group, version):
        if not served.custom:
            found[f"{base}/"] = {"get": {"operationId": f"get{_place(group, version)}APIResources", "responses": listed}}
        about = _About(served, names)
        scope = f"{base}/namespaces/{{namespace}}" if served.namespaced else base
        found |= dict(_items(about, base, scope))
    return dict(sorted(found.items()))


def _place(group: str, version: str) -> str:
    """``RbacAuthorizationV1``: how the names of operations begin."""
    short = group.removesuffix(".k8s.io") or "core"
    return "".join(part[:1].upper() + part[1:] for part in (*short.split("."), version))


class _About:
    """A resource, with the words that its operations need."""

    def __init__(self, served: Served, names: dict[tuple[str, str, str], str]) -> None:
        self.served = served
        self.names = names
        self.place = _place(served.group, served.version)
        self.scope = "Namespaced" if served.namespaced else ""
        self.kind = (served.group, served.version, served.kind)

    def schema(self, kind: tuple[str, str, str]) -> str:
        return self.names.get(kind, "")


def _items(about: _About, base: str, scope: str) -> Iterator[tuple[str, Object]]:
    served = about.served
    shared = ["namespace"] if served.namespaced else []
    whole = f"{scope}/{served.plural}"
    if collection := dict(_collection(about)):
        yield whole, _item(collection, shared)
        if served.namespaced and "list" in served.verbs:
            yield f"{base}/{served.plural}", _item({"get": _list(about, f"{served.kind}ForAllNamespaces")}, [])
    if one := dict(_one(about, "", served.verbs, about.kind)):
        yield f"{whole}/{{name}}", _item(one, ["name", *shared])
    for name, verbs in served.subresources.items():
        operations = dict(_one(about, name, verbs, response_kind(served, name)))
        yield f"{whole}/{{name}}/{name}", _item(operations, ["name", *shared])


def _item(operations: Object, shared: list[str]) -> Object:
    there = [{"name": name, "in": "path", "required": True, "schema": {"type": "string", "uniqueItems": True}} for name in shared]
    return operations | {"parameters": [*there, *_parameters("pretty")]}


def _collection(about: _About) -> Iterator[tuple[str, Object]]:
    served = about.served
    if "list" in served.verbs:
        yield "get", _list(about, about.scope + served.kind)
    if "create" in served.verbs:
        name = f"create{about.place}{about.scope}{served.kind}"
        yield "post", _operation(about, name, "post", about.kind, WRITES)
    if "deletecollection" in served.verbs:
        name = f"delete{about.place}Collection{about.scope}{served.kind}"
        yield "delete", _operation(about, name, "deletecollection", about.kind, (*SELECTS, *REMOVES))


def _list(about: _About, what: str) -> Object:
    return _operation(about, f"list{about.place}{what}", "list", about.kind, WATCHES)


def _one(about: _About, sub: str, verbs: tuple[str, ...], kind: tuple[str, str, str]) -> Iterator[tuple[str, Object]]:
    what = f"{about.scope}{about.served.kind}{sub[:1].upper()}{sub[1:]}"
    for method in CONNECTS:
        if VERBS[method] not in verbs or (method == "post" and not sub):
            continue
        if kind[2].endswith("Options"):  # a connection, not an object
            name = f"connect{about.place}{method.title()}{what}"
            yield method, _operation(about, name, "connect", kind, (), text=True)
            continue
        more = {"post": WRITES, "put": WRITES, "patch": (*WRITES, "force"), "delete": REMOVES}.get(
            method, LOGS if sub == "log" else ()
        )
        yield method, _operation(about, f"{WORDS[method]}{about.place}{what}", method, kind, more, text=sub == "log")


def _operation(
    about: _About, name: str, action: str, kind: tuple[str, str, str], query: tuple[str, ...], *, text: bool = False
) -> Object:
    made: Object = {"operationId": name, "parameters": _parameters(*query)}
    schema = about.schema(kind)
    listed = about.schema((kind[0], kind[1], about.served.list_kind or f"{kind[2]}List"))
    sent = {"patch": f"{META}.Patch", "post": schema, "put": schema, "delete": f"{META}.DeleteOptions"}.get(action, "")
    sent = f"{META}.DeleteOptions" if action == "deletecollection" and not about.served.custom else sent
    if sent:
        types = [JSON_PATCH, MERGE, APPLY, *([] if about.served.custom else [STRATEGIC])] if action == "patch" else ["*/*"]
        made["requestBody"] = {"required": True, "content": {t: {"schema": _reference(sent)} for t in types}}
    shown = action == "delete" and about.served.key in SHOWN_WHEN_DELETED
    removed = f"{META}.Status" if action in ("delete", "deletecollection") and not shown else ""
    answered = listed if action == "list" else removed or schema
    done = {"description": "OK", "content": {"text/plain": {"schema": {"type": "string"}}}} if text else _done(answered)
    named = dict(zip(("group", "version", "kind"), kind, strict=True))
    return made | {"responses": {"200": done}, "x-kubernetes-action": action, "x-kubernetes-group-version-kind": named}


def _done(schema: str) -> Object:
    return {"description": "OK"} | ({"content": {"application/json": {"schema": _reference(schema)}}} if schema else {})


def _reference(name: str) -> Object:
    return {"$ref": f"#/components/schemas/{name}"}


def _parameters(*names: str) -> list[Object]:
    kinds = {name: "integer" if name in NUMBERS else "boolean" if name in FLAGS else "string" for name in names}
    return [{"name": name, "in": "query", "schema": {"type": kind, "uniqueItems": True}} for name, kind in kinds.items()]
