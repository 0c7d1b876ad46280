"""An API server on loopback that answers as a test says, well or badly; and kubeconfigs that lead to it."""

import base64
import json
import pathlib
import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import trustme
from kube.listening import Listening

from flux_cli.core.api import Resource
from flux_cli.core.app import Settings
from flux_cli.kube.client import KubeClient
from flux_cli.kube.session import connect

KS = Resource("kustomize.toolkit.fluxcd.io", "v1", "kustomizations", "Kustomization")
PATH = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/apps/kustomizations"
CA = trustme.CA()

HANG = object()  # say nothing more until the test is over
RESET = object()  # break the connection off, with a reset
CLOSE = object()  # end the connection in good order


class Asked(NamedTuple):
    """One request as it came in."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int


Script = Callable[[Asked], Any]  # bytes, or an iterable of bytes and HANG, RESET, CLOSE


def answer(body: Any = None, code: int = 200, **headers: str) -> bytes:
    """A whole answer; anything but bytes is sent as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    told = {"Content-Type": "application/json", "Content-Length": str(len(data))}
    told |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {code} Whatever\r\n{head}\r\n".encode() + data


def listing(*names: str, version: str = "7") -> dict[str, Any]:
    return {
        "kind": "KustomizationList",
        "metadata": {"resourceVersion": version},
        "items": [{"metadata": {"name": n}} for n in names],
    }


def failure(message: str, code: int, reason: str = "", **details: str) -> bytes:
    return answer(
        {"kind": "Status", "apiVersion": "v1", "message": message, "reason": reason, "code": code, "details": details}, code=code
    )


class Loopback(Listening):
    """Serves until ``close``. ``asked`` holds what came in, in order."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None) -> None:
        self.script = script
        self.asked: list[Asked] = []
        self.forgetful = False  # loses what came in before the answer, as a bad proxy does
        self._tls = tls
        super().__init__()
        self.server = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def serve(self, peer: socket.socket, number: int) -> None:
        peer.settimeout(0.05)
        with peer:
            try:
                peer.settimeout(5)
                carrier = self._tls.wrap_socket(peer, server_side=True) if self._tls else peer
                carrier.settimeout(0.05)
                rest = bytearray()  # what came in beyond the request that is being answered
                with carrier:
                    while asked := self._read(carrier, number, rest):
                        self.asked.append(asked)
                        if not self._answer(carrier, asked):
                            return
            except OSError:
                pass  # the client went away, or refused our certificate

    def _read(self, peer: socket.socket, number: int, rest: bytearray) -> Asked | None:
        data = bytes(rest)
        while b"\r\n\r\n" not in data:
            more = self._more(peer)
            if not more:
                return None
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers: dict[str, str] = {}
        for name, _, value in (line.partition(": ") for line in lines):
            headers[name] = f"{headers[name]}|{value}" if name in headers else value
        while len(body) < int(headers.get("content-length", "0")):
            body += self._more(peer)
        length = int(headers.get("content-length", "0"))
        body, rest[:] = body[:length], b"" if self.forgetful else body[length:]
        method, target, _ = first.split(" ")
        return Asked(method, target, headers, body, number)

    def _more(self, peer: socket.socket) -> bytes:
        while not self.over.is_set():
            try:
                return peer.recv(65536)
            except TimeoutError:
                continue
        return b""

    def _answer(self, peer: socket.socket, asked: Asked) -> bool:
        told = self.script(asked)
        for piece in (told,) if isinstance(told, bytes) else told:
            if piece is HANG:
                self.over.wait()
                return False
            if piece is CLOSE:
                return False
            if piece is RESET:
                raw = socket.socket(fileno=peer.detach())
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                raw.close()
                return False
            peer.settimeout(10)
            peer.sendall(piece)
            peer.settimeout(0.05)
        return True


def server_tls(*, client_ca: bool = False, name: str = "127.0.0.1", expired: bool = False) -> ssl.SSLContext:
    """What a server on loopback shows; with ``client_ca`` it asks for a client certificate of our CA."""
    import datetime

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    past = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    CA.issue_cert(name, not_after=past if expired else None).configure_cert(context)
    if client_ca:
        CA.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def ca_data() -> str:
    return base64.b64encode(CA.cert_pem.bytes()).decode()


def kubeconfig(folder: pathlib.Path, server: str, user: dict[str, Any] | None = None, **cluster: Any) -> str:
    """A file with one context, ``lab``; the path."""
    entry = {"server": server} | ({"certificate-authority-data": ca_data()} if server.startswith("https") else {}) | cluster
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "lab", "cluster": {k: v for k, v in entry.items() if v is not None}}],
        "users": [{"name": "admin", "user": {"token": "secret-token"} if user is None else user}],
        "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": "admin", "namespace": "apps"}}],
        "current-context": "lab",
    }
    path = folder / "kubeconfig"
    path.write_text(json.dumps(document, indent=1))
    return str(path)


def client(path: str, environ: dict[str, str] | None = None, seconds: float = 10, **settings: Any) -> KubeClient:
    return connect(Settings(kubeconfig=path, **settings), environ or {"HOME": "/nonexistent"}).within(seconds)


def running(script: Script, tls: ssl.SSLContext | None) -> Iterator[Loopback]:
    served = Loopback(script, tls)
    try:
        yield served
    finally:
        served.close()
