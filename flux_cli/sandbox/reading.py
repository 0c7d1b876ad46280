"""get and list: selectors, pages at one resource version, and the shapes that clients ask for."""

import base64
import json

from flux_cli.core.objects import Object
from flux_cli.sandbox import selectors, shapes
from flux_cli.sandbox.call import Answer, Call, answer
from flux_cli.sandbox.catalog import Served
from flux_cli.sandbox.refusal import Refusal, bad_request, not_found
from flux_cli.sandbox.store import Store

TOO_OLD = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without the "
    "continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with "
    "the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the "
    "first chunk was returned and now may show up in the list."
)


def get(store: Store, call: Call) -> Answer:
    target = call.target
    found = store.get(target.served.key, (target.namespace, target.name))
    if found is None:
        raise not_found(target.served.group, target.served.plural, target.name)
    return answer(shapes.one(as_served(found, target.served), call))


def as_served(obj: Object, served: Served) -> Object:
    """The object at the version that was asked for."""
    if obj.get("apiVersion") == served.api_version and obj.get("kind") == served.kind:
        return obj
    return {"kind": served.kind, "apiVersion": served.api_version} | {
        k: v for k, v in obj.items() if k not in ("kind", "apiVersion")
    }


def list_objects(store: Store, call: Call) -> Answer:
    """A page of the objects that match. Every page of a list shows the state at the first page's resource version."""
    limit, token, served = call.number("limit"), call.query.get("continue", ""), call.served
    with store.lock:
        version, start = store.version, ""
        found = store.objects(served.key, call.target.namespace)
        if token:
            version, start = _read(token)
            version = version if version >= 0 else store.version
            found = _as_it_was(store, call, version)
        else:
            _not_in_the_future(call, version)
    found = [as_served(obj, served) for obj in matching(found, call)]
    if start:
        found = [obj for obj in found if _position(obj) > start]
    metadata: Object = {"continue": ""} if served.custom and not shapes.asked(call) else {}
    metadata["resourceVersion"] = str(version)
    if limit and len(found) > limit:
        metadata["continue"] = _token(version, _position(found[limit - 1]))
        if not call.query.get("labelSelector") and not call.query.get("fieldSelector"):
            metadata["remainingItemCount"] = len(found) - limit
        found = found[:limit]
    return answer(shapes.many(found, metadata, call))


def matching(found: list[Object], call: Call) -> list[Object]:
    """The objects that the call's selectors let through."""
    by_label = selectors.by_labels(call.query.get("labelSelector", ""))
    by_field = selectors.by_fields(call.query.get("fieldSelector", ""), call.served)
    if by_label:
        found = [obj for obj in found if by_label(obj)]
    return [obj for obj in found if by_field(obj)] if by_field else found


def _position(obj: Object) -> str:
    return f"{obj['metadata'].get('namespace', '')}/{obj['metadata']['name']}"


def _as_it_was(store: Store, call: Call, version: int) -> list[Object]:
    """The list at an earlier version: today's, with what was written since undone."""
    changes = store.since(version)
    if changes is None:
        raise Expired(_token(-1, _read(call.query["continue"])[1]))
    state = {
        (o["metadata"].get("namespace", ""), o["metadata"]["name"]): o
        for o in store.objects(call.served.key, call.target.namespace)
    }
    for change in reversed(changes):
        if change.key != call.served.key or (call.target.namespace and change.place[0] != call.target.namespace):
            continue
        if change.before is None:
            state.pop(change.place, None)
        else:
            state[change.place] = change.before
    return [state[place] for place in sorted(state, key="/".join)]


class Expired(Refusal):
    """410 of a page token, with a token that goes on from the same place in the list of now."""

    def __init__(self, token: str) -> None:
        super().__init__(410, TOO_OLD)
        self.token = token

    def body(self) -> Object:
        return super().body() | {"metadata": {"continue": self.token}}


def _token(version: int, start: str) -> str:
    data = {"v": "meta.k8s.io/v1", "rv": version, "start": start + "\0"}
    return base64.urlsafe_b64encode(json.dumps(data, separators=(",", ":")).encode()).rstrip(b"=").decode()


def _read(token: str) -> tuple[int, str]:
    try:
        data = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        return int(data["rv"]), str(data["start"]).rstrip("\0")
    except (ValueError, KeyError, TypeError) as err:
        raise bad_request(f"invalid continue token: continue key is not valid: {err}") from None


def _not_in_the_future(call: Call, version: int) -> None:
    wanted = call.query.get("resourceVersion", "")
    if wanted and not wanted.isdigit():
        raise bad_request(f'resourceVersion: Invalid value: "{wanted}": strconv.ParseUint: parsing "{wanted}": invalid syntax')
    if wanted and int(wanted) > version:
        cause = [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}]
        details = {"causes": cause, "retryAfterSeconds": 1}
        raise Refusal(
            504, f"Too large resource version: {wanted}, current: {version}", details=details, headers={"retry-after": "1"}
        )
