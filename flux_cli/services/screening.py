"""Texts that come from Secrets are not shown, wherever a chart has put them."""

import base64
import re
from collections.abc import Iterable
from typing import Any

from flux_cli.core.objects import Object

SAME, BEFORE, AFTER = "***", "*** (before)", "*** (after)"
_WITHIN = 6  # a text of fewer characters is hidden where it stands alone: within others it would be found by chance


class Screen:
    """Hides these texts, and what base64 makes of them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        found = {part for text in secrets for part in (text, text.strip()) if part}
        self._alone = found | {base64.b64encode(text.encode()).decode() for text in found}
        parts = sorted((text for text in self._alone if len(text) >= _WITHIN), key=len, reverse=True)
        self._within = re.compile("|".join(map(re.escape, parts))) if parts else None

    def text(self, text: str) -> str:
        """The text with stars in place of what is hidden."""
        if text in self._alone:
            return SAME
        return self._within.sub(SAME, text) if self._within else text

    def object(self, obj: Object) -> Object:
        """A copy whose texts are screened, but for what names the object."""
        return _named(self._one(obj), obj)

    def pair(self, before: Object, after: Object) -> tuple[Object, Object]:
        """Both sides of a change: what one of them hides the other hides as well, for it may be the secret that was there."""
        old, new = self._both(before, after)
        return _named(old, before), _named(new, after)

    def _both(self, before: Object, after: Object) -> tuple[Object, Object]:
        sides = {key: self._two(value, after[key]) for key, value in before.items() if key in after}
        old = {key: sides[key][0] if key in sides else self._one(value) for key, value in before.items()}
        return old, {key: sides[key][1] if key in sides else self._one(value) for key, value in after.items()}

    def _one(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self._one(entry) for key, entry in value.items()}
        return [self._one(entry) for entry in value] if isinstance(value, list) else value

    def _two(self, before: Any, after: Any) -> tuple[Any, Any]:
        if isinstance(before, dict) and isinstance(after, dict):
            return self._both(before, after)
        if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
            pairs = [self._two(*entries) for entries in zip(before, after, strict=True)]
            return [old for old, _ in pairs], [new for _, new in pairs]
        texts = isinstance(before, str) and isinstance(after, str) and before != after
        if texts and (self.text(before), self.text(after)) != (before, after):
            return BEFORE, AFTER
        return self._one(before), self._one(after)


def _named(screened: Any, obj: Object) -> Object:
    """With the object's own kind, name and namespace."""
    made: Object = screened | {key: obj[key] for key in ("apiVersion", "kind") if key in obj}
    meta = obj.get("metadata")
    if isinstance(meta, dict):
        made["metadata"] = made["metadata"] | {key: meta[key] for key in ("name", "namespace") if key in meta}
    return made
