"""The cluster over the network: TLS, tokens, the kubeconfig, broken connections."""

import contextlib
import gzip
import http.client
import json
import pathlib
import socket
import ssl
import stat

import pytest
from front_door import Flux

from flux_cli.core.errors import FluxError
from flux_cli.sandbox.access import ADMIN, VIEWER
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.faults import Fault
from flux_cli.sandbox.server import Server

from .manifests import config, git


def connect(server: Server, host: str = "127.0.0.1") -> http.client.HTTPSConnection:
    trust = ssl.create_default_context(cadata=server.ca.decode())
    return http.client.HTTPSConnection(host, server.port, context=trust, timeout=10)


def ask(server: Server, path: str, token: str = "", **headers: str) -> tuple[int, bytes, http.client.HTTPMessage]:
    with contextlib.closing(connect(server)) as connection:
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} | headers if token else headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_its_certificate_is_good_for_its_names(server: Server, host: str) -> None:
    connection = connect(server, host)
    connection.request("GET", "/healthz", headers={"Authorization": f"Bearer {server.token(ADMIN)}"})
    assert connection.getresponse().read() == b"ok"
    connection.close()


def test_its_certificate_is_trusted_by_nobody_else(server: Server) -> None:
    connection = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=10, context=ssl.create_default_context())
    with pytest.raises(ssl.SSLCertVerificationError):
        connection.request("GET", "/healthz")


def test_tokens(server: Server) -> None:
    path = "/api/v1/namespaces"
    assert [ask(server, path, token)[0] for token in (server.token(ADMIN), server.token(VIEWER), "wrong", "")] == [
        200,
        403,
        401,
        403,
    ]


def test_a_connection_serves_many_requests(server: Server) -> None:
    connection = connect(server)
    for _ in range(3):
        connection.request("GET", "/version", headers={"Authorization": f"Bearer {server.token(VIEWER)}"})
        version = json.loads(connection.getresponse().read())
        assert (version["gitVersion"], version["platform"]) == ("v1.36.3", "flux-sandbox")
    connection.close()


def test_large_answers_are_compressed_when_asked(server: Server) -> None:
    for number in range(300):
        made = config(f"m{number}")
        made["data"] = {"k": "v" * 1000}
        server.sandbox.keep(made)
    path, token = "/api/v1/namespaces/default/configmaps", server.token(ADMIN)
    _, plain, headers = ask(server, path, token)
    _, packed, with_gzip = ask(server, path, token, **{"Accept-Encoding": "gzip"})
    assert (headers["content-encoding"], with_gzip["content-encoding"], gzip.decompress(packed)) == (None, "gzip", plain)


def test_a_cut_connection_and_half_a_body(server: Server) -> None:
    server.sandbox.faults.add(Fault(cut=True, times=1))
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError, ssl.SSLError)):
        ask(server, "/version", server.token(ADMIN))
    server.sandbox.faults.add(Fault(half=True, times=1))
    with pytest.raises(http.client.IncompleteRead):
        ask(server, "/version", server.token(ADMIN))
    assert ask(server, "/version", server.token(ADMIN))[0] == 200


def test_a_silent_client_holds_up_nobody(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)):
        assert ask(server, "/version", server.token(ADMIN))[0] == 200


def test_a_port_that_is_taken(server: Server) -> None:
    with pytest.raises(FluxError, match=f"cannot listen on port {server.port}: address already in use"):
        Server(Sandbox(), server.port)


def test_a_body_that_is_too_large(server: Server) -> None:
    connection = connect(server)
    connection.putrequest("POST", "/api/v1/namespaces")
    connection.putheader("Content-Length", str(4 << 20))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_the_kubeconfig_is_for_its_owner_and_works(server: Server, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "new" / "kubeconfig"
    server.write_kubeconfig(str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    server.sandbox.keep(git())
    flux = Flux(str(tmp_path), KUBECONFIG=str(path))
    assert flux("export source git repo -n default").out.startswith(
        "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n"
    )
    refused = flux("get sources git -A --context viewer")
    assert refused.code == 1
    assert 'User "viewer" cannot list resource "gitrepositories"' in refused.err
