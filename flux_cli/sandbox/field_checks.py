"""Fields that a kind does not have, and values of the wrong type: taken out, warned about or refused, in the server's words."""

import json
import re
from typing import Any

from flux_cli.core import gojson
from flux_cli.core.api import STRATEGIC
from flux_cli.core.objects import Object, text
from flux_cli.core.text import go_quote
from flux_cli.sandbox import merge_keys, own_fields, schema
from flux_cli.sandbox.call import Call
from flux_cli.sandbox.copying import copied
from flux_cli.sandbox.own_fields import Judged
from flux_cli.sandbox.refusal import NO_REASON, Cause, Refusal, bad_request, invalid


def checked(obj: Object, call: Call, *, patch: Object | None = None) -> list[str]:
    """Take unknown fields out, and say so: as warnings, or as a refusal with ``fieldValidation=Strict``. Raises 400 and 422.

    ``patch``: what a patch was read from, the object itself but for strategic merge; refusals show it.
    """
    shown = _shown(obj, patch, call)
    unknown, fault = _judged(obj, call)
    mode = call.query.get("fieldValidation", "Warn")
    said = [f'unknown field "{path}"' for path in unknown] if mode != "Ignore" else []
    if fault or (said and mode == "Strict"):
        strategic = call.content_type() == STRATEGIC
        words = (fault.unconverted() if strategic else str(fault)) if fault else "strict decoding error: " + ", ".join(said)
        raise _undecodable(call, words, shown)
    return said


def unregistered(obj: Object, call: Call) -> Refusal:
    """422: a patch that changes the version of one of the server's own kinds."""
    kind, version = text(obj, "kind"), text(obj, "apiVersion")
    words = f'no kind "{kind}" is registered for version "{version}" in scheme "pkg/runtime/scheme.go:111"'
    return _undecodable(call, words, _shown(obj, obj, call))


def declared(config: Object, call: Call) -> None:
    """Apply wants every field to be one of the kind's. Raises 500, as the server does."""
    if call.served.custom:
        return
    unknown, fault = _judged(copied(config), call)
    wrong = f"{_apply_path(config, unknown[0])}: field not declared in schema" if unknown else ""
    if fault and not wrong:
        wrong = f"{_apply_path(config, fault.path)}: {fault.untyped()}"
    wrong = wrong or _twice(config, "", "")
    if wrong:
        place = f"{text(config, 'metadata.namespace')}/{text(config, 'metadata.name')}"
        what = f"{place}; {call.served.group}/{call.served.version}, Kind={call.served.kind}"
        raise Refusal(500, f"failed to create typed patch object ({what}): {wrong}", reason=NO_REASON)


def _judged(obj: Object, call: Call) -> Judged:
    own = None if call.served.schema else own_fields.judge(obj, call.served.api_version, call.served.kind)
    if own is not None:
        return own
    unknown = schema.prune(obj, call.served.schema) if call.served.schema else []
    return Judged(unknown, own_fields.metadata_fault(obj.get("metadata") or {}))


def _shown(obj: Object, patch: Object | None, call: Call) -> str:
    """A patch as messages show it; empty where there is none."""
    if patch is None or call.served.custom:
        return "" if patch is None else "-"
    return gojson.printed(patch) if patch is not obj else json.dumps(obj, ensure_ascii=False, separators=(",", ":"))


def _undecodable(call: Call, words: str, shown: str) -> Refusal:
    kind = call.served.kind
    if not shown:
        return bad_request(f'{kind} in version "{call.served.version}" cannot be handled as a {kind}: {words}')
    if call.served.custom:
        return bad_request(words)
    return invalid("", "", "", [Cause("FieldValueInvalid", "patch", f"Invalid value: {go_quote(shown)}: {words}")])


def _twice(value: Any, field: str, path: str) -> str:
    """What apply says of a list with two entries of one key; empty where there is none."""
    if isinstance(value, dict):
        return next(filter(None, (_twice(v, k, f"{path}.{k}") for k, v in value.items())), "")
    if not isinstance(value, list):
        return ""
    keys, seen = merge_keys.apply_keys(field, value), set()
    for entry in value if keys else ():
        mark = _mark(entry, keys)
        if mark in seen:
            return f"{path}: duplicate entries for key [{mark}]"
        seen.add(mark)
        deeper = _twice(entry, "", f"{path}[{mark}]")
        if deeper:
            return deeper
    return ""


def _mark(entry: Object, keys: tuple[str, ...]) -> str:
    """``name="app"``: how apply names an entry of a list."""
    given = {"protocol": "TCP"} | entry
    return ",".join(f"{key}={json.dumps(given[key])}" for key in keys if key in given)


def _apply_path(config: Object, path: str) -> str:
    """``spec.containers[0].x`` as apply writes it: ``.spec.containers[name="c"].x``."""
    here: Any = config
    found = last = ""
    for field, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        if field:
            found, last = f"{found}.{field}", field
            here = here.get(field, {}) if isinstance(here, dict) else {}
            continue
        entries: list[Any] = here if isinstance(here, list) else []
        here = entries[int(index)] if entries else {}
        keys = merge_keys.apply_keys(last, entries)
        found += f"[{_mark(here, keys) or index}]"
    return found
