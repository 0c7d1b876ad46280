"""What a change makes of an object: as a diff to read, and as the patch that takes it back."""

import difflib
import json

from flux_cli.core.goyaml import dump
from flux_cli.core.objects import Object, dig, labels, name_of
from flux_cli.services.diffing.secrets import hidden, masked

_READ = ("name", "namespace", "labels", "annotations")


def difference(before: Object | None, after: Object | None) -> list[str]:
    """The lines of a unified diff of the object's YAML; None is no object. Without what the server keeps for itself.

    Values of Secrets show only whether they are equal.
    """
    known = after or before or {}
    if known.get("kind") == "Secret":
        before, after = _veiled(before, after)
    subject = f"{known.get('kind')}/{name_of(known)}"
    return list(difflib.unified_diff(_lines(before), _lines(after), f"{subject} (cluster)", f"{subject} (new)"))


def _veiled(before: Object | None, after: Object | None) -> tuple[Object | None, Object | None]:
    if before and after:
        return masked(after, before, after) or (before, before)
    return before and hidden(before), after and hidden(after)


def _lines(obj: Object | None) -> list[str]:
    if obj is None:
        return []
    kept = {key: value for key, value in obj["metadata"].items() if key in _READ}
    return dump({**{key: value for key, value in obj.items() if key != "status"}, "metadata": kept}).splitlines(keepends=True)


def reverse(before: Object, after: Object) -> str:
    """The JSON merge patch that gives ``after`` its former labels and spec."""
    patch = _patch({"labels": labels(after)}, {"labels": labels(before)})
    spec = _patch(dig(after, "spec", {}), dig(before, "spec", {}))
    whole = ({"metadata": patch} if patch else {}) | ({"spec": spec} if spec else {})
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")) if whole else ""


def _patch(now: Object, wanted: Object) -> Object:
    """A merge patch from one map to the other; {} where they are equal."""
    patch: Object = dict.fromkeys(key for key in now if key not in wanted)
    for key, value in wanted.items():
        if isinstance(value, dict) and isinstance(now.get(key), dict):
            if inner := _patch(now[key], value):
                patch[key] = inner
        elif key not in now or now[key] != value:
            patch[key] = value
    return patch
