"""delete: finalizers, preconditions, what an owner takes along, and namespaces with all that is in them."""

from typing import Any

from flux_cli.core.objects import Object, dig, items, text
from flux_cli.sandbox import options
from flux_cli.sandbox.call import Answer, Call, answer, decode
from flux_cli.sandbox.catalog import Catalog, Served
from flux_cli.sandbox.conversion import as_served
from flux_cli.sandbox.own_kinds import SHOWN_WHEN_DELETED
from flux_cli.sandbox.reading import matching
from flux_cli.sandbox.refusal import changed, not_found
from flux_cli.sandbox.shapes import many, one
from flux_cli.sandbox.stamps import now
from flux_cli.sandbox.store import Key, Place, Store


def delete(store: Store, catalog: Catalog, call: Call) -> Answer:
    """The answer is a Status of success, or the object where it goes on to exist (and for a few kinds that show it)."""
    served, place, asked = call.served, (call.target.namespace, call.target.name), _options(call)
    before = store.get(served.key, place)
    if before is None:
        raise not_found(served.group, served.plural, place[1])
    _preconditions(asked, before, call)
    after = before if call.dry_run else remove(store, catalog, served.key, place, _policy(asked))
    if after is not None and not (call.dry_run and not _shown(served)):
        return answer(one(as_served(after, served), call))
    if _shown(served):
        return answer(one(as_served(_marked(before) if served.key == ("", "pods") else before, served), call))
    found = (
        {"name": place[1]}
        | ({"group": served.group} if served.group else {})
        | {"kind": served.plural, "uid": before["metadata"].get("uid", "")}
    )
    return answer({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": found})


def _shown(served: Served) -> bool:
    return served.key in SHOWN_WHEN_DELETED or served.key == ("", "namespaces")


def delete_collection(store: Store, catalog: Catalog, call: Call) -> Answer:
    policy = _policy(_options(call))
    found = [as_served(obj, call.served) for obj in matching(store.objects(call.served.key, call.target.namespace), call)]
    for obj in found if not call.dry_run else ():
        remove(store, catalog, call.served.key, _place(obj), policy)
    return answer(many(found, {"resourceVersion": str(store.version)}, call))


def remove(store: Store, catalog: Catalog, key: Key, place: Place, policy: str = "") -> Object | None:
    """Delete an object; the object as it is left where finalizers or a namespace's content hold it, else None."""
    obj = store.get(key, place)
    if obj is None:
        return None
    if key == ("", "namespaces"):
        return _remove_namespace(store, catalog, obj)
    if policy == "Foreground":
        _collect(store, catalog, obj)
    if policy == "Orphan":
        _orphan(store, obj)
    obj = store.get(key, place) or obj
    if obj["metadata"].get("finalizers"):
        return _mark(store, key, place, obj)
    finish(store, None, place, obj, key=key)
    return None


def _mark(store: Store, key: Key, place: Place, obj: Object) -> Object:
    if obj["metadata"].get("deletionTimestamp"):
        return obj
    return store.put(key, place, _marked(obj))


def _marked(obj: Object) -> Object:
    """The object as one that is going."""
    metadata = obj["metadata"] | {"deletionTimestamp": now(), "deletionGracePeriodSeconds": 0}
    if "generation" in metadata:
        metadata["generation"] += 1
    return obj | {"metadata": metadata}


def finish(store: Store, served: Served | None, place: Place, last: Object, *, key: Key | None = None) -> None:
    """The object is gone for good: what it owned goes too, and a namespace that waited for it."""
    where = key or (served.key if served else ("", ""))
    store.remove(where, place)
    _collect(store, None, last)
    if where == ("apiextensions.k8s.io", "customresourcedefinitions"):
        for obj in store.objects((text(last, "spec.group"), text(last, "spec.names.plural"))):
            remove(store, _NONE, (text(last, "spec.group"), text(last, "spec.names.plural")), _place(obj))
    namespace = store.get(("", "namespaces"), ("", place[0])) if place[0] else None
    if namespace and namespace["metadata"].get("deletionTimestamp") and not _content(store, place[0]):
        store.remove(("", "namespaces"), ("", place[0]))


_NONE: Any = None  # removing needs the catalog only to pass it on


def _collect(store: Store, catalog: Catalog | None, owner: Object) -> None:
    """Remove what names ``owner`` as its last owner; take it off the list of those that have another."""
    uid = owner["metadata"].get("uid")
    if not uid:
        return
    for key in list(store.keys()):
        for obj in store.objects(key):
            references = items(obj, "metadata.ownerReferences")
            if not any(r.get("uid") == uid for r in references):
                continue
            left = [r for r in references if r.get("uid") != uid]
            if left:
                store.put(key, _place(obj), obj | {"metadata": obj["metadata"] | {"ownerReferences": left}})
            else:
                remove(store, catalog or _NONE, key, _place(obj))


def _orphan(store: Store, owner: Object) -> None:
    uid = owner["metadata"].get("uid")
    for key in list(store.keys()):
        for obj in store.objects(key):
            references = items(obj, "metadata.ownerReferences")
            if any(r.get("uid") == uid for r in references):
                metadata = {k: v for k, v in obj["metadata"].items() if k != "ownerReferences"}
                left = [r for r in references if r.get("uid") != uid]
                store.put(key, _place(obj), obj | {"metadata": metadata | ({"ownerReferences": left} if left else {})})


def _remove_namespace(store: Store, catalog: Catalog, obj: Object) -> Object:
    """Terminating first, then its content goes, then it does; held by content that has finalizers."""
    name = obj["metadata"]["name"]
    if not obj["metadata"].get("deletionTimestamp"):
        metadata = obj["metadata"] | {"deletionTimestamp": now()}
        obj = store.put(("", "namespaces"), ("", name), obj | {"metadata": metadata, "status": {"phase": "Terminating"}})
    for key, place in _content(store, name):
        remove(store, catalog, key, place)
    if not _content(store, name):
        store.remove(("", "namespaces"), ("", name))
    return obj


def _content(store: Store, namespace: str) -> list[tuple[Key, Place]]:
    return [(key, _place(obj)) for key in list(store.keys()) for obj in store.objects(key, namespace)]


def _place(obj: Object) -> Place:
    return obj["metadata"].get("namespace", ""), obj["metadata"]["name"]


def _options(call: Call) -> Object:
    """DeleteOptions of the body, and those of the query. Raises 400 and 422."""
    body = decode(call.request.body, call.content_type()) if call.request.body else {}
    found: Object = body if isinstance(body, dict) else {}
    for name in ("propagationPolicy", "gracePeriodSeconds"):
        if name in call.query:
            found[name] = call.query[name]
    if "dryRun" in call.query:
        found["dryRun"] = [call.query["dryRun"]]
    options.of_delete(found)
    if found.get("dryRun"):
        call.query["dryRun"] = "All"
    return found


def _policy(asked: Object) -> str:
    return "Orphan" if asked.get("orphanDependents") is True else text(asked, "propagationPolicy")


def _preconditions(options: Object, obj: Object, call: Call) -> None:
    for field, word in (("uid", "UID"), ("resourceVersion", "ResourceVersion")):
        wanted, is_ = dig(options, f"preconditions.{field}"), obj["metadata"].get(field)
        if wanted and wanted != is_:
            why = (
                f"the {word} in the precondition ({wanted}) does not match the {word} in record ({is_}). "
                "The object might have been deleted and then recreated"
            )
            raise changed(call.served.group, call.served.kind, call.target.name, why)
