"""A proxy in front of an API server that cuts the connection at the n-th write: before it arrives, or before its answer does."""

import threading
from collections.abc import Iterator
from typing import Any

from kube.loopback import CLOSE, Asked
from kube.passing import Passing


class CuttingProxy(Passing):
    """``cut`` counts from one; 0 lets everything through."""

    def __init__(self, server: str, token: str) -> None:
        self.writes: list[str] = []
        self.cut = 0
        self.arrives = False
        self._lock = threading.Lock()
        super().__init__(server, token)

    def answer(self, asked: Asked) -> Iterator[Any]:
        if not self._counts(asked):
            yield from self.passed(asked)
            return
        if self.arrives:
            b"".join(self.answered(asked))
        yield CLOSE

    def _counts(self, asked: Asked) -> bool:
        """Note a request; whether it is the one to cut."""
        if asked.method == "GET":
            return False
        with self._lock:
            self.writes.append(f"{asked.method} {asked.target}")
            return len(self.writes) == self.cut
