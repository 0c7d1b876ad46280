"""Real Git servers on loopback: ``git http-backend`` behind HTTP or TLS with a login, and ``sshd``."""

import base64
import getpass
import http.server
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable

import trustme


def git(*args: str, cwd: pathlib.Path | None = None, **environ: str) -> str:
    """A git command's output."""
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"} | environ
    names = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "T"), ("EMAIL", "t@example.com"))
    }
    done = subprocess.run(["git", *args], cwd=cwd, env=env | names, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"git {' '.join(args)}: {done.stderr}")
    return done.stdout


class Bare:
    """A bare repository, empty at first."""

    def __init__(self, root: pathlib.Path, name: str = "fleet.git") -> None:
        self.path = root / name
        git("init", "-q", "--bare", "--initial-branch=main", str(self.path))
        git("config", "http.receivepack", "true", cwd=self.path)

    def log(self) -> list[str]:
        """``author|subject`` of each commit, newest first; empty where there is none."""
        heads = git("for-each-ref", "refs/heads/main", cwd=self.path)
        return git("log", "--format=%an <%ae>|%B", "-z", "main", cwd=self.path).split("\0")[:-1] if heads else []

    def head(self) -> str:
        return git("rev-parse", "main", cwd=self.path).strip()

    def files(self) -> list[str]:
        return git("ls-tree", "-r", "--name-only", "main", cwd=self.path).split()

    def show(self, path: str) -> str:
        return git("show", f"main:{path}", cwd=self.path)

    def commit(self, work: pathlib.Path, files: dict[str, str], message: str = "by hand") -> None:
        """Somebody else's commit."""
        folder = work / f"clone-{time.monotonic_ns()}"
        git("clone", "-q", str(self.path), str(folder))
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)
        git("checkout", "-q", "-B", "main", cwd=folder)
        git("add", "-A", cwd=folder)
        git("commit", "-q", "-m", message, cwd=folder)
        git("push", "-q", "origin", "main", cwd=folder)


class _Quiet(http.server.ThreadingHTTPServer):
    """Says nothing about connections that break: tests break them."""

    def handle_error(self, *_: object) -> None:
        pass


class HttpServer:
    """Serves the repositories below ``root``. ``login``: the Authorization header that is let in, "" for everybody.

    ``before_push`` is called once, before the next push is handed on: the place to move the branch away.
    ``old``: it speaks the first version of the protocol alone. ``rewrite`` gets what Git answers and says what is sent instead.
    """

    def __init__(
        self, root: pathlib.Path, *, user: str = "", password: str = "", bearer: str = "", ca: trustme.CA | None = None
    ) -> None:
        self.login = f"Bearer {bearer}" if bearer else ""
        if user:
            self.login = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self.refuse = 0
        self.says = b"no"
        self.requests: list[str] = []
        self.before_push: Callable[[], None] | None = None
        self.old = False
        self.rewrite: Callable[[bytes], bytes] = bytes
        self._server = _Quiet(("127.0.0.1", 0), _handler(self, root))
        scheme = "http"
        if ca is not None:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            ca.issue_cert("127.0.0.1").configure_cert(tls)
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
            scheme = "https"
        self.port = self._server.server_address[1]
        self.url = f"{scheme}://127.0.0.1:{self.port}/fleet.git"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(server: HttpServer, root: pathlib.Path) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def answer(self) -> None:
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            server.requests.append(f"{self.command} {self.path}")
            if server.refuse:
                return self.plain(server.refuse, server.says)
            if server.login and self.headers.get("authorization") != server.login:
                return self.plain(401, b"who are you?")
            if path.endswith("/git-receive-pack") and server.before_push:
                call, server.before_push = server.before_push, None
                call()
            headers = {} if server.old else dict(self.headers)
            kept = {"content-type": self.headers.get("content-type", "")}
            head, _, rest = backend(root, self.command, path, query, kept | headers, body).partition(b"\r\n\r\n")
            fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
            rest = server.rewrite(rest)
            self.send_response(int(fields.pop("Status", "200").split()[0]))
            for name, value in fields.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(rest)))
            self.end_headers()
            self.wfile.write(rest)
            return None

        def plain(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer

    return Handler


def backend(root: pathlib.Path, method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> bytes:
    """The CGI program that comes with git."""
    lower = {name.lower(): value for name, value in headers.items()}
    environ = {
        "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": str(root), "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path,
        "QUERY_STRING": query, "REQUEST_METHOD": method, "CONTENT_TYPE": lower.get("content-type", ""),
        "CONTENT_LENGTH": str(len(body)), "REMOTE_USER": "somebody", "GIT_PROTOCOL": lower.get("git-protocol", ""),
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
    }  # fmt: skip
    return subprocess.run(["git", "http-backend"], input=body, env=environ, capture_output=True, check=False).stdout


class SshServer:
    """A real ``sshd`` for the current user. ``authorize`` lets a public key in."""

    def __init__(self, root: pathlib.Path, folder: pathlib.Path) -> None:
        binary = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
        assert binary
        folder.mkdir(parents=True)
        for kind in ("ecdsa", "ed25519"):
            subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(folder / f"host_{kind}")], check=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._keys = folder / "authorized_keys"
        self._keys.write_text("")
        self._keys.chmod(0o600)
        config = folder / "config"
        config.write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {folder}/host_ecdsa\nHostKey {folder}/host_ed25519\n"
            f"AuthorizedKeysFile {self._keys}\nPidFile {folder}/pid\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
            "AcceptEnv GIT_PROTOCOL\n"
        )
        pathlib.Path("/run/sshd").mkdir(exist_ok=True)
        self.log = folder / "log"
        self._process = subprocess.Popen([binary, "-D", "-f", str(config), "-E", str(self.log)], stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.05)
        else:
            raise AssertionError(f"sshd did not start: {self.log.read_text()}")
        self.folder = folder
        self.url = f"ssh://{getpass.getuser()}@127.0.0.1:{self.port}{root}/fleet.git"

    def host_key(self) -> str:
        """The key that a client prefers, as ``type key``."""
        return " ".join((self.folder / "host_ecdsa.pub").read_text().split()[:2])

    def authorize(self, public: str) -> None:
        with self._keys.open("a") as keys:
            keys.write(public.rstrip("\n") + "\n")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)


def configured(folder: pathlib.Path, text: str) -> dict[str, str]:
    """An environment whose ``ssh`` has this configuration: ssh itself looks into the user's home, wherever HOME is."""
    (folder / "config").write_text(text)
    (folder / "bin").mkdir()
    program = folder / "bin" / "ssh"
    program.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F {folder / "config"} "$@"\n')
    program.chmod(0o755)
    return {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "HOME": str(folder)}
