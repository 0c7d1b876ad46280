"""Trouble on demand, for tests: what a request meets before or instead of its answer."""

import threading
import time
from typing import NamedTuple

from flux_cli.core.api import Request
from flux_cli.sandbox.refusal import Refusal

WORDS = {
    429: "the server has received too many requests and has asked us to try again later",
    500: "an error on the server has prevented the request from succeeding",
    503: "the server is currently unable to handle the request",
}


class Fault(NamedTuple):
    """``times`` requests (-1: all) whose method and path start so meet it.

    ``delay`` in seconds; ``status`` answers with that code, ``retry_after`` (seconds) as its header; ``cut`` closes the
    connection without an answer; ``half`` sends half of the body and closes.
    """

    path: str = "/"
    method: str = ""
    delay: float = 0.0
    status: int = 0
    retry_after: int | None = None
    cut: bool = False
    half: bool = False
    times: int = -1


class Cut(Exception):
    """The connection ends here, without an answer."""


class Faults:
    """The faults that are on. ``drops`` counts how often all watches were told to end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._active: list[Fault] = []
        self.drops = 0

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._active.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._active.clear()

    def meet(self, request: Request) -> bool:
        """Wait, refuse or cut, as asked for this request. True: send half of the body only."""
        fault = self._take(request)
        if fault is None:
            return False
        if fault.delay:
            time.sleep(fault.delay)
        if fault.cut:
            raise Cut
        if fault.status:
            headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
            details = None if fault.retry_after is None else {"retryAfterSeconds": fault.retry_after}
            raise Refusal(fault.status, WORDS.get(fault.status, "asked to fail"), details=details, headers=headers)
        return fault.half

    def _take(self, request: Request) -> Fault | None:
        with self._lock:
            for index, fault in enumerate(self._active):
                if request.path.startswith(fault.path) and request.method.startswith(fault.method):
                    if fault.times > 0:
                        self._active[index] = fault._replace(times=fault.times - 1)
                        if fault.times == 1:
                            del self._active[index]
                    return fault
        return None
