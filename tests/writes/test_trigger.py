"""``flux trigger receiver``: what is sent to the webhook, and what is made of the answer."""

import hashlib
import hmac
import http.server
import threading
from collections.abc import Iterator

import pytest
from front_door import Flux


class Hooks(http.server.ThreadingHTTPServer):
    """Answers with ``codes`` in turn, then 200; keeps what it was sent."""

    codes: list[int]
    got: list[tuple[str, dict[str, str], bytes]]
    body = b""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answer(http.server.BaseHTTPRequestHandler):
    server: Hooks

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.got.append((self.path, {key.lower(): value for key, value in self.headers.items()}, body))
        self.send_response(self.server.codes.pop(0) if self.server.codes else 200)
        self.send_header("content-length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    do_GET = do_POST


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    server = Hooks(("127.0.0.1", 0), Answer)
    server.codes, server.got = [], []
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def path(token: str) -> str:
    return "/hook/" + hashlib.sha256(f"{token}applive".encode()).hexdigest()


def test_generic(flux: Flux, hooks: Hooks) -> None:
    answer = flux(f"trigger receiver app -n live --url {hooks.url}/base/ --token abc")
    assert answer == (0, "", "► triggering Receiver live/app\n✔ Receiver live/app triggered\n")
    ((where, headers, body),) = hooks.got
    assert (where, body) == (f"/base{path('abc')}", b"{}")
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"].startswith("flux/v")
    assert "x-signature" not in headers


def test_hmac_signs_the_payload(flux: Flux, hooks: Hooks) -> None:
    assert flux(f"trigger receiver app -n live --url {hooks.url} --type generic-hmac --token abc --payload", '{"é":1}').code == 0
    ((where, headers, body),) = hooks.got
    assert (where, body) == (path("abc"), '{"é":1}'.encode())
    assert headers["x-signature"] == "sha256=" + hmac.new(b"abc", body, hashlib.sha256).hexdigest()


def test_oidc_shows_a_token(flux: Flux, hooks: Hooks) -> None:
    line = f"trigger receiver app -n live --url {hooks.url} --type generic-oidc"
    assert flux(f"{line} --oidc-token t1").code == 0
    assert flux(line, FLUX_TRIGGER_RECEIVER_OIDC_TOKEN="t2").code == 0
    assert [(where, headers["authorization"]) for where, headers, _ in hooks.got] == [
        (path(""), "Bearer t1"),
        (path(""), "Bearer t2"),
    ]


def test_oidc_asks_the_ci_system(flux: Flux, hooks: Hooks) -> None:
    hooks.body = b'{"value": "from-ci"}'
    given = {"ACTIONS_ID_TOKEN_REQUEST_URL": f"{hooks.url}/id?v=1", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "ci"}
    line = f"trigger receiver app -n live --url {hooks.url} --type generic-oidc --oidc-provider github"
    assert flux(line, **given).code == 0
    (asked, headers, _), (_, sent, _) = hooks.got
    assert (asked, headers["authorization"]) == ("/id?v=1&audience=notification-controller", "bearer ci")
    assert sent["authorization"] == "Bearer from-ci"
    hooks.body = b"{}"
    assert flux(line, **given).err == "✗ the OIDC token response did not contain a token\n"
    hooks.codes = [403]
    hooks.body = b"no"
    assert flux(line, **given).err == "✗ OIDC token request failed with status 403 Forbidden: no\n"
    assert flux(line).err.startswith(
        "✗ ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN must be set in the environment; "
    )


def test_what_may_pass_is_tried_again(flux: Flux, hooks: Hooks) -> None:
    hooks.codes = [503, 429]
    answer = flux(f"trigger receiver app -n live --url {hooks.url} --token abc --retries 2 --retry-delay 1ms")
    url = hooks.url + path("abc")
    assert answer == (0, "", (
        "► triggering Receiver live/app\n"
        f"◎ request to {url} failed with status 503 Service Unavailable; retrying in 1ms (1/2)\n"
        f"◎ request to {url} failed with status 429 Too Many Requests; retrying in 1ms (2/2)\n"
        "✔ Receiver live/app triggered\n"
    ))  # fmt: skip


def test_what_will_not_pass_is_told(flux: Flux, hooks: Hooks) -> None:
    hooks.codes, hooks.body = [400], b" bad \n"
    answer = flux(f"trigger receiver app -n live --url {hooks.url} --token abc")
    assert answer.code == 1
    assert answer.err.splitlines()[1] == f"✗ request to {hooks.url}{path('abc')} failed with status 400 Bad Request: bad"
    hooks.codes = [404]
    assert (
        "failed with status 404 Not Found" in flux(f"trigger receiver app -n live --url {hooks.url} --token abc --retries 0").err
    )


def test_a_deadline_ends_the_retries(flux: Flux, hooks: Hooks) -> None:
    hooks.codes = [500] * 9
    answer = flux(f"trigger receiver app -n live --url {hooks.url} --token abc --retry-delay 1h --timeout 100ms")
    assert (answer.code, answer.err.splitlines()[-1]) == (1, "✗ context deadline exceeded")


def test_nobody_listens(flux: Flux) -> None:
    answer = flux("trigger receiver app -n live --url http://127.0.0.1:1 --token abc --retries 0")
    assert answer.code == 1
    assert answer.err.splitlines()[1] == (
        f'✗ request to http://127.0.0.1:1{path("abc")} failed: Post "http://127.0.0.1:1{path("abc")}": '
        "dial tcp 127.0.0.1:1: connect: connection refused"
    )


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ("", "--url is required"),
        ("--url x --type y", 'invalid --type "y", must be one of: generic, generic-hmac, generic-oidc'),
        ("--url x", "--token is required for --type=generic"),
        ("--url x --token t --oidc-token o", "--oidc-provider, --oidc-token and --oidc-audience can only be set for --type=generic-oidc"),
        ("--url x --type generic-oidc --token t",
         "--token must not be set for --type=generic-oidc, the Receiver of this type has no secret"),
        ("--url x --type generic-oidc --oidc-provider github --oidc-token t", "--oidc-provider and --oidc-token are mutually exclusive"),
        ("--url x --type generic-oidc --oidc-provider gitlab", 'invalid --oidc-provider "gitlab", must be one of: github, forgejo'),
        ("--url x --type generic-oidc --oidc-audience a", "--oidc-audience can only be set together with --oidc-provider"),
        ("--url x --type generic-oidc",
         "no OIDC token provided: set --oidc-provider, --oidc-token or the FLUX_TRIGGER_RECEIVER_OIDC_TOKEN environment variable"),
    ],
)  # fmt: skip
def test_flags_that_do_not_fit(flux: Flux, flags: str, message: str) -> None:
    assert flux(f"trigger receiver app {flags}") == (1, "", f"✗ {message}\n")


def test_fewer_than_no_retries_is_one_call(flux: Flux, hooks: Hooks) -> None:
    hooks.codes = [500]
    answer = flux(f"trigger receiver app -n live --url {hooks.url} --token abc --retries -1")
    assert answer.code == 1
    assert answer.err.splitlines()[1].endswith(" failed with status 500 Internal Server Error")
    assert len(hooks.got) == 1


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://h", 'request to {url} failed: Post "{url}": unsupported protocol scheme "ftp"'),
        ("h/base", 'request to {url} failed: Post "{url}": unsupported protocol scheme ""'),
        ("http://", 'request to {url} failed: Post "{url}": http: no Host in request URL'),
        ("127.0.0.1:1", 'unable to create request: parse "{url}": first path segment in URL cannot contain colon'),
        ("http://h:x", 'unable to create request: parse "{url}": invalid port ":x" after host'),
    ],
)
def test_addresses_that_are_none(flux: Flux, url: str, why: str) -> None:
    answer = flux(f"trigger receiver app -n live --url {url} --token abc --retries 0")
    whole = url.rstrip("/") + path("abc")
    assert answer == (1, "", f"► triggering Receiver live/app\n✗ {why.format(url=whole)}\n")
