"""Commands as processes of their own: there nobody has loaded what the lean modules do without, and yet they say the same.

What stands in for ``json`` and ``ssl`` is C code, some of which looks for Python's modules when something goes wrong. Within
pytest these are always there.
"""

import base64
import gzip
import json
import pathlib
import shlex
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from front_door import Flux, Result
from kube.loopback import CA, CLOSE, Asked, answer, ca_data, failure, listing, server_tls
from kube.test_wire import BROKEN, NOT_JSON, REFUSALS

LARGE = [f"app-{number:06}" for number in range(30_000)]  # 1.2 MB: more than is looked at together
WHOLE = json.dumps(listing(*LARGE)).encode()


def told(script: Any) -> Callable[[Asked], Any]:
    return lambda _: script


ANSWERS: dict[str, Any] = {
    **{name: script for name, (script, _) in (BROKEN | NOT_JSON | REFUSALS).items()},
    "a large list": answer(WHOLE),
    "a large list, packed": answer(gzip.compress(WHOLE), content_encoding="gzip"),
    "a large list, cut": answer(WHOLE[:-30]),
    "JSON, cut": answer(json.dumps(listing("one")).encode()[:-9]),
    "JSON, broken": answer(b'{"items": [{"metadata": {"name" "one"}}]}'),
    "a string, broken": answer(b'{"items": [{"metadata": {"name": "\\u12"}}]}'),
    "two values": answer(b'{"items": []} {}'),
    "unauthorized": failure("Unauthorized", 401, "Unauthorized"),
    "redirect": answer(b"", 302, location="https://login.example/"),
    "nothing": [CLOSE],
}
LONG = {"a large list", "a large list, packed", "a large list, cut", "large", "many headers"}  # fourteen times are too much
CERTIFICATES = {
    "expired": {"tls": server_tls(expired=True)},
    "another name": {"tls": server_tls(name="other.example")},
}


def configured(folder: pathlib.Path, server: str, user: dict[str, Any] | None = None, **cluster: Any) -> str:
    """A kubeconfig as kubectl writes it."""
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "lab", "cluster": {"server": server, "certificate-authority-data": ca_data(), **cluster}}],
        "users": [{"name": "admin", "user": user or {"token": "secret-token"}}],
        "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": "admin"}}],
        "current-context": "lab",
    }
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(document))
    return str(path)


def both(line: str, config: str, folder: pathlib.Path) -> tuple[Result, Result]:
    """What a process says, and what is said here."""
    flux = Flux(str(folder), KUBECONFIG=config)
    here = flux(line)
    command = [sys.executable, "-m", "flux_cli", *shlex.split(line)]
    done = subprocess.run(
        command, env=flux.environ, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False
    )
    return Result(done.returncode, done.stdout, done.stderr), here


@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_is_understood_as_elsewhere(serve: Any, tmp_path: pathlib.Path, case: str) -> None:
    config = configured(tmp_path, serve(told(ANSWERS[case])).server)
    for line in ("get ks", "get all", "suspend ks one"):
        if line == "get ks" or case not in LONG:
            alone, here = both(line, config, tmp_path)
            assert alone == here


def test_a_large_list_is_read_to_its_end(serve: Any, tmp_path: pathlib.Path) -> None:
    alone, _ = both("get ks", configured(tmp_path, serve(told(ANSWERS["a large list"])).server), tmp_path)
    assert (alone.code, alone.err, alone.out.count("\n")) == (0, "", 1 + len(LARGE))


@pytest.mark.parametrize("case", CERTIFICATES)
def test_a_handshake_that_fails_is_told_as_elsewhere(serve: Any, tmp_path: pathlib.Path, case: str) -> None:
    server = serve(told(answer(listing("one"))), **CERTIFICATES[case]).server.replace("http:", "https:")
    alone, here = both("get ks", configured(tmp_path, server), tmp_path)
    assert alone == here
    assert alone.code == 1


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


OURS = CA.issue_cert("jane")
CERTIFICATE, KEY = OURS.cert_chain_pems[0].bytes().decode(), OURS.private_key_pem.bytes().decode()
OTHER = CA.issue_cert("joe").private_key_pem.bytes().decode()
PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
USERS: dict[str, dict[str, Any]] = {
    "no certificate": {"client-certificate-data": encoded("none"), "client-key-data": encoded(KEY)},
    "a broken one": {"client-certificate-data": encoded(PEM), "client-key-data": encoded(KEY)},
    "another's key": {"client-certificate-data": encoded(CERTIFICATE), "client-key-data": encoded(OTHER)},
    "no base64": {"client-certificate-data": "%", "client-key-data": encoded(KEY)},
    "a file that is not there": {"client-certificate": "/nowhere/tls.crt", "client-key": "/nowhere/tls.key"},
    "a token that is not there": {"tokenFile": "/nowhere/token"},
    "a plugin that is not there": {
        "exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "no-such", "interactiveMode": "Never"}
    },
    "a plugin without an answer": {
        "exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "true", "interactiveMode": "Never"}
    },
}


@pytest.mark.parametrize("case", USERS)
def test_credentials_of_no_use_are_told_as_elsewhere(serve: Any, tmp_path: pathlib.Path, case: str) -> None:
    server = serve(told(answer(listing("one")))).server
    alone, here = both("get ks", configured(tmp_path, server, USERS[case]), tmp_path)
    assert alone == here
    assert alone.code == 1


@pytest.mark.parametrize("pem", ["none", PEM], ids=["none", "broken"])
def test_an_authority_of_no_use_is_told_as_elsewhere(serve: Any, tmp_path: pathlib.Path, pem: str) -> None:
    server = serve(told(answer(listing("one")))).server
    alone, here = both("get ks", configured(tmp_path, server, **{"certificate-authority-data": encoded(pem)}), tmp_path)
    assert alone == here
    assert alone.code == 1


@pytest.mark.parametrize("server", ["https://127.0.0.1:1", "https://cluster.invalid:6443", "http://[::1]:1", "ftp://x", "::"])
def test_no_way_to_a_server_is_told_as_elsewhere(tmp_path: pathlib.Path, server: str) -> None:
    alone, here = both("get ks", configured(tmp_path, server), tmp_path)
    assert alone == here
    assert alone.code == 1


@pytest.mark.parametrize(
    "text", ["", "a: [", "kind: Config\nusers: 5\n", "{", '{"a": 1', "a: b: c", "\x00", "- 1\n", "users: [{name: x"]
)
def test_a_kubeconfig_that_is_none_is_told_as_elsewhere(tmp_path: pathlib.Path, text: str) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(text)
    alone, here = both("get ks", str(path), tmp_path)
    assert alone == here
