"""Object storage on loopback: a real S3 gateway over a folder, and small servers that speak Google's and Azure's documented APIs."""

import base64
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from real_cluster import free_port

GATEWAY = pathlib.Path(os.environ.get("FLUX_TEST_ASSETS", "/nonexistent"), "versitygw")


class S3Gateway:
    """Each folder below ``data`` is a bucket. Requests must be signed by ``access`` and ``secret``."""

    access, secret = "AKIATEST", "a-secret/with+signs"

    def __init__(self, folder: pathlib.Path) -> None:
        self.data = folder / "data"
        (folder / "side").mkdir(parents=True)
        self.data.mkdir()
        self.address = f"127.0.0.1:{free_port()}"
        environ = {"PATH": os.environ["PATH"], "ROOT_ACCESS_KEY": self.access, "ROOT_SECRET_KEY": self.secret}
        command = [str(GATEWAY), "--quiet", "--port", self.address, "posix", "--sidecar", str(folder / "side"), str(self.data)]
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
        self._await()

    def _await(self) -> None:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://{self.address}/", timeout=1)
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the S3 gateway does not answer")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


class Served:
    """A server of one thread each request; ``answer(method, url, headers, body)`` gives status, headers and body."""

    def __init__(self, answer: Any, ip: str = "127.0.0.1") -> None:
        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, content = answer(self.command, urllib.parse.urlsplit(self.path), self.headers, body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_GET

        self._server = http.server.ThreadingHTTPServer((ip, 0), Handler)
        self.address = f"{ip}:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Google:
    """A bucket ``charts``, two objects a page, for who shows the token that a service account's signed claim is exchanged for."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files, self._key = files, rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._server = Served(self._answer)
        self.address, self.stop = self._server.address, self._server.stop

    def account(self) -> str:
        """A key file."""
        form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        return json.dumps(
            {
                "client_email": "robot@example.com",
                "private_key": self._key.private_bytes(*form).decode(),
                "token_uri": f"http://{self.address}/token",
            }
        )

    def _answer(self, method: str, url: Any, headers: Any, body: bytes) -> tuple[int, bytes]:
        if url.path == "/token":
            claim = urllib.parse.parse_qs(body.decode())["assertion"][0]
            signed, _, signature = claim.rpartition(".")
            self._key.public_key().verify(_decoded(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256())
            assert json.loads(_decoded(signed.partition(".")[2]))["iss"] == "robot@example.com"
            return 200, b'{"access_token": "let-me-in"}'
        if headers.get("Authorization") != "Bearer let-me-in":
            return 401, b'{"error": {"code": 401, "message": "Anonymous caller does not have storage.objects.list access"}}'
        query, root = urllib.parse.parse_qs(url.query), "/storage/v1/b/charts/o"
        if url.path == root:
            names = [name for name in sorted(self._files) if name.startswith(query.get("prefix", [""])[0])]
            at = int(query.get("pageToken", ["0"])[0])
            found = {"items": [{"name": n, "size": str(len(self._files[n]))} for n in names[at : at + 2]]}
            return 200, json.dumps(found | ({"nextPageToken": str(at + 2)} if len(names) > at + 2 else {})).encode()
        name = urllib.parse.unquote(url.path.removeprefix(f"{root}/"))
        return (200, self._files[name]) if query.get("alt") == ["media"] and name in self._files else (404, b"{}")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Azure:
    """A container ``charts`` of the account ``acct``, one blob a page; looks at Shared Key, a signature, or a token."""

    key = base64.b64encode(b"0123456789abcdef").decode()

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files, self._server = files, Served(self._answer)
        self.address, self.stop = self._server.address, self._server.stop
        self.endpoint = f"http://{self.address}/acct"

    def _answer(self, method: str, url: Any, headers: Any, body: bytes) -> tuple[int, bytes]:
        query = dict(urllib.parse.parse_qsl(url.query))
        if url.path == "/tenant/oauth2/v2.0/token":
            form = dict(urllib.parse.parse_qsl(body.decode()))
            ok = form.get("client_secret") == "hush" or ("client_assertion" in form and self._proven(form))
            ok = ok and form["scope"] == "https://storage.azure.com/.default" and form["client_id"] == "me"
            said = {"access_token": "let-me-in"} if ok else {"error": "invalid_client", "error_description": "AADSTS7000215: no"}
            return (200 if ok else 401), json.dumps(said).encode()
        allowed = headers.get("Authorization") in ("Bearer let-me-in", self._shared(url.path, query, headers))
        if not allowed and query.get("sig") != "a+b/c=":
            return 403, "<Error><Code>AuthenticationFailed</Code><Message>No.\nRequestId:1</Message></Error>".encode("utf-8-sig")
        if query.get("comp") == "list":
            names = [name for name in sorted(self._files) if name.startswith(query.get("prefix", ""))]
            at = int(query.get("marker") or 0)
            size = f"<Properties><Content-Length>{len(self._files[names[at]])}</Content-Length></Properties>"
            more = str(at + 1) if at + 1 < len(names) else ""
            page = f"<Blobs><Blob><Name>{names[at]}</Name>{size}</Blob></Blobs><NextMarker>{more}</NextMarker>"
            return 200, f"<EnumerationResults>{page}</EnumerationResults>".encode("utf-8-sig")
        return 200, self._files[urllib.parse.unquote(url.path.removeprefix("/acct/charts/"))]

    def trust(self, certificate: x509.Certificate) -> None:
        """The certificate that is registered for the application ``me``."""
        self._certificate = certificate

    def _proven(self, form: dict[str, str]) -> bool:
        """Whether the assertion is signed by the registered certificate, for this endpoint, and not too old."""
        assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        signed, _, signature = form["client_assertion"].rpartition(".")
        header, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in signed.split("."))
        public = self._certificate.public_key()
        assert isinstance(public, rsa.RSAPublicKey)
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        public.verify(base64.urlsafe_b64decode(signature + "=="), signed.encode(), pss, hashes.SHA256())
        thumb = base64.urlsafe_b64encode(self._certificate.fingerprint(hashes.SHA256())).decode().rstrip("=")
        self.chain = len(header.get("x5c", []))
        return (
            (header["alg"], header["x5t#S256"], claims["iss"], claims["sub"]) == ("PS256", thumb, "me", "me")
            and claims["aud"] == f"http://{self.address}/tenant/oauth2/v2.0/token"
            and claims["iat"] <= time.time() < claims["exp"]
            and bool(claims["jti"])
        )

    def _shared(self, path: str, query: dict[str, str], headers: Any) -> str:
        """The header that an emulator of Microsoft's accepts for this request: the account stands in the path, too."""
        text = "GET" + "\n" * 12 + f"x-ms-date:{headers.get('x-ms-date')}\nx-ms-version:{headers.get('x-ms-version')}\n"
        text += f"/acct{path}" + "".join(f"\n{name}:{query[name]}" for name in sorted(query))
        return (
            "SharedKey acct:" + base64.b64encode(hmac.digest(base64.b64decode(self.key), text.encode(), hashlib.sha256)).decode()
        )
