"""Small proxies for tests: HTTP CONNECT (plain or over TLS) and SOCKS5. They forward bytes and remember what they were asked."""

import select
import socket
import ssl
import struct

from kube.listening import Listening


class Proxy(Listening):
    """Forwards until ``close``. ``asked``: what clients wanted, one text each; ``say`` replaces the proxy's own answer."""

    def __init__(self, kind: str, tls: ssl.SSLContext | None = None, *, login: str = "", say: bytes | None = None) -> None:
        self.asked: list[str] = []
        self._kind, self._tls, self._login, self._say = kind, tls, login, say
        super().__init__()

    def serve(self, peer: socket.socket, number: int) -> None:
        with peer:
            try:
                peer.settimeout(5)
                carrier = self._tls.wrap_socket(peer, server_side=True) if self._tls else peer
                with carrier:
                    target = self._socks(carrier) if self._kind == "socks" else self._connect(carrier)
                    if target:
                        with socket.create_connection(target, timeout=5) as upstream:
                            self._forward(carrier, upstream)
            except (OSError, IndexError):
                pass  # the client went away, perhaps in the middle of what it says

    def _connect(self, peer: socket.socket) -> tuple[str, int] | None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += peer.recv(1)
        lines = head.decode().strip().split("\r\n")
        self.asked.append(lines[0])
        self.asked += [line for line in lines if line.startswith("proxy-authorization")]
        peer.sendall(self._say if self._say is not None else b"HTTP/1.1 200 Connection established\r\n\r\n")
        host, _, port = lines[0].split(" ")[1].rpartition(":")
        return None if self._say is not None else ("127.0.0.1", int(port)) if host else None

    def _socks(self, peer: socket.socket) -> tuple[str, int] | None:
        version, count = peer.recv(2)
        methods = peer.recv(count)
        self.asked.append(f"version {version} methods {methods.hex()}")
        if self._say is not None:
            peer.sendall(self._say)
            return None
        peer.sendall(b"\x05\x02" if self._login else b"\x05\x00")
        if self._login:
            user = peer.recv(peer.recv(2)[1])
            given = f"{user.decode()}:{peer.recv(peer.recv(1)[0]).decode()}"
            peer.sendall(b"\x01\x00" if given == self._login else b"\x01\x01")
            if given != self._login:
                return None
        kind = peer.recv(4)[3]
        host = peer.recv({1: 4, 4: 16}.get(kind) or peer.recv(1)[0])
        port: int = struct.unpack(">H", peer.recv(2))[0]
        self.asked.append(f"{socket.inet_ntoa(host) if kind == 1 else host.decode()}:{port}")
        peer.sendall(b"\x05\x00\x00\x03\x04host\x00\x01")
        return "127.0.0.1", port

    def _forward(self, one: socket.socket, two: socket.socket) -> None:
        while not self.over.is_set():
            for here, there in ((one, two), (two, one)):
                if getattr(here, "pending", int)() or select.select([here], [], [], 0.01)[0]:
                    data = here.recv(65536)
                    if not data:
                        return
                    there.sendall(data)
