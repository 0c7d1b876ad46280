"""A proxy before a real API server that ends TLS, passes requests on one by one, and meddles with the answers as it is told."""

import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from kube.loopback import CLOSE, RESET, Asked, answer
from kube.passing import Passing, parts

Meddler = Callable[[bytes], Iterator[Any]]  # a whole answer as it came, to what is sent on, or RESET


def said(code: int, body: bytes = b"the proxy says so", **headers: str) -> Meddler:
    """An answer of the proxy's own in the place of the server's."""
    return lambda _: iter([answer(body, code, connection="close", **headers)])


def dropped(_: bytes) -> Iterator[bytes]:
    return iter(())


def reset(_: bytes) -> Iterator[Any]:
    return iter([RESET])


def half(whole: bytes) -> Iterator[bytes]:
    return iter([whole[: len(whole) - len(parts(whole)[1]) // 2 - 3]])


def slowly(whole: bytes) -> Iterator[bytes]:
    """In pieces that are cut anywhere, with a pause after each."""
    step = max(7, len(whole) // 20)
    for start in range(0, len(whole), step):
        yield whole[start : start + step]
        time.sleep(0.002)


def longer(whole: bytes) -> Iterator[bytes]:
    """A length beyond what comes."""
    body = parts(whole)[1]
    return said(200, body, content_length=str(len(body) + 100))(whole)


def shorter(whole: bytes) -> Iterator[bytes]:
    body = parts(whole)[1]
    return said(200, body, content_length=str(max(1, len(body) - 20)))(whole)


def no_gzip(whole: bytes) -> Iterator[bytes]:
    """Says gzip, and is none."""
    return said(200, parts(whole)[1], content_encoding="gzip")(whole)


def half_gzip(whole: bytes) -> Iterator[bytes]:
    packed = gzip.compress(parts(whole)[1])
    return said(200, packed[: len(packed) // 2], content_encoding="gzip")(whole)


def packed(whole: bytes) -> Iterator[bytes]:
    """The same answer as gzip, which is right."""
    return said(int(whole.split(b" ", 2)[1]), gzip.compress(parts(whole)[1]), content_encoding="gzip")(whole)


class Meddling(Passing):
    """``meddler`` touches the first ``times`` answers (all where it is negative); watches pass as they are."""

    def __init__(self, server: str, tls: ssl.SSLContext) -> None:
        self.meddler: Meddler | None = None
        self.times = -1
        self._lock = threading.Lock()
        super().__init__(server, tls=tls)

    def answer(self, asked: Asked) -> Iterator[Any]:
        meddler = self._next(asked)
        if meddler is None:
            yield from self.passed(asked)
            return
        yield from meddler(b"".join(self.answered(asked)))
        yield CLOSE

    def _next(self, asked: Asked) -> Meddler | None:
        with self._lock:
            if self.meddler is None or not self.times or "watch=true" in asked.target:
                return None
            self.times -= 1
            return self.meddler
