"""get and list: selectors, pages at one resource version, and the shapes that clients ask for."""

import base64
import json

from flux_cli.core import gojson
from flux_cli.core.objects import Object
from flux_cli.sandbox import options, selectors, shapes
from flux_cli.sandbox.call import Answer, Call, answer
from flux_cli.sandbox.conversion import as_served
from flux_cli.sandbox.own_kinds import DEPRECATED
from flux_cli.sandbox.refusal import NO_REASON, Refusal, bad_request, not_found
from flux_cli.sandbox.store import Store

TOO_OLD = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without the "
    "continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with "
    "the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the "
    "first chunk was returned and now may show up in the list."
)


def get(store: Store, call: Call) -> Answer:
    target, version = call.target, call.query.get("resourceVersion", "")
    if version and not version.isdigit():
        raise Refusal(500, unreadable_version(version), reason=NO_REASON)
    found = store.get(target.served.key, (target.namespace, target.name))
    if found is None:
        raise not_found(target.served.group, target.served.plural, target.name)
    return answer(shapes.one(as_served(found, target.served), call), warnings=DEPRECATED.get(target.served.key, ()))


def unreadable_version(version: str) -> str:
    return f'resourceVersion: Invalid value: "{version}": strconv.ParseUint: parsing "{version}": invalid syntax'


def list_objects(store: Store, call: Call) -> Answer:
    """A page of the objects that match. Every page of a list shows the state at the first page's resource version."""
    options.of_list(call)
    call.number("timeoutSeconds")  # says nothing here, but must be one
    limit, token, served = call.number("limit"), call.query.get("continue", ""), call.served
    with store.lock:
        version, start = store.version, ""
        found = store.objects(served.key, call.target.namespace)
        if token:
            version, start = _read(token)
            version = version if version >= 0 else store.version
            found = _as_it_was(store, call, version)
        elif call.query.get(options.MATCH) == options.EXACT:
            _not_in_the_future(call, version)
            version = int(call.query["resourceVersion"])
            found = _as_it_was(store, call, version)
        else:
            _not_in_the_future(call, version)
    found = [as_served(obj, served) for obj in matching(found, call)]
    if start:
        found = [obj for obj in found if _position(obj) > start]
    metadata: Object = {"continue": ""} if served.custom and not shapes.asked(call) else {}
    metadata["resourceVersion"] = str(version)
    if 0 < limit < len(found):
        metadata["continue"] = _token(version, _position(found[limit - 1]))
        if not call.query.get("labelSelector") and not call.query.get("fieldSelector"):
            metadata["remainingItemCount"] = len(found) - limit
        found = found[:limit]
    return answer(shapes.many(found, metadata, call), warnings=DEPRECATED.get(served.key, ()))


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
    if changes is None and "continue" in call.query:
        raise Expired(_token(-1, _read(call.query["continue"])[1]))
    if changes is None:
        raise Refusal(410, "The resourceVersion for the provided list is too old.")
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
    except (ValueError, KeyError, TypeError):
        raise bad_request(f"invalid continue token: continue key is not valid: {_why_unreadable(token)}") from None


def _why_unreadable(token: str) -> str:
    try:
        return gojson.unreadable(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("latin-1"))
    except ValueError as err:
        return str(err)


def _not_in_the_future(call: Call, version: int) -> None:
    wanted = call.query.get("resourceVersion", "")
    if wanted and not wanted.isdigit():
        raise bad_request(f"invalid resource version: {unreadable_version(wanted)}")
    if wanted and int(wanted) > version:
        cause = [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}]
        details = {"causes": cause, "retryAfterSeconds": 1}
        raise Refusal(
            504, f"Too large resource version: {wanted}, current: {version}", details=details, headers={"retry-after": "1"}
        )
