"""``logs``: what the controllers wrote about objects, from the pods that run them."""

from __future__ import annotations

import heapq
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from flux_cli.core import rfc3339
from flux_cli.core.api import DEPLOYMENT, POD, Cluster
from flux_cli.core.errors import ApiError, FluxError, Unreachable, UsageError
from flux_cli.core.objects import Object, condition, dig, items, name_of, namespace_of, text
from flux_cli.core.parallel import later, side_by_side
from flux_cli.services.versions import COMPONENTS

MANAGER = "manager"  # the container that matters where a pod has several
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT)(\d{1,2})(:\d\d:\d\d)(?:[.,]\d+)?(Z|[+-]\d\d:\d\d)\Z")
_PHASES = {"Running": 0, "Unknown": 1, "Pending": 2}


class Window(NamedTuple):
    """Which part of each pod's log: the last ``tail`` lines (None: all), newer than ``since`` seconds or than ``since_time``."""

    tail: int | None = None
    since: float = 0.0
    since_time: str = ""
    previous: bool = False


Pattern = re.Pattern[str]


class Wanted(NamedTuple):
    """Which lines. Empty fields do not filter; ``namespace`` is empty for all. ``raw`` keeps lines that are no JSON."""

    level: str = ""
    kind: str = ""
    name: str = ""
    namespace: str = ""
    pattern: Pattern | None = None
    raw: bool = False


class Line(NamedTuple):
    """A line of a pod's log. ``entry`` is None where it is no JSON object; ``time``: its own, or that of the one before;
    ``written``: when the node got it where it says so, else its own time."""

    pod: str
    time: str
    raw: str
    entry: dict[str, Any] | None
    written: str = ""


class Failure(NamedTuple):
    """A pod whose log could not be read."""

    pod: str
    error: Exception


def window(tail: int, since: float, since_time: str, previous: bool) -> Window:
    """Raises UsageError for times that cannot be meant."""
    if since and since_time:
        raise UsageError("at most one of `sinceTime` or `sinceDuration` may be specified")
    moment = _moment(since_time)
    if since_time and not rfc3339.parse(moment):
        raise UsageError(f"{since_time} is not a valid (RFC3339) time")
    return Window(tail if tail >= 0 else None, since, utc(moment), previous)


def _moment(text: str) -> str:
    """A time to the second, "" where it is none. As Go reads it the letters are capitals, and an hour may have one digit."""
    found = _TIME.match(text)
    return f"{found[1]}{found[2]:0>2}{found[3]}{found[4]}" if found else ""


def utc(stamp: str) -> str:
    """The time as the API server wants it: UTC, whole seconds."""
    moment = rfc3339.parse(stamp)
    return rfc3339.utc(moment) if moment else ""


def pods(cluster: Cluster, namespace: str, every_pod: bool) -> list[Object]:
    """For each of Flux's Deployments the pod that is most alive, or all of them. Raises FluxError where there is none."""
    deployments = cluster.list(DEPLOYMENT, namespace, labels=COMPONENTS).items
    found: list[Object] = []
    for answer in side_by_side([later(_pods_of, cluster, deployment) for deployment in deployments]):
        if isinstance(answer, Exception):
            raise answer
        found += sorted(answer, key=_liveliness)[: None if every_pod else 1]
    if not found:
        raise FluxError(f'no Flux pods found in namespace "{namespace}"')
    return found


def _pods_of(cluster: Cluster, deployment: Object) -> list[Object]:
    template = dig(deployment, "spec.template.metadata.labels", {})
    selector = ",".join(f"{key}={value}" for key, value in sorted(template.items())) if isinstance(template, dict) else ""
    return cluster.list(POD, namespace_of(deployment), labels=selector).items


def _liveliness(pod: Object) -> tuple[object, ...]:
    """As kubectl chooses: assigned, running, ready, ready for longer, restarted more often, older."""
    ready = condition(pod) or {}
    counts = [dig(status, "restartCount", 0) for status in items(pod, "status.containerStatuses")]
    restarts = max((count for count in counts if isinstance(count, int)), default=0)
    return (
        not text(pod, "spec.nodeName"),
        _PHASES.get(text(pod, "status.phase"), 0),
        text(ready, "status") != "True",
        text(ready, "lastTransitionTime") or "~",
        -restarts,
        text(pod, "metadata.creationTimestamp"),
    )


def read(cluster: Cluster, found: Sequence[Object], part: Window, wanted: Wanted) -> Iterator[Line | Failure]:
    """The lines of all pods, merged by time; first the pods whose log cannot be opened."""
    streams: list[Iterator[Line]] = []
    calls = [later(opened, cluster, pod, part, follow=False) for pod in found]
    for pod, answer in zip(found, side_by_side(calls), strict=True):
        if isinstance(answer, ApiError | Unreachable):
            yield Failure(name_of(pod), answer)
        elif isinstance(answer, Exception):
            raise answer
        else:
            streams.append(lines_of(name_of(pod), answer))
    merged = heapq.merge(*streams, key=lambda line: line.time)
    yield from (line for line in merged if matches(line, wanted))


def opened(cluster: Cluster, pod: Object, part: Window, follow: bool) -> Iterator[bytes]:
    """A pod's log as it comes; the lines of one that is followed are stamped."""
    several = len(items(pod, "spec.containers")) > 1
    return cluster.logs(
        namespace_of(pod),
        name_of(pod),
        container=MANAGER if several else "",
        follow=follow,
        tail=part.tail,
        since_seconds=_whole(part.since) if part.since else None,
        since_time=part.since_time,
        previous=part.previous,
        timestamps=follow,
    )


def _whole(seconds: float) -> int:
    """Rounded to the nearest second, halves away from zero as Go does."""
    return int(seconds + (0.5 if seconds > 0 else -0.5))


def lines_of(pod: str, stream: Iterator[bytes], stamped: bool = False) -> Iterator[Line]:
    """A pod's lines; ``stamped``: the node says before each when it was written.

    One that is no JSON belongs to the time of the line before it: panics span many lines.
    """
    time = ""
    for data in stream:
        raw = data.decode("utf-8", "replace")
        written, raw = _written(raw) if stamped else ("", raw)
        entry = _entry(raw)
        own = _field(entry, "ts") if entry else ""
        time = own or time
        yield Line(pod, time, raw, entry, written or own)


def _written(data: str) -> tuple[str, str]:
    """When the node got the line, "" where it does not say, and the line itself."""
    stamp, blank, raw = data.partition(" ")
    return (stamp, raw) if blank and _TIME.match(stamp) else ("", data)


def _entry(raw: str) -> dict[str, Any] | None:
    if not raw.startswith("{"):
        return None
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _field(entry: dict[str, Any], key: str) -> str:
    """A field as text; keys are compared without regard to case where the exact one is missing, as Go's decoder does."""
    value = entry.get(key)
    if value is None:
        value = next((v for k, v in entry.items() if k.lower() == key.lower()), "")
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


def kind_of(entry: dict[str, Any]) -> str:
    return _field(entry, "reconciler kind") or _field(entry, "controllerKind")


def matches(line: Line, wanted: Wanted) -> bool:
    """Does the line pass all filters? Lines that are no JSON only pass where raw lines are wanted."""
    entry = line.entry
    if entry is None:
        return wanted.raw and (wanted.pattern is None or bool(wanted.pattern.search(line.raw)))
    if wanted.level and _field(entry, "level") != wanted.level:
        return False
    kinds = (_field(entry, "reconciler kind"), _field(entry, "controllerKind"))
    if wanted.kind and wanted.kind.lower() not in [kind.lower() for kind in kinds]:
        return False
    if wanted.name and _field(entry, "name").lower() != wanted.name.lower():
        return False
    if wanted.namespace and _field(entry, "namespace").lower() != wanted.namespace.lower():
        return False
    return wanted.pattern is None or bool(wanted.pattern.search(line.raw) or wanted.pattern.search(_shown(line)))


def _shown(line: Line) -> str:
    """The line as people see it, which is what they look for."""
    time, level, about, message, error = parts(line)
    return f"{time} {level} {about} - {message} {error}"


def parts(line: Line) -> tuple[str, str, str, str, str]:
    """Time, level, ``KIND/NAME.NAMESPACE``, message and error of a line; of one that is no JSON the message is all there is."""
    if line.entry is None:
        return ("", "", "", line.raw, "")
    about, name = kind_of(line.entry), _field(line.entry, "name")
    if name:
        about += f"/{name}.{_field(line.entry, 'namespace')}"
    level, message, error = (_field(line.entry, key) for key in ("level", "msg", "error"))
    return (_field(line.entry, "ts"), level, about, message, error)
