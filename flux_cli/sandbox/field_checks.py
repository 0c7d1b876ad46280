"""Fields that a kind does not have, and values of the wrong type: taken out, warned about or refused, in the server's words."""

import json
import re
from typing import Any

from flux_cli.core.objects import Object, text
from flux_cli.core.text import go_quote
from flux_cli.sandbox import merge_keys, own_fields, schema
from flux_cli.sandbox.call import Call
from flux_cli.sandbox.copying import copied
from flux_cli.sandbox.own_fields import Judged
from flux_cli.sandbox.refusal import NO_REASON, Cause, Refusal, bad_request, invalid


def checked(obj: Object, call: Call, *, patched: bool = False) -> list[str]:
    """Take unknown fields out, and say so: as warnings, or as a refusal with ``fieldValidation=Strict``. Raises 400 and 422."""
    unknown, fault = _judged(obj, call)
    mode = call.query.get("fieldValidation", "Warn")
    said = [f'unknown field "{path}"' for path in unknown] if mode != "Ignore" else []
    if fault or (said and mode == "Strict"):
        raise _undecodable(obj, call, fault or "strict decoding error: " + ", ".join(said), patched)
    return said


def declared(config: Object, call: Call) -> None:
    """Apply wants every field to be one of the kind's. Raises 500, as the server does."""
    if call.served.custom:
        return
    unknown, fault = _judged(copied(config), call)
    wrong = f"{_apply_path(config, unknown[0])}: field not declared in schema" if unknown else fault
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


def _undecodable(obj: Object, call: Call, words: str, patched: bool) -> Refusal:
    kind = call.served.kind
    if not patched:
        return bad_request(f'{kind} in version "{call.served.version}" cannot be handled as a {kind}: {words}')
    if call.served.custom:
        return bad_request(words)
    shown = go_quote(json.dumps(obj, ensure_ascii=False, separators=(",", ":")))
    return invalid("", "", "", [Cause("FieldValueInvalid", "patch", f"Invalid value: {shown}: {words}")])


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
        pairs = ",".join(f"{key}={json.dumps(here[key])}" for key in keys if key in here)
        found += f"[{pairs or index}]"
    return found
