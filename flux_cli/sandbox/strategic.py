"""Kubernetes' strategic merge: lists of objects that have a key are merged by it; the ``$`` directives are obeyed.

Order is that of apimachinery: what the patch names comes first, but for what stood before it on the server already.
"""

from typing import Any

from flux_cli.core import gojson
from flux_cli.core.objects import Object
from flux_cli.sandbox import merge_keys
from flux_cli.sandbox.copying import copied
from flux_cli.sandbox.refusal import NO_REASON, Refusal

ORDER, REMOVE, RETAIN = "$setElementOrder/", "$deleteFromPrimitiveList/", "$retainKeys"


def merge(before: Object, patch: Object) -> Object:
    """``before`` with the patch; neither is touched. Raises 500 on an entry without the key of its list."""
    out: Object = _merged(before, patch)
    if isinstance(out.get("metadata"), dict):
        out["metadata"] = dict(out["metadata"])
    return out


def _merged(before: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return copied(patch)
    directive = patch.get("$patch")
    if directive == "delete":
        return {}
    body = {k: v for k, v in patch.items() if not k.startswith("$")}
    if directive == "replace":
        return copied(body)
    out = _reduced(before if isinstance(before, dict) else {}, patch)
    for key, value in body.items():
        if value is None:
            out.pop(key, None)
        elif isinstance(value, list):
            out[key] = _list(out.get(key), value, key, patch.get(ORDER + key))
        else:
            out[key] = _merged(out.get(key), value)
    for key, order in patch.items():
        name = key.removeprefix(ORDER)
        if key.startswith(ORDER) and isinstance(order, list) and name not in body and isinstance(out.get(name), list):
            out[name] = _list(out[name], [], name, order)
    return out


def _reduced(before: Object, patch: Object) -> Object:
    """A copy without what the patch's directives take away."""
    out = dict(before)
    for key, value in patch.items():
        if key.startswith(REMOVE) and isinstance(value, list):
            name = key.removeprefix(REMOVE)
            if isinstance(out.get(name), list):
                out[name] = [entry for entry in out[name] if entry not in value]
        elif key.startswith(RETAIN) and isinstance(value, list):
            out = {k: v for k, v in out.items() if k in value}
    return out


def _list(before: Any, patch: list[Any], field: str, order: Any) -> list[Any]:
    known = before if isinstance(before, list) else []
    if any(isinstance(e, dict) and e.get("$patch") == "replace" for e in patch):
        return [copied(e) for e in patch if not (isinstance(e, dict) and e.get("$patch") == "replace")]
    if field in merge_keys.SETS:
        given = [e for e in patch if e not in known]
        return _ordered([*known, *given], order if isinstance(order, list) else patch, known, "")
    key = merge_keys.strategic(field, patch or known)
    if not key:
        return [copied(e) for e in patch] if patch or order is None else known
    _need(key, patch)
    out = {e.get(key): e for e in known if isinstance(e, dict)}
    for entry in patch:
        if entry.get("$patch") == "delete":
            out.pop(entry[key], None)
        else:
            out[entry[key]] = _merged(out.get(entry[key], {}), entry)
    kept = [e for e in patch if "$patch" not in e]
    return _ordered(list(out.values()), order if isinstance(order, list) else kept, known, key)


def _need(key: str, patch: list[Any]) -> None:
    missing = next((e for e in patch if key not in e), None)
    if missing is not None:
        raise Refusal(500, f"map: {gojson.printed(missing)} does not contain declared merge key: {key}", reason=NO_REASON)


def _ordered(found: list[Any], named: list[Any], known: list[Any], key: str) -> list[Any]:
    """``found``, in two orders woven into one: what ``named`` names in its order, the rest as on the server."""

    def mark(entry: Any) -> Any:
        return entry.get(key) if key and isinstance(entry, dict) else entry

    wanted, there = [mark(e) for e in named], [mark(e) for e in known]
    left = [e for e in found if mark(e) not in wanted]
    right = sorted((e for e in found if mark(e) in wanted), key=lambda e: wanted.index(mark(e)))
    out = []
    while left and right:
        rest, mine = mark(left[0]), mark(right[0])
        first = rest in there and mine in there and there.index(rest) < there.index(mine)
        out.append(left.pop(0) if first else right.pop(0))
    return out + left + right
