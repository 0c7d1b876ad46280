"""Pods' logs: lines with the time at which they came, in memory or read afresh from a folder."""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from flux_cli.core import rfc3339
from flux_cli.core.objects import Object, dig, items, text
from flux_cli.sandbox.call import Answer, Call, Stream, decode
from flux_cli.sandbox.call import answer as answered
from flux_cli.sandbox.refusal import Cause, bad_request, invalid, not_found
from flux_cli.sandbox.stamps import now
from flux_cli.sandbox.store import Store

_STAMP = re.compile(r'"ts": ?"([^"]+)"')
_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
POLL = 0.2  # seconds between looks at a file that is followed


class Line(NamedTuple):
    """``stamp``: when the line came, RFC 3339 in UTC; its own ``ts`` where it has one."""

    stamp: str
    text: str


class Logs:
    """What each pod wrote. Keys are (namespace, pod); ``previous`` logs are kept apart."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._lines: dict[tuple[str, str], list[Line]] = {}
        self._previous: dict[tuple[str, str], list[Line]] = {}
        self.folder = ""  # where set, ``<pod>.log`` there is that pod's log too
        self.closed = False

    def write(self, namespace: str, pod: str, *lines: str, previous: bool = False) -> None:
        """Add lines to a pod's log, and wake those who follow it."""
        with self._lock:
            into = self._previous if previous else self._lines
            into.setdefault((namespace, pod), []).extend(Line(_stamp(line), line) for line in lines)
            self._lock.notify_all()

    def of(self, namespace: str, pod: str, *, previous: bool = False) -> list[Line]:
        with self._lock:
            found = list((self._previous if previous else self._lines).get((namespace, pod), ()))
        if self.folder and not previous:
            found += [Line(_stamp(line), line) for line in self._file(pod)]
        return found

    def _file(self, pod: str) -> list[str]:
        try:
            with open(os.path.join(self.folder, f"{os.path.basename(pod)}.log"), encoding="utf-8", errors="replace") as file:
                return file.read().splitlines()
        except OSError:
            return []

    def follow(self, namespace: str, pod: str, seen: int, alive: Callable[[], bool]) -> Iterator[list[Line]]:
        """The lines after the first ``seen``, as they come, until the pod is gone or the cluster stops."""
        while not self.closed and alive():
            found = self.of(namespace, pod)
            if len(found) > seen:
                yield found[seen:]
                seen = len(found)
                continue
            with self._lock:
                if len(self._lines.get((namespace, pod), ())) <= seen or self.folder:
                    self._lock.wait(POLL)

    def wake(self) -> None:
        """Let those who follow look again."""
        with self._lock:
            self._lock.notify_all()

    def close(self) -> None:
        with self._lock:
            self.closed = True
            self._lock.notify_all()


def _stamp(line: str) -> str:
    found = _STAMP.search(line)
    if found and _TIME.match(found[1]):
        return found[1]
    return now("microseconds")


def answer(store: Store, logs: Logs, call: Call) -> Answer:
    """GET of ``pods/NAME/log``."""
    namespace, name = call.target.namespace, call.target.name
    _valid(name, call)
    pod = store.get(("", "pods"), (namespace, name))
    if pod is None:
        raise not_found("", "pods", name)
    container = _container(pod, name, call.query.get("container", ""))
    previous = call.flag("previous")
    found = logs.of(namespace, name, previous=previous)
    if previous and not found:
        raise bad_request(f'previous terminated container "{container}" in pod "{name}" not found')
    whole = len(found)
    found = _selected(found, call)
    stamped = call.flag("timestamps")
    body = _text(found, stamped)
    limit = call.number("limitBytes")
    if limit:
        body = body[:limit]
    headers = {"content-type": "text/plain"}
    if not call.flag("follow") or previous:
        return Answer(200, headers, body)

    def alive() -> bool:
        return store.get(("", "pods"), (namespace, name)) is not None

    def pieces(stream: Stream) -> Iterator[bytes]:
        if body:
            yield body
        for lines in logs.follow(namespace, name, whole, lambda: alive() and not stream.closed):
            yield _text(lines, stamped)

    return Answer(200, headers, Stream(pieces, logs.wake))


def append(store: Store, logs: Logs, call: Call) -> Answer:
    """PUT of ``pods/NAME/log``, which only this server has: ``lines`` are added to the pod's log."""
    place = call.target.namespace, call.target.name
    pod = store.get(("", "pods"), place)
    if pod is None:
        raise not_found("", "pods", place[1])
    body = decode(call.request.body, call.content_type())
    logs.write(*place, *map(str, items(body, "lines")), previous=dig(body, "previous") is True)
    return answered(pod)


def _container(pod: Object, name: str, wanted: str) -> str:
    known = [text(c, "name") for part in ("containers", "initContainers") for c in items(pod, f"spec.{part}")]
    if wanted:
        if wanted not in known:
            raise bad_request(f"container {wanted} is not valid for pod {name}")
        return wanted
    containers = [text(c, "name") for c in items(pod, "spec.containers")]
    default = dig(pod, "metadata.annotations", {}).get("kubectl.kubernetes.io/default-container", "")
    if default in containers:
        return str(default)
    if len(known) > 1:
        init = [text(c, "name") for c in items(pod, "spec.initContainers")]
        also = f" or one of the init containers: [{' '.join(init)}]" if init else ""
        raise bad_request(f"a container name must be specified for pod {name}, choose one of: [{' '.join(containers)}]{also}")
    return containers[0] if containers else ""


def _valid(pod: str, call: Call) -> None:
    """Windows that cannot be meant are refused, in the API server's words."""
    causes = []
    for option, least in (("tailLines", 0), ("limitBytes", 1), ("sinceSeconds", 1)):
        if option in call.query and call.number(option) < least:
            words = "greater than 0" if least else "greater than or equal to 0"
            causes.append(Cause("FieldValueInvalid", option, f"Invalid value: {call.number(option)}: must be {words}"))
    if "sinceSeconds" in call.query and "sinceTime" in call.query:
        why = "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"
        causes.append(Cause("FieldValueForbidden", "[]", why))
    _moment(call.query.get("sinceTime") or "1970-01-01T00:00:00Z")
    if causes:
        raise invalid("", "PodLogOptions", pod, causes)


def _selected(found: list[Line], call: Call) -> list[Line]:
    since = call.query.get("sinceTime", "")
    if "sinceSeconds" in call.query:
        since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - call.number("sinceSeconds")))
    if since:
        first = _moment(since)
        # A line's own time is that of its writing; it reaches the log just after, so one of that very moment is too old.
        found = [line for line in found if _moment(line.stamp) > first]
    if "tailLines" in call.query:
        count = call.number("tailLines")
        found = found[-count:] if count else []
    return found


def _moment(stamp: str) -> float:
    found = rfc3339.parse(stamp)
    if found is None:
        raise bad_request(f'parsing time "{stamp}" as "2006-01-02T15:04:05Z07:00": cannot parse "{stamp}" as "2006"')
    return found.timestamp()


def _text(lines: list[Line], stamped: bool) -> bytes:
    return "".join(f"{line.stamp} {line.text}\n" if stamped else f"{line.text}\n" for line in lines).encode()
