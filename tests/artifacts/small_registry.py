"""A registry in a few lines, as hostile or as strict as a test wants it: tokens, pages, failures, lies about content."""

import base64
import hashlib
import http.server
import json
import re
import threading
import urllib.parse
from typing import Any


class SmallRegistry:
    """``users``: without any there is no login. ``fail``: paths (patterns) that answer 503 so many times first.

    ``cut``: after so many bytes the first upload breaks off. ``lie``: blobs are served with other bytes than their digest says.
    ``page``: tags a page. ``log`` holds "METHOD path" of every request.
    """

    def __init__(self, users: dict[str, str] | None = None, *, kind: str = "Bearer", cut: int = 0, page: int = 0) -> None:
        self.users = users or {}
        self.kind = kind
        self.cut = cut
        self.page = page
        self.fail: dict[str, int] = {}
        self.lie = False
        self.log: list[str] = []
        self.blobs: dict[str, bytes] = {}
        self.uploads: dict[str, bytes] = {}
        self.manifests: dict[str, dict[str, tuple[bytes, str]]] = {}
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"registry": self}))
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def allowed(self, authorization: str) -> bool:
        if not self.users:
            return True
        return (
            authorization in (f"Bearer token-{name}" for name in self.users)
            if self.kind == "Bearer"
            else self.known(authorization) != ""
        )

    def known(self, authorization: str) -> str:
        """The user of a Basic header, "" where name or password are wrong."""
        try:
            name, _, password = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        except ValueError:
            return ""
        return name if self.users.get(name) == password else ""


class _Handler(http.server.BaseHTTPRequestHandler):
    registry: SmallRegistry
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def error(self, status: int, code: str, message: str) -> None:
        self.answer(status, json.dumps({"errors": [{"code": code, "message": message}]}).encode())

    def body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            out = b""
            while size := int(self.rfile.readline(), 16):
                out += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return out
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def handle_one(self) -> None:
        path, _, query = self.path.partition("?")
        self.registry.log.append(f"{self.command} {path}")
        for pattern, left in self.registry.fail.items():
            if left and re.search(pattern, f"{self.command} {path}"):
                self.registry.fail[pattern] = left - 1
                self.body()
                return self.answer(503)
        if path == "/token":
            user = self.registry.known(self.headers.get("Authorization", ""))
            body = json.dumps({"token": f"token-{user}"}).encode()
            return self.answer(200, body) if user else self.error(401, "UNAUTHORIZED", "incorrect username or password")
        if not self.registry.allowed(self.headers.get("Authorization", "")):
            self.body()
            realm = f'Bearer realm="http://{self.registry.address}/token",service="small"'
            challenge = realm if self.registry.kind == "Bearer" else 'Basic realm="small"'
            return self.answer(401, WWW_Authenticate=challenge)
        return self.serve(path, dict(urllib.parse.parse_qsl(query)))

    def serve(self, path: str, query: dict[str, str]) -> None:
        found = re.fullmatch(r"/v2/(.+)/(manifests|blobs|tags)/(.+)", path)
        if path == "/v2/":
            return self.answer(200, b"{}")
        if not found:
            return self.error(404, "NAME_UNKNOWN", "no such path")
        name, what, key = found.groups()
        return getattr(self, what)(name, key, query)  # type: ignore[no-any-return]

    def tags(self, name: str, _key: str, query: dict[str, str]) -> None:
        tags = sorted(key for key in self.registry.manifests.get(name, {}) if not key.startswith("sha256:"))
        start = tags.index(query["last"]) + 1 if query.get("last") in tags else 0
        shown = tags[start : start + self.registry.page] if self.registry.page else tags
        more = {"Link": f'</v2/{name}/tags/list?last={shown[-1]}>; rel="next"'} if shown and shown[-1] != tags[-1] else {}
        self.answer(200, json.dumps({"name": name, "tags": shown}).encode(), **more)

    def manifests(self, name: str, key: str, _query: dict[str, str]) -> None:
        there = self.registry.manifests.setdefault(name, {})
        if self.command == "PUT":
            raw = self.body()
            digest = f"sha256:{hashlib.sha256(raw).hexdigest()}"
            there[key] = there[digest] = (raw, self.headers["Content-Type"])
            return self.answer(201, Docker_Content_Digest=digest)
        if key not in there:
            return self.error(404, "MANIFEST_UNKNOWN", "manifest unknown")
        raw, media_type = there[key]
        return self.answer(200, raw, Content_Type=media_type)

    def blobs(self, name: str, key: str, query: dict[str, str]) -> None:
        if key.startswith("uploads"):
            return self.upload(name, key.removeprefix("uploads/"), query)
        if key not in self.registry.blobs:
            return self.error(404, "BLOB_UNKNOWN", "blob unknown to registry")
        data = self.registry.blobs[key]
        return self.answer(200, data[:-1] + b"!" if self.registry.lie else data)

    def upload(self, name: str, session: str, query: dict[str, str]) -> None:
        if self.command == "POST":
            session = str(len(self.registry.uploads))
            self.registry.uploads[session] = b""
        location = f"/v2/{name}/blobs/uploads/{session}"
        if self.command == "PATCH" and self.registry.cut:
            self.registry.uploads[session] += self.rfile.read(self.registry.cut)
            self.registry.cut = 0
            self.close_connection = True
            return self.connection.close()
        self.registry.uploads[session] += self.body()
        if self.command == "PUT":
            data = self.registry.uploads[session]
            if f"sha256:{hashlib.sha256(data).hexdigest()}" != query["digest"]:
                return self.error(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
            self.registry.blobs[query["digest"]] = data
            return self.answer(201)
        size = len(self.registry.uploads[session])
        return self.answer(204 if self.command == "GET" else 202, Location=location, Range=f"0-{max(size - 1, 0)}")

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = handle_one
