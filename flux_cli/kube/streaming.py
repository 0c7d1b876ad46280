"""Answers that go on: watches and followed logs. A timer closes the answer at its deadline, which ends the reading."""

import threading
from collections.abc import Iterator

from flux_cli.core import quickjson
from flux_cli.core.api import Event, Response
from flux_cli.core.errors import Timeout
from flux_cli.core.objects import Object
from flux_cli.kube.status import from_status


def events(there: list[Object], response: Response, seconds: float | None, *, ends_quietly: bool) -> Iterator[Event]:
    """What was ``there`` before, then the events of a watch. Raises Gone and the rest of the ApiError family for an ERROR event.

    ``seconds``: when it ends at the latest, quietly or with Timeout.
    """
    alarm = _Alarm(response, seconds)
    try:
        for obj in there:
            yield Event("ADDED", obj)
        for line in response.lines():
            event = _event(line)
            if event is None:
                break  # half a line: the connection broke, which ends a watch like the server's own close
            if event.type == "ERROR":
                raise from_status(event.object)
            yield event
    finally:
        alarm.off()
    if alarm.rang and not ends_quietly:
        raise Timeout("context deadline exceeded")


def _event(line: bytes) -> Event | None:
    try:
        value = quickjson.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or not isinstance(value.get("object"), dict):
        return None
    return Event(str(value.get("type")), value["object"])


def log_lines(response: Response, seconds: float | None) -> Iterator[bytes]:
    """Lines of a log until it ends or ``seconds`` passed (the Go CLI ends there without an error)."""
    alarm = _Alarm(response, seconds)
    try:
        yield from response.lines()
    finally:
        alarm.off()


class _Alarm:
    """Closes an answer after some seconds, from another thread."""

    def __init__(self, response: Response, seconds: float | None) -> None:
        self.rang = False
        self._response = response
        self._timer = threading.Timer(seconds, self._ring) if seconds is not None else None
        if self._timer:
            self._timer.daemon = True
            self._timer.start()

    def _ring(self) -> None:
        self.rang = True
        self._response.close()

    def off(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._response.close()
