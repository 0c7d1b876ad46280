"""A transport that remembers what was written, and can be made to fail: how a run that is cut off is played."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from flux_cli.core.api import Request, Response, Transport


class Cut(KeyboardInterrupt):
    """The process was killed: nothing after it runs."""


class Recorder:
    """Hands requests on. ``writes`` holds (method, path with query, decoded body) of all but GETs, dry runs included."""

    def __init__(self, inner: Transport) -> None:
        self.inner = inner
        self.server = inner.server
        self.writes: list[tuple[str, str, Any]] = []
        self.cut_after: int | None = None  # so many real writes, then the process dies

    def send(self, request: Request, *, timeout: float | None = None, stream: bool = False) -> Response:
        if request.method != "GET":
            query = "&".join(f"{key}={value}" for key, value in request.query)
            body = json.loads(request.body) if request.body else None
            if self.cut_after is not None and "dryRun=All" not in query:
                if self.cut_after == 0:
                    raise Cut
                self.cut_after -= 1
            self.writes.append((request.method, request.path + (f"?{query}" if query else ""), body))
        return self.inner.send(request, timeout=timeout, stream=stream)

    def together(self, requests: Sequence[Request], *, timeout: float | None = None) -> Iterator[None]:
        return iter([None] * len(requests))

    def close(self) -> None:
        self.inner.close()

    def real(self) -> list[str]:
        """Method and path of what was really written."""
        return [
            f"{method} {path.partition('?')[0]}" for method, path, body in self.writes if "dryRun" not in f"{path}{body or ''}"
        ]
