"""The cluster called in-process: requests go straight to ``Sandbox.handle``, no socket in between."""

import time
from collections.abc import Iterator, Mapping, Sequence

from flux_cli.core.api import Request
from flux_cli.core.errors import Timeout, Unreachable
from flux_cli.sandbox.access import ADMIN, Caller
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.call import Stream
from flux_cli.sandbox.faults import Cut


class SandboxResponse:
    """An answer of the cluster, as ``core.api.Response`` wants it."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes | Stream) -> None:
        self.status = status
        self.headers = headers
        self._body = body

    def read(self) -> bytes:
        return self._body if isinstance(self._body, bytes) else b"".join(self._body)

    def pieces(self) -> Iterator[bytes]:
        return iter((self._body,) if isinstance(self._body, bytes) else self._body)

    def lines(self) -> Iterator[bytes]:
        """Lines without their newline. What comes piece by piece comes in whole lines."""
        for piece in self.pieces():
            yield from piece.splitlines()

    def close(self) -> None:
        if isinstance(self._body, Stream):
            self._body.close()


class SandboxTransport:
    """A ``core.api.Transport`` to a cluster in this process, as the given user (impersonation headers are honoured)."""

    server = "https://flux-sandbox"

    def __init__(self, sandbox: Sandbox, caller: Caller = ADMIN) -> None:
        self.sandbox = sandbox
        self.caller = caller

    def send(self, request: Request, *, timeout: float | None = None, stream: bool = False) -> SandboxResponse:  # noqa: ARG002
        """The answer. A fault's delay beyond ``timeout`` seconds ends as ``Timeout``, a cut connection as ``Unreachable``."""
        started = time.monotonic()
        try:
            answer = self.sandbox.handle(request, self.caller)
        except Cut:
            raise Unreachable(f"Get {self.server}{request.path}: EOF") from None
        if timeout is not None and time.monotonic() - started > timeout:
            raise Timeout("context deadline exceeded")
        return SandboxResponse(*answer)

    def together(self, requests: Sequence[Request], *, timeout: float | None = None) -> Iterator[None]:  # noqa: ARG002
        """No network, nothing to gain."""
        return iter([None] * len(requests))

    def close(self) -> None:
        """Nothing is held open."""
