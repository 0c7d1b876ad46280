"""HTTP/1.1 on one connection: a request out, an answer's head and body in, every byte against one deadline.

RFC 9112 is the rule. The standard library's client costs 11 ms of import and cannot hold a deadline over a whole body.
"""

from __future__ import annotations

import time

from flux_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Protocol

    Headers = Mapping[str, str | Sequence[str]]  # a sequence is sent as the same header several times
else:
    Protocol = object

PIECE = 1 << 18
LINE_LIMIT = 1 << 16
HEAD_LIMIT = 1 << 20


class BadAnswer(Exception):
    """What came back is not HTTP/1.1, or it ended early. The text is fit for an error line."""


class Socket(Protocol):
    """What this module needs of a socket; tests hand in one that misbehaves."""

    def recv(self, size: int, /) -> bytes: ...
    def sendall(self, data: bytes, /) -> None: ...
    def settimeout(self, seconds: float | None, /) -> None: ...
    def gettimeout(self) -> float | None: ...
    def fileno(self) -> int: ...
    def shutdown(self, how: int, /) -> None: ...
    def close(self) -> None: ...


class Head(Record):
    """Status and headers (names in lower case; repeated ones joined with a comma). ``version`` is ``HTTP/1.1`` or the like."""

    status: int
    headers: Mapping[str, str]
    version: str
    phrase: str = ""

    @property
    def stays_open(self) -> bool:
        """Whether the server lets the connection carry another request."""
        options = self.headers.get("connection", "").lower()
        return "close" not in options and (self.version == "HTTP/1.1" or "keep-alive" in options)


class Channel:
    """One connection. Not safe for several threads; ``until`` is the deadline (``time.monotonic``) of all that follows."""

    def __init__(self, sock: Socket) -> None:
        self.sock = sock
        self.until: float | None = None
        self.answered = False  # a byte of the current answer came in
        self.reusable = False  # the last answer was read to its end and both sides keep the connection
        self._rest = b""

    def send(self, method: str, target: str, headers: Headers, body: bytes | None) -> None:
        """Write one request. Raises OSError, TimeoutError; BadAnswer for a header that no header can hold."""
        self.send_all([(method, target, headers, body)])

    def send_all(self, requests: Iterable[tuple[str, str, Headers, bytes | None]]) -> None:
        """Write requests in one go. Their answers come in the same order."""
        data = b"".join(_packed(*request) for request in requests)
        self.answered = self.reusable = False
        self._arm()
        self.sock.sendall(data)

    def head(self) -> Head:
        """The head of the answer, interim ones (1xx) skipped. Raises BadAnswer, OSError, TimeoutError."""
        while True:
            head = self._one_head()
            if head.status >= 200 or head.status == 101:
                return head

    def body(self, head: Head, *, empty: bool = False) -> Iterator[bytes]:
        """The body in pieces as they come, transfer encoding undone. Ends only where the body is complete."""
        framed = True
        if empty or head.status in (204, 304):
            pass
        elif "transfer-encoding" in head.headers:
            if head.headers["transfer-encoding"].lower() != "chunked":
                raise BadAnswer(f"unsupported transfer encoding {head.headers['transfer-encoding']!r}")
            yield from self._chunks()
        elif "content-length" in head.headers:
            yield from self._counted(_length(head.headers["content-length"]))
        else:
            framed = False
            while piece := self._some():
                yield piece
        self.reusable = framed and head.stays_open and not self._rest

    @property
    def left_over(self) -> bool:
        """Whether more came in than what was read."""
        return bool(self._rest)

    def close(self) -> None:
        self.reusable = False
        self.sock.close()

    def _one_head(self) -> Head:
        start = self._line().decode("latin-1")
        version, _, rest = start.partition(" ")
        code = rest[:3]
        if not version.startswith("HTTP/1.") or not (len(code) == 3 and code.isascii() and code.isdigit()):
            raise BadAnswer(f"malformed HTTP response {start[:60]!r}")
        headers: dict[str, list[str]] = {}
        size = len(start)
        while line := self._line():
            size += len(line)
            name, colon, value = line.decode("latin-1").partition(":")
            if not colon or size > HEAD_LIMIT:
                raise BadAnswer("malformed HTTP header" if not colon else "HTTP header too long")
            headers.setdefault(name.strip().lower(), []).append(value.strip())
        return Head(int(code), {name: ",".join(values) for name, values in headers.items()}, version, rest[4:])

    def _chunks(self) -> Iterator[bytes]:
        while True:
            size = self._line().partition(b";")[0].strip()
            if not size or len(size) > 15 or size.strip(b"0123456789abcdefABCDEF"):
                raise BadAnswer("malformed chunked encoding")
            if not (count := int(size, 16)):
                while self._line():
                    pass
                return
            yield from self._counted(count)
            if self._line():
                raise BadAnswer("malformed chunked encoding")

    def _counted(self, left: int) -> Iterator[bytes]:
        while left:
            piece = self._some(left)
            if not piece:
                raise BadAnswer("unexpected EOF")
            left -= len(piece)
            yield piece

    def _some(self, limit: int = PIECE) -> bytes:
        """What is there, at most ``limit`` bytes, after waiting for one; empty at the end of the connection."""
        data = self._rest or self._receive()
        self._rest = data[limit:]
        return data[:limit] if self._rest else data

    def _line(self) -> bytes:
        """A line without its end (CRLF, or a bare LF as Go accepts)."""
        while (end := self._rest.find(b"\n")) < 0:
            if len(self._rest) > LINE_LIMIT:
                raise BadAnswer("HTTP header too long")
            more = self._receive()
            if not more:
                raise BadAnswer("unexpected EOF" if self.answered else "EOF")
            self._rest += more
        line, self._rest = self._rest[:end], self._rest[end + 1 :]
        return line.removesuffix(b"\r")

    def _receive(self) -> bytes:
        self._arm()
        data = self.sock.recv(PIECE)
        self.answered = self.answered or bool(data)
        return data

    def _arm(self) -> None:
        if self.until is None:
            self.sock.settimeout(None)
            return
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.sock.settimeout(left)


def _length(text: str) -> int:
    """Content-Length; a list of equal values counts once (RFC 9110 8.6)."""
    values = {value.strip() for value in text.split(",")}
    value = values.pop()
    if values or not (value.isascii() and value.isdigit() and len(value) < 19):
        raise BadAnswer(f"malformed Content-Length {text[:40]!r}")
    return int(value)


def _packed(method: str, target: str, headers: Headers, body: bytes | None) -> bytes:
    """A request as it is sent."""
    lines = [f"{method} {target} HTTP/1.1"]
    for name, value in headers.items():
        for one in (value,) if isinstance(value, str) else value:
            if not one.replace("\t", " ").isprintable():
                raise BadAnswer(f'net/http: invalid header field value for "{name.title()}"')
            lines.append(f"{name}: {one}")
    if body is not None or method in ("POST", "PUT", "PATCH"):
        lines.append(f"content-length: {len(body or b'')}")
    return "\r\n".join([*lines, "", ""]).encode("utf-8") + (body or b"")
