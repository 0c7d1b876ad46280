"""Who asks: tokens from files, credential plugins, client certificates, OIDC."""

import base64
import datetime
import json
import os
import pathlib
import signal
import ssl
import stat
import tempfile
import time
from typing import Any

import pytest
import yaml
from kube.loopback import CA, KS, PATH, Asked, answer, ca_data, client, failure, kubeconfig, listing, server_tls

from flux_cli.core.errors import FluxError, Timeout
from flux_cli.kube import auth, plugin, running
from flux_cli.kube.client import KubeClient

V1, V1BETA1 = "client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"
PATHS = {"HOME": "/nonexistent", "PATH": os.environ["PATH"]}


def echo(asked: Asked) -> bytes:
    """Who it was that asked, as the name of an object."""
    return answer(listing(asked.headers.get("authorization", "nobody")))


def who(kube: KubeClient) -> str:
    name: str = kube.list(KS, "apps").items[0]["metadata"]["name"]
    return name


def told(kube: KubeClient) -> FluxError:
    with pytest.raises(FluxError) as caught:
        kube.list(KS, "apps")
    return caught.value


def script(folder: pathlib.Path, text: str) -> str:
    path = folder / "plug"
    path.write_text(f"#!/bin/sh\necho run >> {folder}/runs\n{text}\n")
    path.chmod(0o755)
    return str(path)


def runs(folder: pathlib.Path) -> int:
    return len((folder / "runs").read_text().splitlines()) if (folder / "runs").exists() else 0


def credential(version: str = V1, **status: Any) -> str:
    return json.dumps({"apiVersion": version, "kind": "ExecCredential", "status": status})


def plugged(folder: pathlib.Path, server: str, text: str, environ: dict[str, str] | None = None, **spec: Any) -> KubeClient:
    entry = {"apiVersion": V1, "command": script(folder, text), "interactiveMode": "Never"} | spec
    return client(kubeconfig(folder, server, {"exec": entry}), PATHS | (environ or {}))


def test_basic_authentication(serve: Any, tmp_path: pathlib.Path) -> None:
    kube = client(kubeconfig(tmp_path, serve(echo).server, {"username": "joe", "password": "pa:ss"}))
    assert who(kube) == f"Basic {base64.b64encode(b'joe:pa:ss').decode()}"


def test_a_token_file_goes_before_the_token(serve: Any, tmp_path: pathlib.Path) -> None:
    (tmp_path / "tok").write_text("from-file\n")
    server = serve(echo).server
    assert who(client(kubeconfig(tmp_path, server, {"token": "t", "tokenFile": "tok"}))) == "Bearer from-file"
    assert who(client(kubeconfig(tmp_path, server, {"token": "t", "tokenFile": "nope"}))) == "Bearer t"


def test_a_token_file_is_read_again(serve: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tok").write_text("old")
    kube = client(kubeconfig(tmp_path, serve(echo).server, {"tokenFile": "tok"}))
    assert who(kube) == "Bearer old"
    (tmp_path / "tok").write_text("new")
    assert who(kube) == "Bearer old"
    monkeypatch.setattr(auth, "REREAD", -1.0)
    assert who(kube) == "Bearer new"


def test_a_refused_token_file_is_read_at_once(serve: Any, tmp_path: pathlib.Path) -> None:
    (tmp_path / "tok").write_text("old")

    def once(asked: Asked) -> bytes:
        if asked.headers["authorization"] == "Bearer old":
            (tmp_path / "tok").write_text("new")
            return failure("Unauthorized", 401)
        return echo(asked)

    assert who(client(kubeconfig(tmp_path, serve(once).server, {"tokenFile": "tok"}))) == "Bearer new"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "open {}: no such file or directory"),
        ("  \n", 'kubernetes client initialization failed: read empty token from file "{}"'),
    ],
)
def test_a_token_file_that_is_no_use(tmp_path: pathlib.Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "tok").write_text(content)
    with pytest.raises(FluxError) as caught:
        client(kubeconfig(tmp_path, "https://127.0.0.1:1", {"tokenFile": "tok"}))
    assert str(caught.value) == message.format(tmp_path / "tok")


@pytest.mark.parametrize("token", ["a\nb", "a b", "\x1b[1m", "é"])
def test_a_token_that_no_header_can_hold(tmp_path: pathlib.Path, token: str) -> None:
    with pytest.raises(FluxError) as caught:
        client(kubeconfig(tmp_path, "https://127.0.0.1:1", {"token": token}))
    assert str(caught.value) == 'net/http: invalid header field value for "Authorization"'


def test_impersonation(serve: Any, tmp_path: pathlib.Path) -> None:
    user = {"token": "t", "as": "jane", "as-uid": "7", "as-groups": ["a", "b,c"], "as-user-extra": {"scopes": ["x", "y"]}}
    server = serve(echo)
    who(client(kubeconfig(tmp_path, server.server, user)))
    who(
        client(kubeconfig(tmp_path, server.server, user), as_user="eve", as_group=("q",), as_user_extra=("k/é=1", "k/é=2", "odd"))
    )
    sent = [{k: v for k, v in asked.headers.items() if k.startswith("impersonate")} for asked in server.asked]
    assert sent == [
        {"impersonate-user": "jane", "impersonate-uid": "7", "impersonate-group": "a|b,c", "impersonate-extra-scopes": "x|y"},
        {
            "impersonate-user": "eve",
            "impersonate-uid": "7",
            "impersonate-group": "q",
            "impersonate-extra-scopes": "x|y",
            "impersonate-extra-k%2F%C3%A9": "1|2",
        },
    ]


# -- plugins


@pytest.mark.parametrize("version", [V1, V1BETA1])
def test_a_plugin_hands_out_a_token(serve: Any, tmp_path: pathlib.Path, version: str) -> None:
    kube = plugged(tmp_path, serve(echo).server, f"echo '{credential(version, token='tok')}'", apiVersion=version)
    assert [who(kube), who(kube)] == ["Bearer tok"] * 2
    assert runs(tmp_path) == 1


def test_what_a_plugin_is_told(serve: Any, tmp_path: pathlib.Path) -> None:
    server = serve(echo).server
    text = 'printf "%s\\n" "$@" > "$OUT"; printf "%s" "$KUBERNETES_EXEC_INFO" > "$OUT.info"; ' + f"echo '{credential(token='t')}'"
    out = tmp_path / "out"
    env = [{"name": "OUT", "value": str(out)}]
    assert who(plugged(tmp_path, server, text, args=["a b", "$HOME"], env=env, provideClusterInfo=True)) == "Bearer t"
    assert out.read_text() == "a b\n$HOME\n"
    assert json.loads((tmp_path / "out.info").read_text()) == {
        "kind": "ExecCredential",
        "apiVersion": V1,
        "spec": {"cluster": {"server": server, "certificate-authority-data": ca_data(), "config": None}, "interactive": False},
    }


def test_a_plugin_is_told_its_own_configuration(serve: Any, tmp_path: pathlib.Path) -> None:
    text = f'case "$KUBERNETES_EXEC_INFO" in *\'"config":{{"a":1}}\'*) echo \'{credential(token="yes")}\';; esac'
    entry = {"apiVersion": V1, "command": script(tmp_path, text), "interactiveMode": "Never", "provideClusterInfo": True}
    extensions = [{"name": "other", "extension": 2}, {"name": "client.authentication.k8s.io/exec", "extension": {"a": 1}}]
    assert who(client(kubeconfig(tmp_path, serve(echo).server, {"exec": entry}, extensions=extensions), PATHS)) == "Bearer yes"


def test_a_plugin_beside_the_kubeconfig(serve: Any, tmp_path: pathlib.Path) -> None:
    script(tmp_path, f"echo '{credential(token='near')}'")
    entry = {"apiVersion": V1, "command": "./plug", "interactiveMode": "Never"}
    assert who(client(kubeconfig(tmp_path, serve(echo).server, {"exec": entry}), PATHS)) == "Bearer near"


def test_explicit_credentials_go_before_a_plugin(serve: Any, tmp_path: pathlib.Path) -> None:
    entry = {"apiVersion": V1, "command": script(tmp_path, "exit 9"), "interactiveMode": "Never"}
    assert who(client(kubeconfig(tmp_path, serve(echo).server, {"exec": entry, "token": "t"}), PATHS)) == "Bearer t"
    assert runs(tmp_path) == 0


def test_a_refused_credential_runs_the_plugin_again(serve: Any, tmp_path: pathlib.Path) -> None:
    server = serve(lambda asked: failure("Unauthorized", 401) if asked.headers["authorization"] == "Bearer 1" else echo(asked))
    count = f"$(wc -l < {tmp_path}/runs | tr -d ' ')"
    kube = plugged(tmp_path, server.server, f"sed s/COUNT/{count}/ {tmp_path}/answer")
    (tmp_path / "answer").write_text(credential(token="COUNT"))
    assert who(kube) == "Bearer 2"
    assert runs(tmp_path) == 2


def test_refused_for_good(serve: Any, tmp_path: pathlib.Path) -> None:
    server = serve(lambda _: failure("Unauthorized", 401))
    assert str(told(plugged(tmp_path, server.server, f"echo '{credential(token='x')}'"))) == "Unauthorized"
    assert (runs(tmp_path), len(server.asked)) == (2, 2)


def stamp(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(time.time() + seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_an_expired_credential_is_renewed(serve: Any, tmp_path: pathlib.Path) -> None:
    server = serve(echo).server
    kube = plugged(tmp_path, server, f"echo '{credential(token='t', expirationTimestamp=stamp(5))}'")
    assert [who(kube), who(kube)] == ["Bearer t"] * 2
    assert runs(tmp_path) == 3  # for the connection, and once for each request: it is as good as expired each time


def identity(name: str) -> dict[str, str]:
    issued = CA.issue_cert(name)
    chain = b"".join(pem.bytes() for pem in issued.cert_chain_pems)
    return {"clientCertificateData": chain.decode(), "clientKeyData": issued.private_key_pem.bytes().decode()}


def test_a_plugin_hands_out_a_certificate(serve: Any, tmp_path: pathlib.Path) -> None:
    (tmp_path / "answer").write_text(credential(**identity("jane")))
    kube = plugged(tmp_path, serve(echo, tls=server_tls(client_ca=True)).server, f"cat {tmp_path}/answer")
    assert who(kube) == "nobody"


@pytest.mark.parametrize("form", ["data", "files"])
def test_a_client_certificate(serve: Any, tmp_path: pathlib.Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key touches no disk on its way into OpenSSL."""
    monkeypatch.setattr(tempfile, "mkstemp", None)
    pair = identity("jane")
    certificate, key = pair["clientCertificateData"].encode(), pair["clientKeyData"].encode()
    (tmp_path / "c").write_bytes(certificate)
    (tmp_path / "k").write_bytes(key)
    data = {"client-certificate-data": base64.b64encode(certificate).decode(), "client-key-data": base64.b64encode(key).decode()}
    user = data if form == "data" else {"client-certificate": "c", "client-key": "k"}
    server = serve(echo, tls=server_tls(client_ca=True))
    assert who(client(kubeconfig(tmp_path, server.server, user))) == "nobody"


def test_a_key_on_disk_lives_for_an_instant(serve: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has no anonymous files."""
    monkeypatch.delattr(os, "memfd_create")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "private"))
    (tmp_path / "private").mkdir()
    pair = identity("jane")
    user = {
        "client-certificate-data": base64.b64encode(pair["clientCertificateData"].encode()).decode(),
        "client-key-data": base64.b64encode(pair["clientKeyData"].encode()).decode(),
    }
    assert who(client(kubeconfig(tmp_path, serve(echo, tls=server_tls(client_ca=True)).server, user))) == "nobody"
    assert list((tmp_path / "private").iterdir()) == []


def test_a_server_that_wants_a_certificate(serve: Any, tmp_path: pathlib.Path) -> None:
    tls = server_tls(client_ca=True)
    tls.maximum_version = ssl.TLSVersion.TLSv1_2  # later versions tell it after the handshake, and the reset may be quicker
    server = serve(echo, tls=tls).server
    assert str(told(client(kubeconfig(tmp_path, server)))) == f'Get "{server}{PATH}": remote error: tls: handshake failure'


FAILURES = {
    "no status": (
        f"echo '{json.dumps({'apiVersion': V1, 'kind': 'ExecCredential'})}'",
        "exec plugin didn't return a status field",
    ),
    "no token": (f"echo '{credential()}'", "exec plugin didn't return a token or cert/key pair"),
    "half a pair": (f"echo '{credential(clientCertificateData='x')}'", "exec plugin returned only certificate or key, not both"),
    "other version": (
        f"echo '{credential(V1BETA1, token='x')}'",
        f"exec plugin is configured to use API version {V1}, plugin returned version {V1BETA1}",
    ),
    "no credential": (
        "echo '{}'",
        "decoding stdout: what the plugin printed is no ExecCredential of a version that is understood",
    ),
    "nothing": ("true", "decoding stdout: the plugin printed nothing"),
    "words": ("echo please log in; echo secret", "decoding stdout: the plugin did not print JSON"),
    "exit code": ("exit 4", "exec: executable plug failed with exit code 4"),
    "signal": ("kill -9 $$", "exec: executable plug failed with signal 9"),
    "a flood": ("yes", "exec: executable plug printed more than 4 MB"),
}


@pytest.mark.parametrize(("text", "message"), FAILURES.values(), ids=FAILURES)
def test_plugins_that_fail(serve: Any, tmp_path: pathlib.Path, text: str, message: str) -> None:
    err = told(plugged(tmp_path, serve(echo).server, text))
    assert str(err) == f'getting credentials for user "admin" in {tmp_path}/kubeconfig: {message}'
    assert err.hint


def test_a_plugin_that_is_not_there(serve: Any, tmp_path: pathlib.Path) -> None:
    entry = {
        "apiVersion": V1,
        "command": "no-such",
        "interactiveMode": "Never",
        "installHint": "get it\x1b[31m at\nexample.com\u202e",
    }
    err = told(client(kubeconfig(tmp_path, serve(echo).server, {"exec": entry}), PATHS))
    assert str(err) == f'getting credentials for user "admin" in {tmp_path}/kubeconfig: exec: executable no-such not found'
    assert err.hint == "get it[31m at\nexample.com"


def test_a_plugin_that_cannot_run(serve: Any, tmp_path: pathlib.Path) -> None:
    (tmp_path / "plug").write_text("")
    entry = {"apiVersion": V1, "command": f"{tmp_path}/plug", "interactiveMode": "Never"}
    err = told(client(kubeconfig(tmp_path, serve(echo).server, {"exec": entry}), PATHS))
    assert str(err).endswith(f"exec: fork/exec {tmp_path}/plug: permission denied")


@pytest.mark.parametrize("text", ["sleep 60", "sleep 60 & sleep 60"], ids=["alone", "with a child"])
def test_a_plugin_that_never_ends_meets_the_deadline(serve: Any, tmp_path: pathlib.Path, text: str) -> None:
    entry = {"apiVersion": V1, "command": script(tmp_path, text), "interactiveMode": "Never"}
    started = time.monotonic()
    err = told(client(kubeconfig(tmp_path, serve(echo).server, {"exec": entry}), PATHS, seconds=0.5))
    assert isinstance(err, Timeout)
    assert str(err) == "exec: executable plug did not end in time: context deadline exceeded"
    assert time.monotonic() - started < 20


def test_what_a_plugin_that_never_ends_has_started_ends_with_it(serve: Any, tmp_path: pathlib.Path) -> None:
    out = tmp_path / "child"
    entry = {"apiVersion": V1, "command": script(tmp_path, f"sleep 60 & echo $! > {out}; wait"), "interactiveMode": "Never"}
    told(client(kubeconfig(tmp_path, serve(echo).server, {"exec": entry}), PATHS, seconds=1))
    deadline = time.monotonic() + 30  # a signal is on its way for a moment, and the child would sleep for sixty seconds
    while alive(int(out.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def alive(process: int) -> bool:
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_child_that_a_plugin_leaves_behind_holds_up_nobody(serve: Any, tmp_path: pathlib.Path) -> None:
    """It keeps the plugin's standard output open."""
    out = tmp_path / "child"
    text = f"sleep 60 & echo $! > {out}; echo '{credential(token='yes')}'"
    kube = client(kubeconfig(tmp_path, serve(echo).server, {"exec": {"apiVersion": V1, "command": script(tmp_path, text),
                                                                       "interactiveMode": "Never"}}), PATHS, seconds=30)  # fmt: skip
    assert who(kube) == "Bearer yes"
    os.kill(int(out.read_text()), signal.SIGTERM)


def test_interactive_modes(serve: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """IfAvailable hands our standard input on where it is a terminal; Always cannot do without."""
    seen = []

    def run(_command: Any, environ: dict[str, str], interactive: bool, *_: Any) -> bytes:
        seen.append((interactive, json.loads(environ["KUBERNETES_EXEC_INFO"])["spec"]["interactive"]))
        return credential(token="t").encode()

    monkeypatch.setattr(running, "run", run)
    server = serve(echo).server
    for terminal in (True, False):
        monkeypatch.setattr(plugin, "_terminal", lambda terminal=terminal: terminal)
        for mode in ("Never", "IfAvailable"):
            who(plugged(tmp_path, server, "", interactiveMode=mode))
    assert seen == [(False, False), (True, True), (False, False), (False, False)]
    err = told(plugged(tmp_path, server, "", interactiveMode="Always"))
    assert str(err).endswith("exec plugin cannot support interactive mode: standard input is not a terminal")


# -- credentials kept between runs


def cached(folder: pathlib.Path) -> list[pathlib.Path]:
    return sorted((folder / "run").rglob("*.json"))


def test_nothing_is_kept_unless_it_is_asked_for(serve: Any, tmp_path: pathlib.Path) -> None:
    who(
        plugged(
            tmp_path,
            serve(echo).server,
            f"echo '{credential(token='t', expirationTimestamp=stamp(900))}'",
            {"XDG_RUNTIME_DIR": f"{tmp_path}/run"},
        )
    )
    assert cached(tmp_path) == []


def test_credentials_are_kept_for_the_next_run(serve: Any, tmp_path: pathlib.Path) -> None:
    server, env = serve(echo).server, {"XDG_RUNTIME_DIR": f"{tmp_path}/run", "FLUX_EXEC_CACHE": "1"}
    text = f"echo '{credential(token='t', expirationTimestamp=stamp(900))}'"
    assert [who(plugged(tmp_path, server, text, env)) for _ in range(3)] == ["Bearer t"] * 3
    assert runs(tmp_path) == 1
    assert [stat.S_IMODE(path.stat().st_mode) for path in cached(tmp_path)] == [0o600]
    assert stat.S_IMODE(cached(tmp_path)[0].parent.stat().st_mode) == 0o700
    assert who(plugged(tmp_path, server, text, env | {"PWD": "/elsewhere", "SSH_TTY": "x"})) == "Bearer t"
    assert runs(tmp_path) == 1
    assert who(plugged(tmp_path, server, text, env, args=["other"])) == "Bearer t"
    assert who(plugged(tmp_path, server, text, env | {"AWS_PROFILE": "prod"})) == "Bearer t"
    assert (runs(tmp_path), len(cached(tmp_path))) == (3, 3)


def test_a_certificate_is_kept_too(serve: Any, tmp_path: pathlib.Path) -> None:
    (tmp_path / "answer").write_text(credential(expirationTimestamp=stamp(900), **identity("jane")))
    env = {"XDG_RUNTIME_DIR": f"{tmp_path}/run", "FLUX_EXEC_CACHE": "1"}
    server = serve(echo, tls=server_tls(client_ca=True)).server
    assert [who(plugged(tmp_path, server, f"cat {tmp_path}/answer", env)) for _ in range(2)] == ["nobody"] * 2
    assert runs(tmp_path) == 1


@pytest.mark.parametrize("spoil", ["no expiry", "expired", "open to others", "broken", "refused"])
def test_when_a_kept_credential_does_not_serve(serve: Any, tmp_path: pathlib.Path, spoil: str) -> None:
    env = {"XDG_RUNTIME_DIR": f"{tmp_path}/run", "FLUX_EXEC_CACHE": "1"}
    refuse: list[int] = []
    server = serve(lambda asked: failure("Unauthorized", 401) if refuse and not refuse.pop() else echo(asked)).server
    status = {} if spoil == "no expiry" else {"expirationTimestamp": stamp(900)}
    text = f"echo '{credential(token='t', **status)}'"
    who(plugged(tmp_path, server, text, env))
    for path in cached(tmp_path):
        kept = json.loads(path.read_text())
        if spoil == "expired":
            path.write_text(json.dumps(kept | {"expires": time.time() - 1}))
        if spoil == "open to others":
            path.chmod(0o644)
        if spoil == "broken":
            path.write_text('{"token": 5')
    if spoil == "refused":
        refuse.append(0)
    assert who(plugged(tmp_path, server, text, env)) == "Bearer t"
    assert runs(tmp_path) == 2


# -- OIDC


def jwt(seconds: float, name: str = "") -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none'})}.{part({'exp': time.time() + seconds, 'sub': name})}.sig"


class Issuer:
    """An identity provider that hands out ``fresh`` for a refresh token, once."""

    def __init__(self, serve: Any) -> None:
        self.fresh = jwt(900, "fresh")
        self.answer: Any = {"id_token": self.fresh, "refresh_token": "r2"}
        self.server = serve(self._script)

    def _script(self, asked: Asked) -> bytes:
        if asked.target == "/.well-known/openid-configuration":
            return answer({"token_endpoint": f"{self.server.server}/token?x=y"})
        assert (asked.method, asked.target) == ("POST", "/token?x=y")
        assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
        return self.answer if isinstance(self.answer, bytes) else answer(self.answer)

    def user(self, **config: str) -> dict[str, Any]:
        base = {"idp-issuer-url": self.server.server, "client-id": "cli", "idp-certificate-authority-data": ca_data()}
        return {"auth-provider": {"name": "oidc", "config": base | config}}


def test_a_valid_id_token_is_used_as_it_is(serve: Any, tmp_path: pathlib.Path) -> None:
    issuer, token = Issuer(serve), jwt(900)
    assert who(client(kubeconfig(tmp_path, serve(echo).server, issuer.user(**{"id-token": token})))) == f"Bearer {token}"
    assert issuer.server.asked == []


def test_an_expired_id_token_is_renewed_and_written_back(serve: Any, tmp_path: pathlib.Path) -> None:
    issuer = Issuer(serve)
    user = issuer.user(**{"id-token": jwt(-5), "refresh-token": "r 1", "client-secret": "s&t"})
    path = pathlib.Path(kubeconfig(tmp_path, serve(echo).server, user))
    path.chmod(0o600)
    kube = client(str(path))
    assert [who(kube), who(kube)] == [f"Bearer {issuer.fresh}"] * 2
    assert issuer.server.asked[1].body == b"grant_type=refresh_token&refresh_token=r%201&client_id=cli&client_secret=s%26t"
    assert len(issuer.server.asked) == 2
    kept = yaml.safe_load(path.read_text())
    config = kept["users"][0]["user"]["auth-provider"]["config"]
    assert (config["id-token"], config["refresh-token"], config["client-secret"]) == (issuer.fresh, "r2", "s&t")
    assert kept["current-context"] == "lab"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert who(client(str(path))) == f"Bearer {issuer.fresh}"


def test_a_refused_id_token_is_renewed(serve: Any, tmp_path: pathlib.Path) -> None:
    issuer = Issuer(serve)
    server = serve(
        lambda asked: echo(asked) if asked.headers["authorization"] == f"Bearer {issuer.fresh}" else failure("Unauthorized", 401)
    )
    user = issuer.user(**{"id-token": jwt(900, "old"), "refresh-token": "r1"})
    assert who(client(kubeconfig(tmp_path, server.server, user))) == f"Bearer {issuer.fresh}"


OIDC_FAILURES: dict[str, tuple[dict[str, str], Any, str]] = {
    "no refresh token": ({}, {}, "No valid id-token, and cannot refresh without refresh-token"),
    "refused": (
        {"refresh-token": "r"}, answer({"error": "invalid_grant", "error_description": "too\x1b old"}, 400),
        "token response did not contain an id_token: too old",
    ),
    "no token": ({"refresh-token": "r"}, {"access_token": "x"}, "token response did not contain an id_token"),
    "no JSON": ({"refresh-token": "r"}, answer(b"<html>"), "ISSUER/token?x=y did not answer in JSON"),
    "broken": ({"refresh-token": "r"}, answer(b"", 500, content_length="5"), 'Post "ISSUER/token?x=y": i/o timeout'),
    "in the clear": (
        {"refresh-token": "r", "idp-issuer-url": "http://127.0.0.1:1"}, {},
        'Get "http://127.0.0.1:1/.well-known/openid-configuration": the identity provider must be spoken to over https',
    ),
    "not there": (
        {"refresh-token": "r", "idp-issuer-url": "https://127.0.0.1:1"}, {},
        'Get "https://127.0.0.1:1/.well-known/openid-configuration": dial tcp 127.0.0.1:1: connect: connection refused',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("config", "says", "message"), OIDC_FAILURES.values(), ids=OIDC_FAILURES)
def test_oidc_that_fails(serve: Any, tmp_path: pathlib.Path, config: Any, says: Any, message: str) -> None:
    issuer = Issuer(serve)
    issuer.answer = says
    path = kubeconfig(tmp_path, serve(echo).server, issuer.user(**config))
    message = message.replace("ISSUER", issuer.server.server)
    assert str(told(client(path, seconds=2))) == f'getting credentials: {message} (auth-provider oidc of user "admin" in {path})'
