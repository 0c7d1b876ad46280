"""The way through proxies: which one is chosen, and what each kind is told."""

import pathlib
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from kube.loopback import CA, KS, PATH, answer, client, kubeconfig, listing, server_tls
from kube.proxies import Proxy

from flux_cli.core.errors import ConfigError, FluxError
from flux_cli.kube.address import parse
from flux_cli.kube.client import KubeClient
from flux_cli.kube.proxy import choose

Start = Callable[..., Proxy]


@pytest.fixture
def proxy() -> Iterator[Start]:
    started: list[Proxy] = []

    def start(*args: Any, **options: Any) -> Proxy:
        started.append(Proxy(*args, **options))
        return started[-1]

    yield start
    for one in started:
        one.close()


def names(kube: KubeClient) -> list[str]:
    return [item["metadata"]["name"] for item in kube.list(KS, "apps").items]


def told(kube: KubeClient) -> FluxError:
    with pytest.raises(FluxError) as caught:
        kube.list(KS, "apps")
    return caught.value


def test_connect(serve: Any, proxy: Start, tmp_path: pathlib.Path) -> None:
    server, way = serve(lambda _: answer(listing("one"))), proxy("http")
    kube = client(kubeconfig(tmp_path, server.server, **{"proxy-url": f"http://joe:p%40ss@127.0.0.1:{way.port}"}))
    assert [names(kube), names(kube)] == [["one"]] * 2
    assert way.asked == [f"CONNECT 127.0.0.1:{server.port} HTTP/1.1", "proxy-authorization: Basic am9lOnBAc3M="]


def test_a_proxy_over_tls(serve: Any, proxy: Start, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """TLS within TLS, with bodies larger than any buffer on the way."""
    monkeypatch.setattr(ssl, "create_default_context", trusting)
    server, way = serve(lambda _: answer(listing(*["n" * 200] * 3000))), proxy("http", server_tls())
    kube = client(kubeconfig(tmp_path, server.server, **{"proxy-url": f"https://127.0.0.1:{way.port}"}))
    assert [names(kube), names(kube)] == [["n" * 200] * 3000] * 2
    assert server.connections == 1


@pytest.mark.parametrize("tls", [False, True])
def test_plain_http_is_relayed(serve: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, tls: bool) -> None:
    """An HTTP proxy is handed whole requests for a server without TLS, as Go does it; nothing is told to the server itself."""
    monkeypatch.setattr(ssl, "create_default_context", trusting)
    relay = serve(lambda _: answer(listing("one")), tls=server_tls() if tls else None)
    way = f"{'https' if tls else 'http'}://joe:secret@127.0.0.1:{relay.port}"
    kube = client(kubeconfig(tmp_path, "http://cluster.example:8001/below", {"token": "t"}, **{"proxy-url": way}))
    assert [names(kube), names(kube)] == [["one"]] * 2
    first = relay.asked[0]
    assert (first.method, first.target) == ("GET", f"http://cluster.example:8001/below{PATH}")
    assert (first.headers["host"], first.headers["proxy-authorization"]) == ("cluster.example:8001", "Basic am9lOnNlY3JldA==")
    assert "authorization" not in first.headers
    assert relay.connections == 1


def trusting() -> ssl.SSLContext:
    """A context of the machine, as if it trusted the CA of the tests."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    CA.configure_trust(context)
    return context


def test_a_proxy_whose_certificate_is_not_trusted(serve: Any, proxy: Start, tmp_path: pathlib.Path) -> None:
    server, way = serve(lambda _: answer(listing())), proxy("http", server_tls())
    err = told(client(kubeconfig(tmp_path, server.server, **{"proxy-url": f"https://127.0.0.1:{way.port}"})))
    assert str(err) == (
        f'Get "{server.server}{PATH}": proxyconnect tcp: tls: failed to verify certificate: '
        "x509: certificate signed by unknown authority"
    )


@pytest.mark.parametrize("login", ["", "joe:secret"])
def test_socks(serve: Any, proxy: Start, tmp_path: pathlib.Path, login: str) -> None:
    server, way = serve(lambda _: answer(listing("one"))), proxy("socks", login=login)
    url = f"socks5://{login}@127.0.0.1:{way.port}" if login else f"socks5://127.0.0.1:{way.port}"
    assert names(client(kubeconfig(tmp_path, server.server, **{"proxy-url": url}))) == ["one"]
    assert way.asked == [f"version 5 methods {'0002' if login else '00'}", f"127.0.0.1:{server.port}"]


def test_socks_resolves_at_the_proxy(serve: Any, proxy: Start, tmp_path: pathlib.Path) -> None:
    server, way = serve(lambda _: answer(listing("one")), tls=server_tls(name="cluster.invalid")), proxy("socks")
    url = f"https://cluster.invalid:{server.port}"
    assert names(client(kubeconfig(tmp_path, url, **{"proxy-url": f"socks5://127.0.0.1:{way.port}"}))) == ["one"]
    assert way.asked[1] == f"cluster.invalid:{server.port}"


PROXY_FAILURES: dict[str, tuple[str, bytes, str]] = {
    "login wanted": (
        "http",
        b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
        "tcp: the proxy answered 407 Proxy Authentication Required",
    ),
    "not a proxy": ("http", b"SSH-2.0\r\n", "tcp: malformed HTTP response 'SSH-2.0'"),
    "silent end": ("http", b"", "tcp: EOF"),
    "too eager": ("http", b"HTTP/1.1 200 OK\r\n\r\nxx", "tcp: the proxy sent data before the connection was made"),
    "socks refused": ("socks", b"\x05\xff", "tcp: socks connect: no acceptable authentication method"),
    "no socks": ("socks", b"HT", "tcp: socks connect: not a SOCKS5 proxy"),
    "socks end": ("socks", b"", "tcp: socks connect: unexpected EOF"),
    "socks error": ("socks", b"\x05\x00\x05\x05\x00\x01", "tcp: socks connect tcp 127.0.0.1:9: connection refused"),
}


@pytest.mark.parametrize(("kind", "say", "message"), PROXY_FAILURES.values(), ids=PROXY_FAILURES)
def test_proxies_that_fail(proxy: Start, tmp_path: pathlib.Path, kind: str, say: bytes, message: str) -> None:
    way = proxy(kind, say=say)
    scheme = "socks5" if kind == "socks" else "http"
    err = told(client(kubeconfig(tmp_path, "https://127.0.0.1:9", **{"proxy-url": f"{scheme}://127.0.0.1:{way.port}"})))
    assert str(err) == f'Get "https://127.0.0.1:9{PATH}": proxyconnect {message}'
    assert err.hint.startswith(
        f"The way goes through the proxy 127.0.0.1:{way.port}; look at proxy-url, HTTPS_PROXY and NO_PROXY."
    )


def test_a_name_that_idna_does_not_know_is_the_proxys_business(serve: Any, proxy: Start, tmp_path: pathlib.Path) -> None:
    server, way = serve(lambda _: answer(listing("one")), tls=None), proxy("socks")
    host = "a" * 64 + ".invalid"
    url = f"http://{host}:{server.port}"
    assert names(client(kubeconfig(tmp_path, url, **{"proxy-url": f"socks5://127.0.0.1:{way.port}"}))) == ["one"]
    assert way.asked[-1] == f"{host}:{server.port}"


@pytest.mark.parametrize(("host", "login", "reason"), [
    ("a." * 128 + "invalid", "", "FQDN too long"),
    ("127.0.0.1", "joe:" + "x" * 256 + "@", "invalid username/password"),
])  # fmt: skip
def test_what_socks_cannot_say(proxy: Start, tmp_path: pathlib.Path, host: str, login: str, reason: str) -> None:
    way = proxy("socks", login=login.removesuffix("@"))
    url = f"socks5://{login}127.0.0.1:{way.port}"
    err = told(client(kubeconfig(tmp_path, f"https://{host}:9", **{"proxy-url": url})))
    assert str(err).endswith(f"proxyconnect tcp: socks connect: {reason}")


def test_a_wrong_login_at_a_socks_proxy(proxy: Start, tmp_path: pathlib.Path) -> None:
    way = proxy("socks", login="joe:secret")
    err = told(client(kubeconfig(tmp_path, "https://127.0.0.1:9", **{"proxy-url": f"socks5://joe:n0pe@127.0.0.1:{way.port}"})))
    assert str(err).endswith("proxyconnect tcp: socks connect: username/password authentication failed")
    assert "n0pe" not in str(err) + err.hint


def test_a_proxy_that_is_not_there(tmp_path: pathlib.Path) -> None:
    err = told(client(kubeconfig(tmp_path, "https://127.0.0.1:9", **{"proxy-url": "http://127.0.0.1:1"})))
    assert str(err) == f'Get "https://127.0.0.1:9{PATH}": proxyconnect dial tcp 127.0.0.1:1: connect: connection refused'


BOTH = {"HTTPS_PROXY": "http://s:1", "HTTP_PROXY": "h:2"}
CHOICES: list[tuple[str, dict[str, str], str]] = [
    ("https://cluster", BOTH, "http://s:1"),
    ("http://cluster", BOTH, "http://h:2"),
    ("https://cluster", {"https_proxy": "socks5://p"}, "socks5://p"),
    ("https://cluster", {"HTTPS_PROXY": "http://a", "https_proxy": "http://b"}, "http://a"),
    ("https://cluster", {"HTTP_PROXY": "http://a"}, ""),
    ("https://localhost:1", BOTH, ""),
    ("https://127.8.8.8", BOTH, ""),
    ("https://[::1]:6443", BOTH, ""),
    ("https://10.1.2.3", BOTH | {"NO_PROXY": "10.0.0.0/8"}, ""),
    ("https://11.1.2.3", BOTH | {"NO_PROXY": "10.0.0.0/8"}, "http://s:1"),
    ("https://[fd00::7]", BOTH | {"NO_PROXY": "fd00::/8"}, ""),
    ("https://10.1.2.3:6443", BOTH | {"NO_PROXY": "10.1.2.3"}, ""),
    ("https://10.1.2.3:6443", BOTH | {"NO_PROXY": "10.1.2.3:443"}, "http://s:1"),
    ("https://10.1.2.3:6443", BOTH | {"no_proxy": "x, 10.1.2.3:6443"}, ""),
    ("https://[fd00::7]:1", BOTH | {"NO_PROXY": "[fd00::7]:1"}, ""),
    ("https://a.example.com", BOTH | {"NO_PROXY": "example.com"}, ""),
    ("https://example.com", BOTH | {"NO_PROXY": "EXAMPLE.com"}, ""),
    ("https://badexample.com", BOTH | {"NO_PROXY": "example.com"}, "http://s:1"),
    ("https://example.com", BOTH | {"NO_PROXY": ".example.com"}, "http://s:1"),
    ("https://a.example.com", BOTH | {"NO_PROXY": ".example.com"}, ""),
    ("https://a.example.com", BOTH | {"NO_PROXY": "*.example.com"}, ""),
    ("https://a.example.com:6443", BOTH | {"NO_PROXY": "example.com:443"}, "http://s:1"),
    ("https://cluster", BOTH | {"NO_PROXY": "*"}, ""),
    ("https://cluster", BOTH | {"NO_PROXY": ", ,"}, "http://s:1"),
]


@pytest.mark.parametrize(("target", "environ", "wanted"), CHOICES)
def test_which_proxy(target: str, environ: dict[str, str], wanted: str) -> None:
    chosen = choose("", parse(target), environ)
    assert str(chosen or "") == wanted


def test_the_entry_goes_before_the_environment() -> None:
    assert str(choose("http://mine:3", parse("https://127.0.0.1"), BOTH | {"NO_PROXY": "*"})) == "http://mine:3"


@pytest.mark.parametrize("value", ["ftp://x", "http://", "http://x:99999", "http://[::1"])
def test_proxy_addresses_that_are_none(value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        choose("", parse("https://cluster"), {"HTTPS_PROXY": value})
    assert str(caught.value).startswith("invalid proxy address in HTTPS_PROXY: ")
