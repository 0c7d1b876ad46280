"""A proxy in front of an API server that cuts the connection at the n-th write: before it arrives, or before its answer does."""

import contextlib
import http.client
import http.server
import pathlib
import ssl
import threading
import urllib.parse
from collections.abc import Iterator

import yaml


class CuttingProxy:
    """Speaks HTTP to the client, and TLS to the server behind it as the user with ``token``.

    ``cut`` counts from one; 0 lets everything through.
    """

    def __init__(self, server: str, token: str) -> None:
        self.token = token
        self.behind = urllib.parse.urlsplit(server).netloc
        self.writes: list[str] = []
        self.cut = 0
        self.arrives = False
        self._lock = threading.Lock()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def kubeconfig(self, folder: pathlib.Path) -> pathlib.Path:
        """The way through this proxy, as a file."""
        file = folder / "through-the-proxy"
        cluster = {"server": f"http://127.0.0.1:{self._server.server_address[1]}"}
        file.write_text(yaml.safe_dump({
            "apiVersion": "v1", "kind": "Config", "current-context": "c", "clusters": [{"name": "c", "cluster": cluster}],
            "contexts": [{"name": "c", "context": {"cluster": "c"}}],
        }))  # fmt: skip
        return file

    def counts(self, method: str, path: str) -> bool:
        """Note a request; whether it is the one to cut."""
        if method == "GET":
            return False
        with self._lock:
            self.writes.append(f"{method} {path}")
            return len(self.writes) == self.cut

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(proxy: CuttingProxy) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            cut = proxy.counts(self.command, self.path)
            self.close_connection = True
            if cut and not proxy.arrives:
                return
            upstream = http.client.HTTPSConnection(proxy.behind, context=ssl._create_unverified_context(), timeout=60)
            with contextlib.closing(upstream):
                headers = {key: value for key, value in self.headers.items() if key.lower() not in ("host", "accept-encoding")}
                headers["authorization"] = f"Bearer {proxy.token}"
                upstream.request(self.command, self.path, body, headers)
                answer = upstream.getresponse()
                if cut:
                    answer.read()
                    return
                with contextlib.suppress(OSError):  # the client may go before a watch ends
                    for piece in self._answered(answer):
                        self.wfile.write(piece)
                        self.wfile.flush()

        def _answered(self, answer: http.client.HTTPResponse) -> Iterator[bytes]:
            """The answer as it comes; its end is the end of the connection."""
            self.send_response(answer.status)
            self.send_header("content-type", answer.headers.get("content-type", ""))
            self.send_header("connection", "close")
            self.end_headers()
            while piece := answer.read1(65536):
                yield piece

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

    return Handler
