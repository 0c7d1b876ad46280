"""Values of Secrets never reach a report: what is equal, what differs and what is new is all that shows."""

import base64
import copy

from flux_cli.core.objects import Object, dig
from flux_cli.services.building.masking import MASK
from flux_cli.services.screening import AFTER, BEFORE, SAME

KEYS_ONLY = "*****"
_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def masked(wanted: Object, before: Object, after: Object) -> tuple[Object, Object] | None:
    """Both sides with their data masked; None where nothing can be told to differ.

    A Secret that SOPS encrypted is known by its keys alone: with the same keys it counts as unchanged.
    """
    before, after = _hidden(before), _hidden(after)
    if any(MASK in _decoded(value) for value in dig(wanted, "data", {}).values()):
        old, new = before.get("data") or {}, after.get("data") or {}
        if set(old) == set(new):
            return None
        before["data"], after["data"] = dict.fromkeys(old, KEYS_ONLY), dict.fromkeys(new, KEYS_ONLY)
        return before, after
    for field in ("data", "stringData"):
        old, new = before.get(field), after.get(field)
        if isinstance(old, dict):
            before[field] = {key: _mark(value, new, key, BEFORE) for key, value in old.items()}
        if isinstance(new, dict):
            after[field] = {key: _mark(value, old, key, AFTER) for key, value in new.items()}
    return before, after


def hidden(secret: Object) -> Object:
    """A Secret on its own, every value masked."""
    made = _hidden(secret)
    for field in ("data", "stringData"):
        if isinstance(made.get(field), dict):
            made[field] = dict.fromkeys(made[field], SAME)
    return made


def _hidden(obj: Object) -> Object:
    """A copy whose annotation of kubectl, which repeats the values, is masked as well."""
    made = copy.deepcopy(obj)
    notes = dig(made, "metadata.annotations", {})
    if _APPLIED in notes:
        notes[_APPLIED] = SAME
    return made


def _mark(value: object, other: object, key: str, changed: str) -> str:
    return changed if isinstance(other, dict) and key in other and other[key] != value else SAME


def _decoded(value: object) -> str:
    try:
        return base64.b64decode(str(value)).decode("utf-8", "replace")
    except ValueError:
        return ""
