"""TLS over any other connection: a socket, or one with TLS already (a proxy that is spoken to over TLS)."""

from __future__ import annotations

import _ssl
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from flux_cli.kube.http import Socket

SIZE = 1 << 16


class Secured:
    """What ``http.Socket`` asks for, encrypted. The handshake is done when it is made; raises OSError (``_ssl.SSLError`` too).

    ``settimeout`` bounds each call as a whole, however many reads and writes of the carrier it takes.
    """

    def __init__(self, carrier: Socket, context: Any, name: str) -> None:
        self.carrier = carrier
        self._seconds = carrier.gettimeout()
        self._in, self._out = _ssl.MemoryBIO(), _ssl.MemoryBIO()
        self._tls = context._wrap_bio(self._in, self._out, False, name)
        self._until = self._deadline()
        while not self._done(self._tls.do_handshake):
            pass
        self._flush()

    def recv(self, size: int, /) -> bytes:
        self._until = self._deadline()
        while True:
            try:
                data: bytes = self._tls.read(min(size, SIZE))
                return data
            except _ssl.SSLWantReadError:
                self._flush()
                self._feed()
            except (_ssl.SSLZeroReturnError, _ssl.SSLEOFError):
                return b""

    def sendall(self, data: bytes, /) -> None:
        self._until = self._deadline()
        view = memoryview(data)
        while view:
            view = view[self._tls.write(view[:SIZE]) :]
            self._flush()

    def settimeout(self, seconds: float | None, /) -> None:
        self._seconds = seconds

    def gettimeout(self) -> float | None:
        return self._seconds

    def fileno(self) -> int:
        return self.carrier.fileno()

    def shutdown(self, how: int, /) -> None:
        """Below TLS, which another thread may be using."""
        self.carrier.shutdown(how)

    def close(self) -> None:
        self.carrier.close()

    def _done(self, step: Callable[[], None]) -> bool:
        try:
            step()
        except _ssl.SSLWantReadError:
            self._flush()
            self._feed()
            return False
        except _ssl.SSLError:
            self._flush()  # the alert that tells the other side why
            raise
        return True

    def _feed(self) -> None:
        self._arm()
        data = self.carrier.recv(SIZE)
        if data:
            self._in.write(data)
        else:
            self._in.write_eof()

    def _flush(self) -> None:
        if data := self._out.read():
            self._arm()
            self.carrier.sendall(data)

    def _deadline(self) -> float | None:
        return None if self._seconds is None else time.monotonic() + self._seconds

    def _arm(self) -> None:
        left = None if self._until is None else self._until - time.monotonic()
        if left is not None and left <= 0:
            raise TimeoutError
        self.carrier.settimeout(left)
