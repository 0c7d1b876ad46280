"""Something between ``flux`` and an API server that does harm to answers: what a server cannot be asked to do itself."""

import http.client
import http.server
import json
import ssl
import threading
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit


class Answered(NamedTuple):
    """An answer in place of the server's."""

    status: int
    body: Any
    headers: tuple[tuple[str, str], ...] = ()


class Cut(NamedTuple):
    """The server's answer, of which this share of the body passes before the line is cut; of a watch this many events."""

    share: float = 0.5
    events: int = 0


Harm = Answered | Cut | None
Rule = Callable[[str, bool], Harm]  # of a path with its query, and of whether it is a watch


class Between:
    """Passes requests on to ``server`` (https), but where ``rule`` says otherwise. ``asked``: every path with its query.

    It asks with ``token``: without TLS, as here, a client shows none.
    """

    def __init__(self, server: str, token: str) -> None:
        self.rule: Rule = lambda _path, _watch: None
        self.asked: list[str] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                outer.asked.append(self.path)
                watch = "watch=true" in self.path
                harm = outer.rule(self.path, watch)
                if isinstance(harm, Answered):
                    outer._answer(self, harm)
                else:
                    outer._pass(self, (server, token), harm, watch)

        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _answer(self, to: http.server.BaseHTTPRequestHandler, harm: Answered) -> None:
        body = json.dumps(harm.body).encode() + b"\n"
        to.send_response(harm.status)
        for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(body))), *harm.headers):
            to.send_header(name, value)
        to.end_headers()
        to.wfile.write(body)

    def _pass(self, to: http.server.BaseHTTPRequestHandler, way: tuple[str, str], harm: Cut | None, watch: bool) -> None:
        address = urlsplit(way[0])
        context = ssl._create_unverified_context()
        there = http.client.HTTPSConnection(address.hostname or "", address.port, context=context, timeout=30)
        headers = {name: value for name, value in to.headers.items() if name.lower() not in ("host", "accept-encoding")}
        there.request("GET", to.path, headers=headers | {"Authorization": f"Bearer {way[1]}"})
        answer = there.getresponse()
        to.send_response(answer.status)
        to.send_header("Content-Type", answer.getheader("Content-Type", "application/json"))
        to.send_header("Connection", "close")
        to.close_connection = True
        if watch:
            to.end_headers()
            self._stream(to, answer, harm)
        else:
            body = answer.read()
            to.send_header("Content-Length", str(len(body)))
            to.end_headers()
            to.wfile.write(body[: int(len(body) * harm.share)] if harm else body)
        there.close()

    def _stream(self, to: http.server.BaseHTTPRequestHandler, answer: http.client.HTTPResponse, harm: Cut | None) -> None:
        """Events as they come, until the server or the client ends it, or as many as may pass."""
        passed = 0
        while harm is None or passed < harm.events:
            line = answer.readline()
            if not line:
                return
            try:
                to.wfile.write(line)
                to.wfile.flush()
            except OSError:
                return
            passed += 1
