"""One change to many objects: in the order of what they need, some at a time, each told as soon as it is done."""

from __future__ import annotations

from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object, items, name_of, namespace_of, text
from flux_cli.core.parallel import later, side_by_side
from flux_cli.core.record import Record
from flux_cli.core.view import Amount, Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from typing import Any

AT_ONCE = 8
FEW = 4  # so many go one after the other: their lines and writes come in the order in which they were named


class Words(Record):
    """The lines about one object: before its change, after it, and where it failed; ``doing`` names the whole."""

    doing: str
    begin: Callable[[Object], str]
    done: Callable[[Object], str]
    failed: Callable[[Object, FluxError], str]


class Tally(Record):
    """What was changed, each with what its change returned, and what went wrong."""

    done: list[tuple[Object, Any]]
    failed: list[FluxError]


def change_all(
    groups: Sequence[Sequence[Object | Step]], change: Callable[[Object], Any], words: Words
) -> Generator[Step | Amount, None, Tally]:
    """Change every object, group after group; a Step among them is told where it stands. One failure does not stop the rest.

    Raises what the change of a single object raises: that is the caller's to tell.
    """
    tally = Tally([], [])
    total = sum(not isinstance(item, Step) for group in groups for item in group)
    if total > 1:
        yield Amount(total, words.doing)
    for group in groups:
        at_once = AT_ONCE if len(group) > FEW else 1
        for start in range(0, len(group), at_once):
            yield from _batch(group[start : start + at_once], change, words, tally, total == 1)
    return tally


def _batch(
    batch: Sequence[Object | Step], change: Callable[[Object], Any], words: Words, tally: Tally, alone: bool
) -> Generator[Step, None, None]:
    calls = [later(change, item) for item in batch if not isinstance(item, Step)]
    results = iter(side_by_side(calls)) if len(calls) > 1 else None
    for item in batch:
        if isinstance(item, Step):
            yield item
            continue
        yield Step("action", words.begin(item))
        result = next(results) if results else side_by_side(calls)[0]
        if isinstance(result, FluxError) and not alone:
            tally.failed.append(result)
            yield Step("failure", words.failed(item, result))
            if result.hint:
                yield Step("plain", result.hint)
        elif isinstance(result, Exception):
            raise result
        else:
            tally.done.append((item, result))
            yield Step("success", words.done(item))


def dependencies_first(objects: Sequence[Object]) -> list[list[Object]]:
    """Groups to go through one after the other: what others depend on comes before them. Circles go together, last."""
    return _layers(objects, lambda left: {name for name, obj in left.items() if _needed(obj) & left.keys()})


def dependents_first(objects: Sequence[Object]) -> list[list[Object]]:
    """The other way round: what others depend on comes after them."""
    return _layers(objects, lambda left: {name for obj in left.values() for name in _needed(obj)})


def _layers(objects: Sequence[Object], later: Callable[[dict[str, Object]], set[str]]) -> list[list[Object]]:
    """``later`` tells which of those that are left have to wait for others."""
    left = {name_of(obj): obj for obj in objects}
    layers = []
    while left:
        waiting = later(left)
        free = [name for name in left if name not in waiting] or list(left)
        layers.append([left.pop(name) for name in free])
    return layers


def _needed(obj: Object) -> set[str]:
    """Names of what it depends on in its own namespace."""
    here = ("", namespace_of(obj))
    return {text(ref, "name") for ref in items(obj, "spec.dependsOn") if text(ref, "namespace") in here}
