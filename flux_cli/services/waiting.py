"""Waiting for objects: a watch that starts where the last write ended, so that nothing is missed and nothing is asked twice."""

from __future__ import annotations

import time

from flux_cli.core.api import Cluster, Event, Resource
from flux_cli.core.errors import ApiError, Forbidden, Gone, NotFound, NotReady, Timeout, Unreachable
from flux_cli.core.fieldselectors import named
from flux_cli.core.objects import Object, condition, dig, name_of, namespace_of, text
from flux_cli.kinds import Kind, kstatus

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Sleep = Callable[[float], None]


POLL = 2.0  # seconds between looks where watching is not allowed, as the Go CLI polls
PAUSE = 0.1  # seconds before a dropped watch is taken up again; doubled up to LONGEST_PAUSE while nothing comes
LONGEST_PAUSE = 15.0


def until(
    cluster: Cluster,
    resource: Resource,
    obj: Object,
    settled: Callable[[Object], bool],
    sleep: Sleep = time.sleep,
    interval: float = POLL,
) -> Object:
    """The object in the first state that is ``settled``, beginning with ``obj`` as it was just read or written.

    ``settled`` may raise to end the wait. Raises NotFound where the object goes away, and Timeout at the cluster's deadline,
    with what the object itself says as hint.
    """
    last = obj
    try:
        for last in states(cluster, resource, obj, sleep, interval):
            if settled(last):
                break
    except Timeout as err:
        # Whichever request the deadline fell on, what people wait for is the object: its own words are the hint.
        raise Timeout("context deadline exceeded", hint=blocker(last) or err.hint) from err
    return last


def states(
    cluster: Cluster, resource: Resource, obj: Object, sleep: Sleep = time.sleep, interval: float = POLL
) -> Iterator[Object]:
    """``obj`` and every newer state of it, for ever: from a watch, and read anew where the watch ended or is not allowed."""
    namespace, name = namespace_of(obj), name_of(obj)
    pause = PAUSE
    while True:
        yield obj
        version = text(obj, "metadata.resourceVersion")
        try:
            for event in cluster.watch(resource, namespace, fields=named(name), resource_version=version):
                if event.type == "DELETED":
                    raise NotFound(f'{resource.name} "{name}" not found', status=404, reason="NotFound")
                if event.type in ("ADDED", "MODIFIED"):
                    pause = PAUSE
                    yield event.object
        except Forbidden:
            pause = interval
        except (Gone, Unreachable):
            pass  # the version is too old, or the line broke
        except ApiError as err:
            if err.status < 500:
                raise
        sleep(pause)
        pause = min(pause * 2, max(interval, PAUSE))
        obj = cluster.get(resource, namespace, name)


def blocker(obj: Object) -> str:
    """What an object that is not ready says about it; "" where it says nothing."""
    kind, name = text(obj, "kind"), name_of(obj)
    for type_, wrong in (("Stalled", "True"), ("Ready", "False"), ("Ready", "Unknown"), ("Reconciling", "True")):
        found = condition(obj, type_)
        if found and found.get("status") == wrong and text(found, "message"):
            return f"{kind}/{namespace_of(obj)}/{name}: {type_} is {wrong}: {text(found, 'message')}"
    if condition(obj) is None:
        return f"{kind}/{namespace_of(obj)}/{name} has no status yet: is its controller running?"
    return f"{kind}/{namespace_of(obj)}/{name}: the controller has not answered the request yet"


def handled(before: str) -> Callable[[Object], bool]:
    """A test: the controller answered a request that came after ``before``, and the object is current. Raises NotReady."""

    def settled(obj: Object) -> bool:
        return text(obj, "status.lastHandledReconcileAt") != before and _current(obj)

    return settled


def resumed(kind: Kind) -> Callable[[Object], bool]:
    """A test: the controller has seen the object as it is now, and it is current. Raises NotReady on failure."""

    def settled(obj: Object) -> bool:
        return (kind.static(obj) or _observed(obj)) and _current(obj)

    return settled


def _observed(obj: Object) -> bool:
    generation, observed = dig(obj, "metadata.generation"), dig(obj, "status.observedGeneration")
    ready = condition(obj)
    if ready is None or not isinstance(observed, int) or observed < 1:
        return False
    return bool((dig(ready, "observedGeneration") or observed) == generation)


def _current(obj: Object) -> bool:
    status = kstatus.compute(obj)
    if status.state in (kstatus.FAILED, kstatus.TERMINATING):
        raise NotReady(status.message)
    return status.state == kstatus.CURRENT


def changes(
    cluster: Cluster,
    resource: Resource,
    namespace: str,
    *,
    labels: str = "",
    fields: str = "",
    sleep: Sleep = time.sleep,
    order: Callable[[list[Object]], list[Object]] = list,
) -> Iterator[Event]:
    """What exists, as ADDED, then every change, for ever: a dropped watch or one whose version is too old is taken up again.

    What happened in between is worked out from a new list, whose objects are told in the ``order`` that is asked for. The first
    list's errors are raised; later ones are waited out.
    """
    known: dict[tuple[str, str], Object] = {}
    version, started, pause = "", False, PAUSE
    while True:
        try:
            if not version:
                found = cluster.list(resource, namespace, labels=labels, fields=fields)
                version, started = found.resource_version, True
                yield from _difference(known, order(found.items))
            for event in cluster.watch(resource, namespace, labels=labels, fields=fields, resource_version=version):
                pause = PAUSE
                version = text(event.object, "metadata.resourceVersion") or version
                if event.type != "BOOKMARK":
                    _remember(known, event)
                    yield event
        except Gone:
            version = ""
        except (Unreachable, Timeout, ApiError):
            if not started:
                raise
            version = ""
        sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def _key(obj: Object) -> tuple[str, str]:
    return namespace_of(obj), name_of(obj)


def _remember(known: dict[tuple[str, str], Object], event: Event) -> None:
    if event.type == "DELETED":
        known.pop(_key(event.object), None)
    else:
        known[_key(event.object)] = event.object


def _difference(known: dict[tuple[str, str], Object], items: list[Object]) -> Iterator[Event]:
    """The events that lead from ``known`` to ``items``; ``known`` is brought up to date."""
    present = {_key(obj): obj for obj in items}
    for key in [key for key in known if key not in present]:
        yield Event("DELETED", known.pop(key))
    for key, obj in present.items():
        before = known.get(key)
        known[key] = obj
        if before is None:
            yield Event("ADDED", obj)
        elif text(before, "metadata.resourceVersion") != text(obj, "metadata.resourceVersion"):
            yield Event("MODIFIED", obj)
