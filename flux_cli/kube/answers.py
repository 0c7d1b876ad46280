"""Answers of the API server: a head that is there, a body that is fetched, or comes in while it is read."""

from __future__ import annotations

from flux_cli.kube.http import BadAnswer, Channel, Head

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Protocol

    from flux_cli.core.api import Request
    from flux_cli.core.errors import Timeout, Unreachable
else:
    Protocol = object

BOTH_WAYS = 2  # socket.SHUT_RDWR


class Origin(Protocol):
    """Who takes a connection back whose answer was read, and has the words for one that was not."""

    def keep(self, channel: Channel) -> None: ...
    def failure(self, request: Request, err: Exception, until: float | None) -> Unreachable | Timeout: ...


class Answer:
    """``core.api.Response``."""

    def __init__(self, origin: Origin, channel: Channel, head: Head, request: Request) -> None:
        self.status = head.status
        self.headers = head.headers
        self._origin = origin
        self._request = request
        self._channel: Channel | None = channel
        self._pieces = channel.body(head, empty=request.method == "HEAD")
        self._body: bytes | None = None

    def __del__(self) -> None:
        self.close()  # who does not read an answer leaves no socket open

    def fetch(self) -> None:
        """Read the whole body, and give the connection back. Raises OSError, BadAnswer."""
        whole = b"".join(self._unpacked())
        self._body = whole
        self._give_back()

    def pieces(self) -> Iterator[bytes]:
        if self._body is not None:
            yield self._body
            return
        until = self._channel.until if self._channel else None
        try:
            yield from self._unpacked()
            self._give_back()
        except (OSError, BadAnswer) as err:
            raise self._origin.failure(self._request, err, until) from None
        finally:
            self.close()

    def read(self) -> bytes:
        if self._body is None:
            self._body = b"".join(self.pieces())
        return self._body

    def lines(self) -> Iterator[bytes]:
        """Lines as they come, without their newline; ends where the connection ends, however it does."""
        if self._body is not None:
            yield from self._body.splitlines()
            return
        if self._channel:
            self._channel.until = None
        rest = b""
        try:
            for piece in self._unpacked():
                *whole, rest = (rest + piece).split(b"\n")
                yield from whole
        except (OSError, BadAnswer, ValueError):
            pass  # closed from here or from there
        if rest:
            yield rest

    def close(self) -> None:
        """End the answer, from any thread: whoever reads it sees its end."""
        channel, self._channel = self._channel, None
        if channel:
            _shut(channel)

    def _give_back(self) -> None:
        channel, self._channel = self._channel, None
        if channel:
            self._origin.keep(channel)

    def _unpacked(self) -> Iterator[bytes]:
        if self.headers.get("content-encoding", "").lower() != "gzip":
            yield from self._pieces
            return
        import zlib

        unpack = zlib.decompressobj(31)
        try:
            for piece in self._pieces:
                yield unpack.decompress(piece)
        except zlib.error:
            raise BadAnswer("gzip: invalid data") from None
        if not unpack.eof:
            raise BadAnswer("unexpected EOF in gzip data")


def _shut(channel: Channel) -> None:
    """Wake who reads this connection, then close it."""
    try:
        channel.sock.shutdown(BOTH_WAYS)
    except OSError:
        return  # the other side has closed it already
    finally:
        channel.close()


def asked_to_wait(answer: Answer) -> float | None:
    """Seconds, where the server says "later" (429 and 5xx with Retry-After, as client-go)."""
    text = answer.headers.get("retry-after", "")
    if (answer.status == 429 or answer.status >= 500) and text.isascii() and text.isdigit() and len(text) < 6:
        return float(text)
    return None
