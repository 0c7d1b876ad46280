"""A Git host on loopback: its REST API as documented, its repositories behind real Git, all over TLS.

One class a host, each with its own paths and shapes; the state is plain lists, for tests to look at.
"""

import base64
import http.server
import json
import pathlib
import re
import ssl
import threading
import urllib.parse
from typing import Any

import trustme
from bootstrap.git_servers import Bare, backend

Answer = tuple[int, Any]
OK, MADE, GONE = 200, 201, 204


class Host:
    """``token`` is what lets in. ``faults``: pattern of "METHOD path" → (status, body, headers, how often)."""

    api = ""
    user = "me"

    def __init__(self, root: pathlib.Path) -> None:
        self.token = "s3cret-t0ken"
        self.root = root
        self.ca = trustme.CA()
        self.repos: dict[str, dict[str, Any]] = {}
        self.keys: list[dict[str, Any]] = []
        self.teams: dict[str, str] = {}
        self.known_teams = {"platform", "ops"}
        self.calls: list[str] = []
        self.faults: dict[str, list[Any]] = {}
        self.page = 2
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert("127.0.0.1").configure_cert(tls)
        self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self.name = f"127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def make(self, owner: str, fields: dict[str, Any]) -> dict[str, Any]:
        """A repository, on disk as well."""
        name = fields["name"]
        self.repos[f"{owner}/{name}"] = {"id": len(self.repos) + 1} | fields
        (self.root / owner).mkdir(exist_ok=True, parents=True)
        Bare(self.root / owner, f"{name}.git")
        return self.repos[f"{owner}/{name}"]

    def bare(self, owner: str, name: str) -> Bare:
        found = Bare.__new__(Bare)
        found.path = self.root / owner / f"{name}.git"
        return found

    def lets_in(self, headers: Any) -> bool:
        return bool(headers.get("authorization") in (f"Bearer {self.token}", f"token {self.token}"))

    def serve(self, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        raise NotImplementedError

    def git_path(self, path: str) -> str:
        return path

    def paged(self, entries: list[Any], query: dict[str, str], path: str) -> tuple[list[Any], dict[str, str]]:
        """A page, and the Link header to the next one."""
        number = int(query.get("page", 1))
        start = (number - 1) * self.page
        more = start + self.page < len(entries)
        link = f'<https://{self.name}{path}?page={number + 1}>; rel="next"'
        return entries[start : start + self.page], {"link": link} if more else {}


def _handler(host: Host) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def answer(self) -> None:
            path, _, query = self.path.partition("?")
            data = self.rfile.read(int(self.headers.get("content-length") or 0))
            if not path.startswith(host.api) or ".git/" in path:
                return self.git(path, query, data)
            call = f"{self.command} {path.removeprefix(host.api)}"
            host.calls.append(call)
            for pattern, fault in host.faults.items():
                if re.search(pattern, call) and fault[3]:
                    fault[3] -= 1
                    return self.say(*fault[:3])
            if not host.lets_in(self.headers):
                return self.say(401, {"message": "Bad credentials"}, {})
            fields = dict(urllib.parse.parse_qsl(query))
            found = host.serve(
                self.command, urllib.parse.unquote(path.removeprefix(host.api)), fields, json.loads(data) if data else {}
            )
            status, body = found
            headers: dict[str, str] = {}
            if isinstance(body, list):
                body, headers = host.paged(body, fields, path)
            return self.say(status, body, headers)

        def git(self, path: str, query: str, data: bytes) -> None:
            given = self.headers.get("authorization", "").removeprefix("Basic ")
            if not base64.b64decode(given).decode().endswith(f":{host.token}"):
                return self.say(401, "no", {})
            head, _, rest = backend(host.root, self.command, host.git_path(path), query, dict(self.headers), data).partition(
                b"\r\n\r\n"
            )
            fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
            return self.write(int(fields.pop("Status", "200").split()[0]), fields, rest)

        def say(self, status: int, body: Any, headers: dict[str, str]) -> None:
            data = b"" if body is None else json.dumps(body).encode()
            self.write(status, {"content-type": "application/json"} | headers, data)

        def write(self, status: int, headers: dict[str, str], data: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = answer

    return Handler


class GitHub(Host):
    api = "/api/v3"

    def serve(self, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        if path == "/user":
            return OK, {"login": self.user}
        if path == "/user/repos" or (found := re.fullmatch(r"/orgs/([^/]+)/repos", path)):
            owner = self.user if path == "/user/repos" else found[1]  # type: ignore[index]
            if f"{owner}/{body['name']}" in self.repos:
                return 422, {
                    "message": "Repository creation failed.",
                    "errors": [{"message": "name already exists on this account"}],
                }
            return MADE, self.make(owner, body)
        if found := re.fullmatch(r"/orgs/([^/]+)/teams/([^/]+)/repos/[^/]+/[^/]+", path):
            if found[2] not in self.known_teams:
                return 404, {"message": "Not Found"}
            self.teams[found[2]] = body["permission"]
            return GONE, None
        found = re.fullmatch(r"/repos/([^/]+/[^/]+)(?:/(keys|teams)(?:/(\d+))?)?", path)
        if not found or found[1] not in self.repos:
            return 404, {"message": "Not Found", "documentation_url": "https://docs.example.com"}
        if not found[2]:
            return OK, self.repos[found[1]]
        if found[2] == "teams":
            return OK, [{"slug": team, "permission": permission} for team, permission in self.teams.items()]
        return self._keys(method, found[3], body)

    def _keys(self, method: str, number: str | None, body: Any) -> Answer:
        if method == "GET":
            return OK, self.keys
        if method == "DELETE":
            self.keys = [key for key in self.keys if str(key["id"]) != number]
            return GONE, None
        self.keys.append({"id": len(self.keys) + 100} | body)
        return MADE, self.keys[-1]


class Gitea(GitHub):
    api = "/api/v1"

    def serve(self, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        if path == "/version":
            return OK, {"version": "1.24.0"}
        if found := re.fullmatch(r"/repos/[^/]+/[^/]+/teams/([^/]+)", path):
            if method == "GET":
                return (OK, {"name": found[1]}) if found[1] in self.teams else (404, {"message": "not found"})
            if found[1] not in self.known_teams:
                return 404, {"message": "team does not exist"}
            self.teams[found[1]] = "-"
            return GONE, None
        return super().serve(method, path, query, body)


class GitLab(Host):
    api = "/api/v4"

    def __init__(self, root: pathlib.Path) -> None:
        super().__init__(root)
        self.tokens: list[dict[str, Any]] = []
        self.groups = {"acme/platform": 7, "ops": 8, "acme": 9}

    def lets_in(self, headers: Any) -> bool:
        return bool(headers.get("private-token") == self.token)

    def serve(self, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        if path == "/user":
            return OK, {"username": self.user}
        if path.startswith("/groups/"):
            group = self.groups.get(path.removeprefix("/groups/"))
            return (OK, {"id": group}) if group else (404, {"message": "404 Group Not Found"})
        if path == "/projects":
            owner = next((name for name, number in self.groups.items() if number == body.get("namespace_id")), self.user)
            return MADE, self.make(owner, body)
        found = re.fullmatch(r"/projects/(.+?)(?:/(share|deploy_keys|deploy_tokens)(?:/(\d+))?)?", path)
        assert found
        project = next((r for name, r in self.repos.items() if found[1] in (name.lower(), str(r["id"]))), None)
        if project is None:
            return 404, {"message": "404 Project Not Found"}
        if not found[2]:
            shared = [{"group_id": int(group), "group_access_level": int(level)} for group, level in self.teams.items()]
            return OK, project | {"shared_with_groups": shared}
        if found[2] == "share":
            if method == "DELETE":
                del self.teams[found[3]]
                return GONE, None
            self.teams[str(body["group_id"])] = str(body["group_access"])
            return MADE, body
        return self._list(method, self.keys if found[2] == "deploy_keys" else self.tokens, found[3], body)

    def _list(self, method: str, there: list[dict[str, Any]], number: str | None, body: Any) -> Answer:
        if method == "GET":
            return OK, list(there)
        if method == "DELETE":
            there[:] = [entry for entry in there if str(entry["id"]) != number]
            return GONE, None
        made = {"id": len(self.calls) + 100} | body
        there.append(made)
        return MADE, made | {"username": "gitlab+deploy-token-1", "token": "d3ploy"}


class Bitbucket(Host):
    api = "/rest"

    def git_path(self, path: str) -> str:
        return path.removeprefix("/scm")

    def serve(self, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        if path == "/api/1.0/projects":
            return OK, {
                "values": [{"key": "PROJ", "name": "project"}] if query.get("name") in ("project", "PROJ") else [],
                "isLastPage": True,
            }
        if found := re.fullmatch(r"/api/1.0/projects/([^/]+)", path):
            return 404, {"errors": [{"message": f"Project {found[1]} does not exist."}]}
        if found := re.fullmatch(r"/api/1.0/projects/([^/]+)/repos", path):
            return MADE, self.make(found[1], body)
        found = re.fullmatch(r"/(?:api|keys)/1.0/projects/([^/]+)/repos/([^/]+)(?:/(permissions/groups|ssh)(?:/(\d+))?)?", path)
        assert found
        if f"{found[1]}/{found[2]}" not in self.repos:
            return 404, {"errors": [{"message": f"Repository {found[1]}/{found[2]} does not exist."}]}
        if not found[3]:
            return OK, self.repos[f"{found[1]}/{found[2]}"]
        if found[3] == "ssh":
            return self._keys(method, found[4], body, query)
        if method == "PUT":
            if query["name"] not in self.known_teams:
                return 404, {"errors": [{"message": f"The group {query['name']} does not exist."}]}
            self.teams[query["name"]] = query["permission"]
            return GONE, None
        return OK, self._page([{"group": {"name": team}, "permission": right} for team, right in self.teams.items()], query)

    def _keys(self, method: str, number: str | None, body: Any, query: dict[str, str]) -> Answer:
        if method == "GET":
            return OK, self._page(self.keys, query)
        if method == "DELETE":
            self.keys = [key for key in self.keys if str(key["key"]["id"]) != number]
            return GONE, None
        body["key"]["id"] = len(self.keys) + 100
        self.keys.append(body)
        return MADE, body

    def _page(self, entries: list[Any], query: dict[str, str]) -> dict[str, Any]:
        start = int(query.get("start", 0))
        last = start + self.page >= len(entries)
        following = {} if last else {"nextPageStart": start + self.page}
        return {"values": entries[start : start + self.page], "isLastPage": last} | following
