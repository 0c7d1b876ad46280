"""TLS inside TLS, for a server behind a proxy that is itself spoken to over TLS; the ssl module's sockets cannot be nested."""

import io
import ssl
import time
from collections.abc import Callable
from typing import Any

SIZE = 1 << 16


class Tunnel:
    """The inner end: what ``http.Socket`` asks for, over an outer TLS socket."""

    def __init__(self, carrier: ssl.SSLSocket, context: ssl.SSLContext, name: bytes) -> None:
        self.carrier = carrier
        self._seconds = carrier.gettimeout()
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=name)
        self._until = self._deadline()
        while not self._done(self._tls.do_handshake):
            pass
        self._flush()

    def recv(self, size: int, /) -> bytes:
        self._until = self._deadline()
        while True:
            try:
                return self._tls.read(size)
            except ssl.SSLWantReadError:
                self._flush()
                self._feed()
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""

    def sendall(self, data: bytes, /) -> None:
        self._until = self._deadline()
        view = memoryview(data)
        while view:
            view = view[self._tls.write(view[:SIZE]) :]
            self._flush()

    def settimeout(self, seconds: float | None, /) -> None:
        self._seconds = seconds

    def makefile(self, _mode: str = "rb", *_: object, **__: object) -> io.BufferedReader:
        """What the standard library's HTTP client reads answers from."""
        return io.BufferedReader(_Reader(self))

    def fileno(self) -> int:
        return self.carrier.fileno()

    def close(self) -> None:
        self.carrier.close()

    def _done(self, step: Callable[[], None]) -> bool:
        try:
            step()
        except ssl.SSLWantReadError:
            self._flush()
            self._feed()
            return False
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


class _Reader(io.RawIOBase):
    """The tunnel as a file."""

    def __init__(self, tunnel: Tunnel) -> None:
        super().__init__()
        self._tunnel = tunnel

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = self._tunnel.recv(len(buffer))
        buffer[: len(data)] = data
        return len(data)
