"""A proxy before a real API server that ends TLS, passes requests on one by one, and meddles with the answers as it is told."""

import gzip
import socket
import ssl
import struct
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator

Meddler = Callable[[bytes], Iterator[bytes]]  # a whole answer as it came, to what is sent on; raises Reset


class Reset(Exception):
    """End the connection with a reset."""


def said(status: str, body: bytes = b"the proxy says so", **headers: str) -> Meddler:
    """An answer of the proxy's own in the place of the server's."""
    named = {"Content-Length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return lambda _: iter([f"HTTP/1.1 {status}\r\n{head}Connection: close\r\n\r\n".encode() + body])


def dropped(_: bytes) -> Iterator[bytes]:
    return iter(())


def reset(_: bytes) -> Iterator[bytes]:
    raise Reset


def half(answer: bytes) -> Iterator[bytes]:
    return iter([answer[: len(answer) - len(parts(answer)[1]) // 2 - 3]])


def slowly(answer: bytes) -> Iterator[bytes]:
    """In pieces that are cut anywhere, with a pause after each."""
    step = max(7, len(answer) // 20)
    for start in range(0, len(answer), step):
        yield answer[start : start + step]
        time.sleep(0.002)


def longer(answer: bytes) -> Iterator[bytes]:
    """A length beyond what comes."""
    body = parts(answer)[1]
    return said("200 OK", body, Content_Type="application/json", Content_Length=str(len(body) + 100))(answer)


def shorter(answer: bytes) -> Iterator[bytes]:
    body = parts(answer)[1]
    return said("200 OK", body, Content_Type="application/json", Content_Length=str(max(1, len(body) - 20)))(answer)


def no_gzip(answer: bytes) -> Iterator[bytes]:
    """Says gzip, and is none."""
    return said("200 OK", parts(answer)[1], Content_Type="application/json", Content_Encoding="gzip")(answer)


def half_gzip(answer: bytes) -> Iterator[bytes]:
    packed = gzip.compress(parts(answer)[1])
    return said("200 OK", packed[: len(packed) // 2], Content_Type="application/json", Content_Encoding="gzip")(answer)


def packed(answer: bytes) -> Iterator[bytes]:
    """The same answer as gzip, which is right."""
    status = answer.partition(b" ")[2].partition(b"\r\n")[0].decode()
    return said(status, gzip.compress(parts(answer)[1]), Content_Type="application/json", Content_Encoding="gzip")(answer)


def parts(answer: bytes) -> tuple[bytes, bytes]:
    """Head and body, the latter without its chunks' sizes."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"transfer-encoding: chunked" not in head.lower():
        return head, body
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        whole, body = whole + body[: int(size, 16)], body[int(size, 16) + 2 :]
    return head, whole


class Meddling:
    """``meddler`` touches the first ``times`` answers (all where it is negative); watches pass as they are."""

    def __init__(self, server: str, tls: ssl.SSLContext) -> None:
        place = urllib.parse.urlsplit(server)
        self._target = (str(place.hostname), int(place.port or 443))
        self._tls = tls
        self._upstream = ssl._create_unverified_context()
        self.meddler: Meddler | None = None
        self.times = -1
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.server = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        try:
            with peer, self._tls.wrap_socket(peer, server_side=True) as client:
                self._exchange(client)
        except OSError:
            pass  # the client went away, or did not like the certificate

    def _exchange(self, client: ssl.SSLSocket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            more = client.recv(65536)
            if not more:
                return
            request += more
        head, _, body = request.partition(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        while len(body) < length:
            body += client.recv(65536)
        with (
            socket.create_connection(self._target) as plain,
            self._upstream.wrap_socket(plain, server_hostname=self._target[0]) as server,
        ):
            server.sendall(head.replace(b"gzip", b"identity") + b"\r\nConnection: close\r\n\r\n" + body[:length])
            meddler = self._next(head)
            if meddler is None:
                while piece := server.recv(65536):
                    client.sendall(piece)
                return
            answer = b"".join(iter(lambda: server.recv(65536), b""))
        try:
            for piece in meddler(answer):
                client.sendall(piece)
        except Reset:
            raw = socket.socket(fileno=client.detach())
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raw.close()

    def _next(self, head: bytes) -> Meddler | None:
        with self._lock:
            if self.meddler is None or not self.times or b"watch=true" in head.partition(b"\r\n")[0]:
                return None
            self.times -= 1
            return self.meddler
