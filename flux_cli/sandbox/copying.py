"""Copies of JSON values: much quicker than ``copy.deepcopy``, which looks after values that cannot occur here."""

from typing import Any

KNOWN = 4096  # strings remembered at a time: what repeats comes again soon, the rest would only take room
LONG = 256  # characters: longer strings hardly repeat


def copied(value: Any) -> Any:
    """A copy that shares nothing that could be changed."""
    if isinstance(value, dict):
        return {key: copied(entry) for key, entry in value.items()}
    return [copied(entry) for entry in value] if isinstance(value, list) else value


def sharing(value: Any, known: dict[str, str]) -> Any:
    """A copy whose equal keys and short strings are one string in memory; ``known`` is kept from copy to copy."""
    if isinstance(value, str):
        if len(value) > LONG:
            return value
        if len(known) > KNOWN:
            known.clear()
        return known.setdefault(value, value)
    if isinstance(value, dict):
        return {known.setdefault(key, key): sharing(entry, known) for key, entry in value.items()}
    return [sharing(entry, known) for entry in value] if isinstance(value, list) else value
