"""What is filled in and refused before an object is stored, whatever its kind."""

import random
import uuid
from typing import Any

from flux_cli.core import kubenames
from flux_cli.core.objects import Object, dig, text
from flux_cli.core.text import go_quote
from flux_cli.sandbox import own_checks, own_defaults, own_kinds, schema
from flux_cli.sandbox.call import Call
from flux_cli.sandbox.catalog import Served
from flux_cli.sandbox.copying import copied
from flux_cli.sandbox.refusal import NO_REASON, Cause, Refusal, bad_request, details, invalid, not_found, of, refused
from flux_cli.sandbox.stamps import now
from flux_cli.sandbox.store import Place, Store

KEPT = (
    "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation",
    "selfLink", "generateName",
)  # fmt: skip
ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
LABEL_NAMES = {("", "namespaces"), ("", "services")}
WHOLE = ("ephemeralcontainers", "resize", "finalize")  # subresources by which the object itself is changed, not its status
FREE_NAMES = ("rbac.authorization.k8s.io",)  # groups whose names may hold colons


def addressed(obj: Object, call: Call) -> Object:
    """The object with the path's kind, version and namespace; 400 where it says others."""
    served, target = call.served, call.target
    version, kind = obj.setdefault("apiVersion", served.api_version), obj.setdefault("kind", served.kind)
    if (version, kind) != (served.api_version, served.kind):
        raise bad_request(
            f'{kind} in version "{version.rpartition("/")[2]}" cannot be handled as a {served.kind}: the API version in the data '
            f"({version}) does not match the expected API version ({served.api_version})"
            if kind == served.kind
            else _other_kind(version, kind, served)
        )
    metadata = obj["metadata"]
    if served.namespaced:
        given = metadata.setdefault("namespace", target.namespace)
        if given != target.namespace:
            raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
    else:
        metadata.pop("namespace", None)
    return obj


def _other_kind(version: str, kind: str, served: Served) -> str:
    if served.custom:
        return f"the object provided is unrecognized (must be of type {served.kind}): got {version}, Kind={kind}"
    group, _, short = version.rpartition("/")
    return (
        f'{kind} in version "{short}" cannot be handled as a {served.kind}: converting ({group}{short}.{kind}) to '
        f"({served.group or 'core'}.{served.kind}): unknown conversion"
    )


def identity(after: Object, call: Call) -> None:
    """A patch may not make another object of it. Raises 400 and 422."""
    metadata, target = after.get("metadata"), call.target
    if not isinstance(metadata, dict) or not metadata.get("name"):
        raise bad_request(f"the name of the object ({target.name} based on URL) was undeterminable: name must be provided")
    if metadata.get("name") != target.name:
        raise bad_request(
            f"the name of the object ({metadata.get('name', '')}) does not match the name on the URL ({target.name})"
        )
    served, kind, version = call.served, after.get("kind"), after.get("apiVersion")
    for field, found, wanted in (("kind", kind, served.kind), ("apiVersion", version, served.api_version)):
        if served.custom and found != wanted:
            cause = Cause("FieldValueInvalid", field, f"Invalid value: {go_quote(str(found))}: must be {wanted}")
            raise invalid(served.group, str(kind), target.name, [cause])
    addressed(after, call)


def name_new(store: Store, obj: Object, call: Call) -> None:
    """The name of a new object, made from ``generateName`` where it has none."""
    metadata, served = obj["metadata"], call.served
    prefix = metadata.get("generateName", "")
    while not metadata.get("name") and prefix:
        name = prefix[:58] + "".join(random.choices(ALPHABET, k=5))
        if store.get(served.key, (metadata.get("namespace", ""), name)) is None:
            metadata["name"] = name
    if not metadata.get("name"):
        cause = Cause("FieldValueRequired", "metadata.name", "Required value: name or generateName is required")
        raise invalid(served.group, served.kind, "", [cause])
    if metadata.get("resourceVersion"):
        raise Refusal(500, "resourceVersion should not be set on objects to be created", reason=NO_REASON)


def namespace_open(store: Store, served: Served, place: Place) -> None:
    """404 where the namespace does not exist, 403 where it is ending."""
    if not served.namespaced:
        return
    namespace = store.get(("", "namespaces"), ("", place[0]))
    if namespace is None:
        raise not_found("", "namespaces", place[0])
    if namespace["metadata"].get("deletionTimestamp"):
        cause = {
            "reason": "NamespaceTerminating",
            "message": f"namespace {place[0]} is being terminated",
            "field": "metadata.namespace",
        }
        why = f"unable to create new content in namespace {place[0]} because it is being terminated"
        message = f'{of(served.group, served.plural)} "{place[1]}" is forbidden: {why}'
        raise Refusal(403, message, details=details(served.group, served.plural, place[1], causes=[cause]))


def fill_new(obj: Object, served: Served) -> None:
    """What the server sets on every new object; a client's status is dropped where status is a subresource."""
    metadata = obj["metadata"]
    for key in (
        "uid",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "resourceVersion",
        "selfLink",
        "generation",
    ):
        metadata.pop(key, None)
    if served.custom or (served.group, served.plural) in own_kinds.COUNTED:
        metadata["generation"] = 1
    tidy(metadata)
    metadata |= {"uid": str(uuid.uuid4()), "creationTimestamp": now()}
    if "status" in served.subresources:
        obj.pop("status", None)
    own_defaults.fill(obj, served)
    if served.schema:
        schema.default(obj, served.schema)


def tidy(metadata: Object) -> None:
    """An empty map or list of metadata is none."""
    for key in ("labels", "annotations", "finalizers", "ownerReferences"):
        if key in metadata and not metadata[key]:
            del metadata[key]


def fill_update(after: Object, before: Object, call: Call) -> None:
    """What an update may not touch stays as it was; ``generation`` counts changes of what is wanted."""
    served, old = call.served, before["metadata"]
    if call.target.subresource in ("", *WHOLE):
        if "status" in served.subresources:
            after.pop("status", None)
            if "status" in before:
                after["status"] = before["status"]
    else:
        status, managed = after.get("status"), after["metadata"].get("managedFields")
        keep = copied({k: v for k, v in before.items() if k != "status"})
        after.clear()
        after |= keep
        if managed is not None:
            after["metadata"]["managedFields"] = managed
        if status is not None:
            after["status"] = status
    metadata = after["metadata"]
    tidy(metadata)
    for key in KEPT:
        metadata.pop(key, None)
        if key in old:
            metadata[key] = old[key]
    if served.schema:
        schema.default(after, served.schema)
    if call.target.subresource in ("", *WHOLE):
        own_defaults.fill(after, served, before)
        if "generation" in old and _wanted(after, served) != _wanted(before, served):
            metadata["generation"] = old["generation"] + 1


def _wanted(obj: Object, served: Served) -> Object:
    """What counts for ``generation``: all but metadata and, where it is a subresource, status."""
    left = ("metadata", "status", "apiVersion", "kind") if "status" in served.subresources or not served.custom else ("metadata",)
    return {k: v for k, v in obj.items() if k not in left}


def validate(obj: Object, before: Object | None, served: Served, subresource: str = "") -> None:
    """422 with everything that is wrong."""
    causes = _names(obj, served) if before is None else []
    causes += _metadata(obj["metadata"], before, own=not served.custom)
    if served.schema and (before is None or not subresource or obj.get("status") != before.get("status")):
        causes += schema.problems(obj, served.schema)
    if subresource != "status":  # of a status the server judges the status alone
        causes += own_checks.problems(obj, before, served)
    if causes:
        raise invalid(served.group, served.kind, obj["metadata"]["name"], causes)


def _names(obj: Object, served: Served) -> list[Cause]:
    name = str(obj["metadata"]["name"])
    if served.group in FREE_NAMES:
        return []
    wrong = kubenames.label(name) if served.key in LABEL_NAMES else kubenames.subdomain(name)
    return [_invalid("metadata.name", name, why) for why in wrong]


STANDARD_FINALIZERS = ("orphan", "foregroundDeletion", "kubernetes")


def _metadata(metadata: Any, before: Object | None, *, own: bool) -> list[Cause]:
    causes = []
    for field in ("labels", "annotations"):
        for key, value in (dig(metadata, field, {}) or {}).items():
            wrong = [(key, why) for why in kubenames.qualified_name(key if field == "labels" else key.lower())]
            if field == "labels":
                wrong += [(value, why) for why in kubenames.label_value(str(value))]
            causes += [_invalid(f"metadata.{field}", *each) for each in wrong]
    for index, finalizer in enumerate(metadata.get("finalizers") or ()):
        field = f"metadata.finalizers[{index}]"
        causes += [_invalid(field, finalizer, why) for why in kubenames.qualified_name(finalizer)]
        if own and "/" not in finalizer and finalizer not in STANDARD_FINALIZERS:
            causes.append(_invalid(field, finalizer, "name is neither a standard finalizer name nor is it fully qualified"))
    return causes + _owners(metadata) + _no_more_finalizers(metadata, before)


def advice(obj: Object, before: Object | None, served: Served) -> list[str]:
    """Warnings about what is allowed all the same: finalizers of custom kinds that are not fully qualified."""
    known = (before["metadata"] if before else {}).get("finalizers") or ()
    new = [name for name in obj["metadata"].get("finalizers") or () if "/" not in name and name not in known]
    why = (
        "prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers"
    )
    return [f"metadata.finalizers: {go_quote(name)}: {why}" for name in new if served.custom and name not in STANDARD_FINALIZERS]


def _owners(metadata: Object) -> list[Cause]:
    causes = []
    for owner in metadata.get("ownerReferences") or ():
        for field, why in (
            ("apiVersion", "version must not be empty"),
            ("kind", "must not be empty"),
            ("name", "must not be empty"),
            ("uid", "must not be empty"),
        ):
            if not text(owner, field):
                causes.append(_invalid(f"metadata.ownerReferences.{field}", "", why))
    return causes


def _no_more_finalizers(metadata: Object, before: Object | None) -> list[Cause]:
    """What is going away takes no new finalizers."""
    old = before["metadata"] if before else {}
    new = sorted(set(metadata.get("finalizers") or ()) - set(old.get("finalizers") or ()))
    if not new or not old.get("deletionTimestamp"):
        return []
    shown = ", ".join(go_quote(finalizer) for finalizer in new)
    why = f"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{shown}}}"
    return [Cause("FieldValueForbidden", "metadata.finalizers", f"Forbidden: {why}")] * 2  # twice, as the server does


def _invalid(field: str, value: Any, why: str) -> Cause:
    return Cause("FieldValueInvalid", field, f"Invalid value: {go_quote(str(value))}: {why}")


def quota(store: Store, obj: Object, served: Served) -> None:
    """403 where a ResourceQuota counts this kind and is used up."""
    namespace = obj["metadata"].get("namespace", "")
    what = of(served.group, served.plural)
    for limit in store.objects(("", "resourcequotas"), namespace) if namespace else ():
        hard = dig(limit, "spec.hard", {})
        for name in (what, f"count/{what}"):
            used = len(store.objects(served.key, namespace))
            if str(hard.get(name, "")).isdigit() and used + 1 > int(hard[name]):
                counts = f"requested: {name}=1, used: {name}={used}, limited: {name}={hard[name]}"
                why = f"exceeded quota: {text(limit, 'metadata.name')}, {counts}"
                raise refused(served.group, served.plural, text(obj, "metadata.name"), why)
