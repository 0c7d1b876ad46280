"""Requests over a network that does not always do what it should: every error is one line with the request and the reason."""

import gzip
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from kube.loopback import CLOSE, HANG, KS, PATH, RESET, Asked, Loopback, answer, client, failure, kubeconfig, listing, server_tls

from flux_cli.core.api import Request
from flux_cli.core.errors import ApiError, ConfigError, FluxError, Timeout, Unauthorized, Unreachable
from flux_cli.core.parallel import side_by_side
from flux_cli.kube.client import KubeClient

Cluster = Callable[..., tuple[Loopback, KubeClient]]


def names(kube: KubeClient) -> list[str]:
    return [item["metadata"]["name"] for item in kube.list(KS, "apps").items]


def told(kube: KubeClient) -> FluxError:
    with pytest.raises(FluxError) as caught:
        kube.list(KS, "apps")
    return caught.value


def test_a_request_carries_what_the_server_needs(cluster: Cluster) -> None:
    server, kube = cluster(lambda _: answer(listing("one")))
    assert names(kube) == ["one"]
    asked = server.asked[0]
    assert (asked.method, asked.target, asked.body) == ("GET", PATH, b"")
    assert asked.headers.pop("user-agent").startswith("flux/")
    assert asked.headers == {
        "host": f"127.0.0.1:{server.port}",
        "authorization": "Bearer secret-token",
        "accept": "application/json",
        "accept-encoding": "gzip",
    }


def test_a_connection_is_kept(cluster: Cluster) -> None:
    server, kube = cluster(lambda _: answer(listing("one")))
    assert [names(kube), names(kube), names(kube)] == [["one"]] * 3
    assert server.connections == 1


def test_calls_side_by_side_have_connections_of_their_own(cluster: Cluster) -> None:
    together = threading.Barrier(4, timeout=10)

    def script(_: Asked) -> bytes:
        together.wait()
        return answer(listing("one"))

    server, kube = cluster(script)
    assert side_by_side([lambda: names(kube)] * 4) == [["one"]] * 4
    assert server.connections == 4


def test_a_connection_that_died_idle_is_replaced(cluster: Cluster) -> None:
    """Answered in good order, then closed: the next request goes out anew and nobody notices."""
    server, kube = cluster(lambda asked: [answer(listing("one")), CLOSE] if asked.connection == 1 else answer(listing("two")))
    assert names(kube) == ["one"]
    while not_closed(kube):
        time.sleep(0.01)
    assert names(kube) == ["two"]
    assert server.connections == 2


def not_closed(kube: KubeClient) -> bool:
    from select import select

    transport: Any = kube._calls.transport
    return not select([transport._idle[0].sock], [], [], 0)[0]


def test_a_kept_connection_that_breaks_under_a_get_is_replaced(cluster: Cluster) -> None:
    count: list[int] = []

    def script(asked: Asked) -> Any:
        count.append(1)
        return [CLOSE] if len(count) == 2 else answer(listing(str(asked.connection)))

    server, kube = cluster(script)
    assert [names(kube), names(kube)] == [["1"], ["2"]]
    assert len(server.asked) == 3


def test_a_write_is_never_sent_twice(cluster: Cluster) -> None:
    server, kube = cluster(lambda asked: answer(listing()) if asked.method == "GET" else [CLOSE])
    names(kube)
    with pytest.raises(Unreachable) as caught:
        kube.patch(KS, "apps", "one", {"spec": {"suspend": True}})
    assert str(caught.value) == f'Patch "{server.server}{PATH}/one": EOF'
    assert [asked.method for asked in server.asked] == ["GET", "PATCH"]


HALF = answer(listing("one"))[:-10]
BROKEN = {
    "half a body": ([HALF, CLOSE], "unexpected EOF"),
    "half a head": ([b"HTTP/1.1 200 OK\r\nContent-Le", CLOSE], "unexpected EOF"),
    "no answer": ([CLOSE], "EOF"),
    "reset": ([RESET], "connection reset by peer"),
    "not HTTP": ([b"SSH-2.0-OpenSSH_9.6\r\n", CLOSE], "malformed HTTP response 'SSH-2.0-OpenSSH_9.6'"),
    "HTTP/2": ([b"HTTP/2 200\r\n\r\n", CLOSE], "malformed HTTP response 'HTTP/2 200'"),
    "bad header": ([b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", CLOSE], "malformed HTTP header"),
    "endless header": ([b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000, CLOSE], "HTTP header too long"),
    "many headers": ([b"HTTP/1.1 200 OK\r\n" + b"X: aaaaaaaaaaaaaaaaa\r\n" * 99_000, CLOSE], "HTTP header too long"),
    "negative length": (answer(b"{}", content_length="-1"), "malformed Content-Length '-1'"),
    "two lengths": (answer(b"{}", content_length="2, 3"), "malformed Content-Length '2, 3'"),
    "bad chunk": ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n", CLOSE], "malformed chunked encoding"),
    "half a chunk": ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{}", CLOSE], "unexpected EOF"),
    "no last chunk": ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", CLOSE], "unexpected EOF"),
    "other encoding": ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: br\r\n\r\n{}", CLOSE], "unsupported transfer encoding 'br'"),
    "bad gzip": (answer(b"{}", content_encoding="gzip"), "gzip: invalid data"),
    "half gzip": (answer(gzip.compress(b"{}" * 99)[:-9], content_encoding="gzip"), "unexpected EOF in gzip data"),
}


@pytest.mark.parametrize(("script", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_broken_answer_is_one_line(cluster: Cluster, script: Any, reason: str) -> None:
    server, kube = cluster(lambda _: script)
    err = told(kube)
    assert isinstance(err, Unreachable)
    assert str(err) == f'Get "{server.server}{PATH}": {reason}'
    assert err.hint.startswith(f'{server.server} broke off its answer; try again. (cluster "lab" in /')


NOT_JSON = {
    "login page": (
        answer(b"<!DOCTYPE html><html><title>Log in\x1b[2J</title>", content_type="text/html"),
        "HTTP 200 with a web page (Log in[2J)",
    ),
    "empty": (answer(b""), "HTTP 200 with an empty body"),
    "a list": (answer([1]), 'HTTP 200 with no JSON: "[1]"'),
    "words": (answer(b"hello\x07 there"), 'HTTP 200 with no JSON: "hello there"'),
    "deep": (answer(b"[" * 100_000), f'HTTP 200 with no JSON: "{"[" * 79}…"'),
    "large": (answer(b"{" + b" " * 1_100_000), 'HTTP 200 with no JSON: "{"'),
}


@pytest.mark.parametrize(("script", "what"), NOT_JSON.values(), ids=NOT_JSON)
def test_what_is_no_json_is_one_line(cluster: Cluster, script: bytes, what: str) -> None:
    server, kube = cluster(lambda _: script)
    assert str(told(kube)) == f"{server.server} did not answer as a Kubernetes API does: {what}"


def test_a_redirect_is_told(cluster: Cluster) -> None:
    server, kube = cluster(lambda _: answer(b"", 302, location="https://login.example/\x1b[1m"))
    assert str(told(kube)) == f"{server.server} is not a Kubernetes API: it redirects to https://login.example/[1m"


REFUSALS = {
    "status": (failure('kustomizations "x" is odd', 422, "Invalid"), 'kustomizations "x" is odd'),
    "no words": (answer({"kind": "Status", "code": 409}, 409), "the server reported a conflict"),
    "plain 500": (
        answer(b"boom\n", 500),
        'an error on the server ("boom") has prevented the request from succeeding (get SUBJECT)',
    ),
    "plain 503": (answer(b"", 503), "the server is currently unable to handle the request (get SUBJECT)"),
    "plain 403": (answer(b"no\n", 403), "no (get SUBJECT)"),
    "plain 418": (
        answer(b"tea", 418),
        "the server responded with the status code 418 but did not return more information (get SUBJECT)",
    ),
}


@pytest.mark.parametrize(("script", "message"), REFUSALS.values(), ids=REFUSALS)
def test_refusals_are_in_the_words_of_client_go(cluster: Cluster, script: bytes, message: str) -> None:
    _, kube = cluster(lambda _: script)
    err = told(kube)
    assert isinstance(err, ApiError)
    assert str(err) == message.replace("SUBJECT", KS.name)


def test_401_says_where_the_credentials_come_from(cluster: Cluster) -> None:
    _, kube = cluster(lambda _: failure("Unauthorized", 401, "Unauthorized"))
    err = told(kube)
    assert isinstance(err, Unauthorized)
    assert str(err) == "Unauthorized"
    assert err.hint.startswith('The user "admin" in /')
    assert err.hint.endswith("/kubeconfig has credentials that the server does not accept: log in again.")


def test_gzip_and_chunks_are_undone(cluster: Cluster) -> None:
    packed = gzip.compress(json.dumps(listing("one", "two")).encode())
    pieces = b"".join(b"%x;ext=1\r\n%s\r\n" % (len(packed[i : i + 7]), packed[i : i + 7]) for i in range(0, len(packed), 7))
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    server, kube = cluster(lambda _: head + pieces + b"0\r\nTrailer: x\r\n\r\n")
    assert [names(kube), names(kube)] == [["one", "two"]] * 2
    assert server.connections == 1


def test_compression_can_be_declined(cluster: Cluster) -> None:
    server, kube = cluster(lambda _: answer(listing()), disable_compression=True)
    names(kube)
    assert server.asked[0].headers["accept-encoding"] == "identity"


def test_an_answer_that_ends_with_the_connection(cluster: Cluster) -> None:
    server, kube = cluster(lambda _: [b"HTTP/1.0 200 OK\r\n\r\n" + json.dumps(listing("one")).encode(), CLOSE])
    assert [names(kube), names(kube)] == [["one"]] * 2
    assert server.connections == 2


def test_patience_where_the_server_asks_for_it(cluster: Cluster) -> None:
    """429 and 5xx with Retry-After are tried again; without it they are told."""
    script = iter([answer(b"", 429, retry_after="0"), answer(b"", 503, retry_after="0"), answer(listing("one"))])
    server, kube = cluster(lambda _: next(script))
    assert names(kube) == ["one"]
    assert len(server.asked) == 3


def test_a_storm_of_429_ends(cluster: Cluster) -> None:
    server, kube = cluster(lambda _: answer(b"", 429, retry_after="0"))
    assert str(told(kube)) == (
        "the server has received too many requests and has asked us to try again later "
        "(get kustomizations.kustomize.toolkit.fluxcd.io)"
    )
    assert len(server.asked) == 11


def test_nobody_waits_beyond_the_deadline(cluster: Cluster) -> None:
    server, kube = cluster(lambda _: answer(b"", 429, retry_after="600"), seconds=5)
    err = told(kube)
    assert isinstance(err, Timeout)
    assert str(err) == f'Get "{server.server}{PATH}": context deadline exceeded'


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n", HALF], ids=["silence", "half a head", "half a body"])
def test_a_server_that_hangs_meets_the_deadline(cluster: Cluster, start: bytes) -> None:
    server, kube = cluster(lambda _: [start, HANG], seconds=0.3)
    err = told(kube)
    assert isinstance(err, Timeout)
    assert str(err) == f'Get "{server.server}{PATH}": context deadline exceeded'
    assert err.hint.startswith(f'No answer from {server.server} in time. (cluster "lab" in /')


def test_a_server_that_drips_meets_the_deadline(cluster: Cluster) -> None:
    """A byte now and then is no answer: the deadline holds for the whole of it."""

    def drip(_: Asked) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
        for _ in range(200):
            yield b" "
            time.sleep(0.02)

    _, kube = cluster(drip, seconds=0.3)
    assert isinstance(told(kube), Timeout)


def test_the_deadline_is_one_for_all_calls(cluster: Cluster) -> None:
    _, kube = cluster(lambda _: answer(listing()), seconds=0.0)
    assert str(told(kube)) == "client rate limiter Wait returned an error: context deadline exceeded"


def test_nothing_listens(tmp_path: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    path = kubeconfig(tmp_path, f"https://127.0.0.1:{port}")
    err = told(client(path))
    assert str(err) == f'Get "https://127.0.0.1:{port}{PATH}": dial tcp 127.0.0.1:{port}: connect: connection refused'
    assert err.hint == f'Nothing listens there: is the cluster running, and is the address right? (cluster "lab" in {path})'


def test_a_name_that_does_not_exist(tmp_path: Any) -> None:
    err = told(client(kubeconfig(tmp_path, "https://cluster.invalid:6443")))
    assert str(err) == f'Get "https://cluster.invalid:6443{PATH}": dial tcp: lookup cluster.invalid: no such host'


def test_a_server_that_never_shakes_hands(tmp_path: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        path = kubeconfig(tmp_path, f"https://127.0.0.1:{silent.getsockname()[1]}")
        assert isinstance(told(client(path, seconds=0.3)), Timeout)


def test_a_reset_without_tls(serve: Any, tmp_path: Any) -> None:
    server = serve(lambda _: [RESET], tls=None)
    assert str(told(client(kubeconfig(tmp_path, server.server)))) == f'Get "{server.server}{PATH}": connection reset by peer'


def answer_in_the_clear(listener: socket.socket) -> None:
    peer, _ = listener.accept()
    with peer:
        peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        peer.recv(65536)


def test_plain_http_where_tls_is_meant(tmp_path: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=answer_in_the_clear, args=(listener,)).start()
        server = f"https://127.0.0.1:{listener.getsockname()[1]}"
        assert (
            str(told(client(kubeconfig(tmp_path, server))))
            == f'Get "{server}{PATH}": http: server gave HTTP response to HTTPS client'
        )


def test_the_wrong_scheme_is_named(serve: Any, tmp_path: Any) -> None:
    """What a TLS server in Go answers to plain HTTP."""
    words = b"Client sent an HTTP request to an HTTPS server.\n"
    server = serve(lambda _: [b"HTTP/1.0 400 Bad Request\r\n\r\n" + words, CLOSE], tls=None)
    err = told(client(kubeconfig(tmp_path, server.server)))
    assert str(err) == (
        f"{server.server} speaks TLS, but its address begins with http://: "
        "the server rejected our request: Client sent an HTTP request to an HTTPS server."
    )
    assert err.hint == f"Write https:// into the cluster's server in the kubeconfig: https://127.0.0.1:{server.port}"


def test_credentials_never_travel_in_the_clear(serve: Any, tmp_path: Any) -> None:
    server = serve(lambda _: answer(listing("one")), tls=None)
    kube = client(kubeconfig(tmp_path, server.server, user={"token": "secret", "as": "jane"}))
    assert names(kube) == ["one"]
    assert "authorization" not in server.asked[0].headers
    assert server.asked[0].headers["impersonate-user"] == "jane"


def test_a_server_below_a_path(serve: Any, tmp_path: Any) -> None:
    server = serve(lambda _: answer(listing("one")))
    assert names(client(kubeconfig(tmp_path, f"{server.server}/k8s/clusters/c-1/"))) == ["one"]
    assert server.asked[0].target == f"/k8s/clusters/c-1{PATH}"


CERTIFICATES = {
    "expired": ({"expired": True}, {}, "certificate has expired or is not yet valid"),
    "other name": ({"name": "elsewhere.example"}, {}, "certificate is not valid for the address 127.0.0.1"),
    "other server name": (
        {"name": "a.example"},
        {"tls-server-name": "b.example"},
        "certificate is not valid for the name b.example",
    ),
    "unknown authority": ({}, {"certificate-authority-data": None}, "certificate signed by unknown authority"),
}


@pytest.mark.parametrize(("shown", "entry", "reason"), CERTIFICATES.values(), ids=CERTIFICATES)
def test_certificates_that_cannot_be_trusted(serve: Any, tmp_path: Any, shown: Any, entry: Any, reason: str) -> None:
    server = serve(lambda _: answer(listing()), tls=server_tls(**shown))
    err = told(client(kubeconfig(tmp_path, server.server, **entry)))
    assert str(err) == f'Get "{server.server}{PATH}": tls: failed to verify certificate: x509: {reason}'
    assert err.hint


@pytest.mark.parametrize(
    "entry", [{"tls-server-name": "a.example"}, {"insecure-skip-tls-verify": True, "certificate-authority-data": None}]
)
def test_certificates_that_are_trusted_on_demand(serve: Any, tmp_path: Any, entry: Any) -> None:
    server = serve(lambda _: answer(listing("one")), tls=server_tls(name="a.example"))
    assert names(client(kubeconfig(tmp_path, server.server, **entry))) == ["one"]


def test_the_pace_is_held(cluster: Cluster) -> None:
    """Beyond --kube-api-burst, requests wait for --kube-api-qps; a wait beyond the deadline is client-go's error."""
    _, kube = cluster(lambda _: answer(listing("one")), seconds=5, kube_api_qps=0.01, kube_api_burst=2)
    assert [names(kube), names(kube)] == [["one"]] * 2
    assert str(told(kube)) == "client rate limiter Wait returned an error: context deadline exceeded"


def test_a_header_cannot_smuggle_another(serve: Any, tmp_path: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        client(kubeconfig(tmp_path, "https://127.0.0.1:1"), as_user="jane\r\nX-Evil: 1")
    assert str(caught.value) == 'net/http: invalid header field value for "Impersonate-User"'
    server = serve(lambda _: answer(listing()))
    kube = client(kubeconfig(tmp_path, server.server))
    with pytest.raises(Unreachable) as refused:
        kube.transport.send(Request("GET", "/x", headers={"accept": "a\r\nX-Evil: 1"}))
    assert str(refused.value) == f'Get "{server.server}/x": net/http: invalid header field value for "Accept"'
    assert server.asked == []


def test_names_cannot_leave_their_path(cluster: Cluster) -> None:
    server, kube = cluster(lambda _: answer({}))
    kube.get(KS, "apps", "a?b#c d\u00e9")
    for name in ("a/b", "..", "a%2fb"):
        with pytest.raises(FluxError, match="invalid resource name"):
            kube.get(KS, "apps", name)
    kube._calls.transport.send(Request("GET", "/x", (("labelSelector", "a=b,c in (d&e)"),)))
    assert [asked.target for asked in server.asked] == [
        f"{PATH}/a%3Fb%23c%20d%C3%A9",
        "/x?labelSelector=a%3Db%2Cc%20in%20%28d%26e%29",
    ]
