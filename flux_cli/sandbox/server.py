"""The cluster on loopback: HTTPS/1.1, a thread a connection, two users with a token each."""

import errno
import gzip
import json
import os
import secrets
import socket
import ssl
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flux_cli.core.api import Request
from flux_cli.core.errors import FluxError
from flux_cli.sandbox import certificates
from flux_cli.sandbox.access import ADMIN, ANONYMOUS, VIEWER, Caller
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.call import Answer, Stream, encode
from flux_cli.sandbox.faults import Cut
from flux_cli.sandbox.refusal import Refusal, unauthorized

GZIP_FROM = 128 * 1024  # bytes: smaller answers are not worth it, as the API server says too
IDLE = 300.0  # seconds after which a silent connection is closed
BODY_LIMIT = 3 * 1024 * 1024


class Server:
    """Serves a ``Sandbox`` until ``stop``. ``port`` 0 takes any that is free."""

    def __init__(self, sandbox: Sandbox, port: int = 0) -> None:
        self.sandbox = sandbox
        sandbox.tokens.named = {secrets.token_hex(16): ADMIN, secrets.token_hex(16): VIEWER}
        made = certificates.make()
        self.ca = made.ca
        try:
            self._server = _Listener(("127.0.0.1", port), _handler(self))
        except OSError as err:
            raise FluxError(
                f"cannot listen on port {port}: {(err.strerror or str(err)).lower()}", hint="Choose another --port."
            ) from None
        self._server.tls = _tls(made)
        self.port: int = self._server.server_address[1]
        self.url = f"https://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve in the background."""
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    def stop(self) -> None:
        """End all connections and watches."""
        self.sandbox.close()
        self._server.shutdown()
        self._server.server_close()

    def token(self, caller: Caller) -> str:
        return next(token for token, known in self.sandbox.tokens.named.items() if known == caller)

    def kubeconfig(self) -> dict[str, Any]:
        """A kubeconfig with the contexts ``admin`` (current) and ``viewer``."""
        import base64

        cluster = {"server": self.url, "certificate-authority-data": base64.b64encode(self.ca).decode()}
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "flux-sandbox", "cluster": cluster}],
            "users": [{"name": u.name, "user": {"token": self.token(u)}} for u in (ADMIN, VIEWER)],
            "contexts": [{"name": u.name, "context": {"cluster": "flux-sandbox", "user": u.name}} for u in (ADMIN, VIEWER)],
            "current-context": ADMIN.name,
        }

    def write_kubeconfig(self, path: str) -> None:
        """Written whole or not at all, and for its owner's eyes alone. Raises FluxError where that cannot be."""
        folder = os.path.dirname(os.path.abspath(path))
        try:
            if os.path.isdir(path):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            os.makedirs(folder, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=folder)
            with os.fdopen(handle, "w") as file:
                json.dump(self.kubeconfig(), file, indent=2)
            os.replace(draft, path)
        except FileExistsError:
            raise FluxError(f"cannot write {path}: {folder} is not a directory") from None
        except OSError as err:
            raise FluxError(f"cannot write {path}: {(err.strerror or str(err)).lower()}") from None

    def known(self, authorization: str) -> Caller:
        """Whose token this is. Raises 401 for a wrong one; none at all is anonymous."""
        if not authorization:
            return ANONYMOUS
        scheme, _, token = authorization.partition(" ")
        caller = self.sandbox.tokens.caller(self.sandbox.store, token.strip()) if scheme.lower() == "bearer" else None
        if caller is None:
            raise unauthorized()
        return caller


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    tls: ssl.SSLContext

    def get_request(self) -> tuple[socket.socket, Any]:
        """The handshake is made in the connection's own thread, so that a silent client holds up nobody."""
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no event."""


def _tls(made: certificates.Certificates) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    with tempfile.NamedTemporaryFile() as file:  # the ssl module reads keys from files only
        file.write(made.certificate + made.key)
        file.flush()
        context.load_cert_chain(file.name)
    return context


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(_Connection):
        owner = server

    return Handler


class _Connection(BaseHTTPRequestHandler):
    owner: Server
    protocol_version = "HTTP/1.1"
    timeout = IDLE
    wbufsize = -1

    def log_message(self, *args: object) -> None:
        """Requests are not told."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        if not self._read_body():
            return
        parts = urlsplit(self.path)
        headers = _joined(self.headers.items())
        request = Request(
            self.command, parts.path, tuple(parse_qsl(parts.query, keep_blank_values=True)), headers, self._body or None
        )
        try:
            answer = self.owner.sandbox.handle(request, self.owner.known(headers.get("authorization", "")))
        except Refusal as refusal:
            answer = Answer(refusal.code, {"content-type": "application/json", **refusal.headers}, encode(refusal.body()))
        except Cut:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        except Exception as err:  # a fault of ours is an answer, not a connection that ends
            failed = Refusal(500, f"Internal error occurred: the sandbox failed: {type(err).__name__}: {err}")
            answer = Answer(500, {"content-type": "application/json"}, encode(failed.body()))
        try:
            self._send(answer, headers)
        except OSError:
            self.close_connection = True

    def _read_body(self) -> bool:
        """False where the request's body cannot be read; the connection then ends."""
        self._body = b""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
                self._body += self.rfile.read(size)
                self.rfile.readline()
                if len(self._body) > BODY_LIMIT:
                    return self._too_large()
            self.rfile.readline()
            return True
        length = int(self.headers.get("Content-Length") or 0)
        if length > BODY_LIMIT:
            return self._too_large()
        self._body = self.rfile.read(length) if length else b""
        return True

    def _too_large(self) -> bool:
        self.close_connection = True
        refusal = Refusal(413, f"Request entity too large: limit is {BODY_LIMIT}", reason="RequestEntityTooLarge")
        self._send(Answer(413, {"content-type": "application/json"}, encode(refusal.body())), {})
        return False

    def _send(self, answer: Answer, headers: dict[str, str]) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name != "x-half":
                self.send_header(name.title(), value)
        if isinstance(answer.body, Stream):
            self._stream(answer.body)
            return
        body = answer.body
        if answer.headers.get("content-type") == "application/json":
            body += b"\n"
        if "gzip" in headers.get("accept-encoding", "") and len(body) >= GZIP_FROM:
            body = gzip.compress(body, 1)
            self.send_header("Content-Encoding", "gzip")
        half = "x-half" in answer.headers
        self.send_header("Content-Length", str(len(body) * 2 if half else len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()
        if half:
            self.close_connection = True

    def _stream(self, body: Stream) -> None:
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        for piece in body:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()


def _joined(headers: Any) -> dict[str, str]:
    """Names in lower case; several of one name (groups to impersonate) in one value, a line each."""
    out: dict[str, str] = {}
    for name, value in headers:
        low = name.lower()
        out[low] = f"{out[low]}\n{value}" if low in out else value
    return out
