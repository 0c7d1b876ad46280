"""create, update, patch and delete: what the API server does to an object on its way into the store."""

import json
from typing import Any

from flux_cli.core import gojson
from flux_cli.core.api import APPLY, JSON_PATCH, MERGE, STRATEGIC
from flux_cli.core.objects import Object, text
from flux_cli.sandbox import admission, deleting, field_checks, options, own_defaults, ownership, patches
from flux_cli.sandbox.call import Answer, Call, answer, decode
from flux_cli.sandbox.catalog import Catalog, Served
from flux_cli.sandbox.conversion import as_served
from flux_cli.sandbox.refusal import Cause, Refusal, bad_request, changed, exists, invalid, not_found
from flux_cli.sandbox.shapes import one
from flux_cli.sandbox.store import Place, Store

NAMESPACES = ("", "namespaces")
OPTIONS = {"create": "CreateOptions", "update": "UpdateOptions", "patch": "PatchOptions"}


def make_namespace(store: Store, name: str) -> None:
    served = Served("", "v1", "namespaces", "Namespace", False)
    obj: Object = {"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": name}}
    admission.fill_new(obj, served)
    store.put(NAMESPACES, ("", name), obj)


def write(store: Store, catalog: Catalog, call: Call, verb: str) -> Answer:
    """One write, under the store's lock from reading the object to storing it."""
    if verb in ("update", "patch") and not call.target.name:
        raise Refusal(405, "the server does not allow this method on the requested resource", details={})
    if verb in OPTIONS:
        options.of_write(call, OPTIONS[verb])
    with store.lock:
        match verb:
            case "create":
                return create(store, call)
            case "update":
                return update(store, call)
            case "patch":
                return patch(store, call)
            case "delete":
                return deleting.delete(store, catalog, call)
            case "deletecollection":
                return deleting.delete_collection(store, catalog, call)
    raise Refusal(405, "the server does not allow this method on the requested resource", details={})


def create(store: Store, call: Call) -> Answer:
    if call.target.name:
        raise Refusal(405, "the server does not allow this method on the requested resource", details={})
    obj = _sent(call)
    return _create(store, call, obj, field_checks.checked(obj, call), lambda new: ownership.updated(None, new, call))


def _create(store: Store, call: Call, obj: Object, warnings: list[str], own: Any) -> Answer:
    new = added(store, call, obj, own)
    return answer(one(as_served(new, call.served), call), 201, warnings + admission.advice(new, None, call.served))


def added(store: Store, call: Call, obj: Object, own: Any) -> Object:
    """Make ``obj`` a new object of the store; ``own`` writes its owners down. Raises Refusal."""
    served = call.served
    admission.name_new(store, obj, call)
    place = (obj["metadata"].get("namespace", ""), obj["metadata"]["name"])
    admission.namespace_open(store, served, place)
    there = store.get(served.key, place)
    if there is not None:
        raise exists(served.group, served.plural, place[1], ending="deletionTimestamp" in there["metadata"])
    admission.fill_new(obj, served)
    admission.validate(obj, None, served)
    admission.quota(store, obj, served)
    own(obj)
    own_defaults.admit(obj, served)
    if not call.dry_run:
        store.put(served.key, place, obj)
    return obj


def update(store: Store, call: Call) -> Answer:
    """PUT: replaces spec and metadata, or with ``/status`` the status alone."""
    served, obj = call.served, _sent(call)
    warnings = field_checks.checked(obj, call)
    place = _place(call)
    if obj["metadata"].get("name") != place[1]:
        raise bad_request(
            f"the name of the object ({obj['metadata'].get('name', '')}) does not match the name on the URL ({place[1]})"
        )
    before = store.get(served.key, place)
    if before is None:
        raise not_found(served.group, served.plural, place[1])
    return _replace(store, call, as_served(before, served), obj, warnings)


def patch(store: Store, call: Call) -> Answer:
    """PATCH in all four kinds; apply makes what is not there."""
    served, place = call.served, _place(call)
    before = store.get(served.key, place)
    kind = call.content_type()
    if kind not in (MERGE, JSON_PATCH, STRATEGIC, APPLY) or (kind == STRATEGIC and served.custom):
        accepted = ", ".join((JSON_PATCH, MERGE, APPLY))
        unknown = f"the body of the request was in an unknown format - accepted media types include: {accepted}"
        raise Refusal(415, unknown) if served.custom else Refusal(415, "415: Unsupported Media Type", details={})
    if kind == APPLY:
        return apply(store, call, before and as_served(before, served), place)
    if before is None:
        raise not_found(served.group, served.plural, place[1])
    before = as_served(before, served)
    document = _document(call, kind)
    after = patches.patched(before, document, kind)
    if kind == STRATEGIC:  # the kind is known before the patch is read
        after |= {"apiVersion": served.api_version, "kind": served.kind}
    elif not served.custom and after.get("apiVersion") != served.api_version:
        raise field_checks.unregistered(after, call)
    admission.identity(after, call)
    return _replace(store, call, before, after, field_checks.checked(after, call, patch=document if kind == STRATEGIC else after))


def _document(call: Call, kind: str) -> Any:
    """What is in a patch's body. Raises 400."""
    text = (call.request.body or b"").decode("utf-8", "replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        said = gojson.unreadable(text)
        raise bad_request(said if kind == STRATEGIC else f"error decoding patch: {said}") from None


def apply(store: Store, call: Call, before: Object | None, place: Place) -> Answer:
    """Server-side apply: create or merge, in the name of a field manager. Raises Refusal, 409 for fields of others."""
    if not call.query.get("fieldManager"):
        raise Refusal(
            422,
            'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
            details={
                "group": "meta.k8s.io",
                "kind": "PatchOptions",
                "causes": [
                    {
                        "reason": "FieldValueRequired",
                        "message": "Required value: is required for apply patch",
                        "field": "fieldManager",
                    }
                ],
            },
        )
    config = decode(call.request.body, call.content_type())
    if not isinstance(config, dict):
        raise bad_request("error decoding YAML: the body is not an object")
    metadata = config.setdefault("metadata", {})
    if before is None and call.target.subresource:
        raise not_found(call.served.group, call.served.plural, place[1])
    metadata.setdefault("name", place[1])
    field_checks.declared(config, call)
    if place[0]:
        metadata.setdefault("namespace", place[0])
    admission.identity(config, call)
    warnings = field_checks.checked(config, call)
    after, own = ownership.applied(before, config, call)
    if before is None:
        return _create(store, call, after, warnings, own)
    return _replace(store, call, before, after, warnings, own)


def _replace(store: Store, call: Call, before: Object, after: Object, warnings: list[str], own: Any = None) -> Answer:
    new = replaced(store, call, before, after, own)
    return answer(one(as_served(new, call.served), call), 200, warnings + admission.advice(new, before, call.served))


def replaced(store: Store, call: Call, before: Object, after: Object, own: Any = None) -> Object:
    """Put ``after`` in the place of ``before``, unless they are the same. Raises Refusal."""
    served, place = call.served, _place(call)
    wanted = text(after, "metadata.resourceVersion")
    if wanted and wanted != before["metadata"]["resourceVersion"]:
        raise changed(served.group, served.plural, place[1])
    uid = text(after, "metadata.uid")
    if uid and uid != before["metadata"].get("uid", uid) and call.request.method == "PATCH":
        cause = Cause("FieldValueInvalid", "metadata.uid", f'Invalid value: "{uid}": field is immutable')
        raise invalid(served.group, served.kind, place[1], [cause, cause])  # twice, as the server does
    if uid and uid != before["metadata"].get("uid", uid):
        raise changed(
            served.group,
            served.plural,
            place[1],
            f"Precondition failed: UID in precondition: {uid}, UID in object meta: {before['metadata']['uid']}",
        )
    admission.fill_update(after, before, call)
    admission.validate(after, before, served, call.target.subresource)
    (own or (lambda new: ownership.updated(before, new, call)))(after)
    after["metadata"]["resourceVersion"] = before["metadata"].get("resourceVersion", "")
    if _same(before, after):
        return before
    if not call.dry_run:
        if after["metadata"].get("deletionTimestamp") and not after["metadata"].get("finalizers"):
            deleting.finish(store, served, place, after)
        else:
            store.put(served.key, place, after)
    return after


def _same(before: Object, after: Object) -> bool:
    """True where nothing but the times of managedFields differs: such a write is none, and tells no watch."""

    def bare(obj: Object) -> Object:
        managed = [{k: v for k, v in entry.items() if k != "time"} for entry in obj["metadata"].get("managedFields") or []]
        return obj | {"metadata": obj["metadata"] | {"managedFields": managed}}

    return bare(before) == bare(after)


def _place(call: Call) -> Place:
    return call.target.namespace, call.target.name


def _sent(call: Call) -> Object:
    """The object in the body, which must be of the path's kind and namespace. Raises 400."""
    if not call.request.body:
        why = "couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)"
        raise bad_request(f"the object provided is unrecognized (must be of type {call.served.kind}): {why}")
    obj = decode(call.request.body, call.content_type())
    if not isinstance(obj, dict) or not isinstance(obj.get("metadata", {}), dict):
        raise bad_request("couldn't get version/kind; json parse error: json: cannot unmarshal into an object")
    if not obj.get("metadata"):
        obj["metadata"] = {}
    return admission.addressed(obj, call)
