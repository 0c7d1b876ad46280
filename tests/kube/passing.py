"""What stands between ``flux`` and an API server: it passes requests on, one a connection, unless a kind of it does otherwise."""

import abc
import socket
import ssl
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from kube.loopback import CLOSE, Asked, Loopback

OURS = ("connection", "accept-encoding", "authorization")  # the answer ends with the connection, and is not packed


class Passing(Loopback, abc.ABC):
    """Before ``server`` (https). It asks with ``token``; without one, with what the client shows, which it does with ``tls`` alone."""

    def __init__(self, server: str, token: str = "", tls: ssl.SSLContext | None = None) -> None:
        place = urlsplit(server)
        self._behind = (str(place.hostname), int(place.port or 443))
        self._token = token
        self._upstream = ssl._create_unverified_context()
        super().__init__(self.answer, tls)

    @abc.abstractmethod
    def answer(self, asked: Asked) -> Iterator[Any]:
        """What the client gets: ``passed`` where nothing is to happen."""

    def passed(self, asked: Asked) -> Iterator[Any]:
        yield from self.answered(asked)
        yield CLOSE

    def answered(self, asked: Asked) -> Iterator[bytes]:
        """The server's answer as it comes; it says that the connection ends with it."""
        told = {name: value for name, value in asked.headers.items() if name.lower() not in OURS}
        shown = next((value for name, value in asked.headers.items() if name.lower() == "authorization"), "")
        told |= {"Connection": "close", "Authorization": f"Bearer {self._token}" if self._token else shown}
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        with (
            socket.create_connection(self._behind, 30) as plain,
            self._upstream.wrap_socket(plain, server_hostname=self._behind[0]) as server,
        ):
            server.sendall(f"{asked.method} {asked.target} HTTP/1.1\r\n{head}\r\n".encode() + asked.body)
            server.settimeout(0.05)
            pieces = iter(lambda: self._more(server), b"")
            yield next(pieces, b"").replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
            yield from pieces


def parts(answer: bytes) -> tuple[bytes, bytes]:
    """Head and body of a whole answer, the latter without its chunks' sizes."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"transfer-encoding: chunked" not in head.lower():
        return head, body
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        whole, body = whole + body[: int(size, 16)], body[int(size, 16) + 2 :]
    return head, whole
