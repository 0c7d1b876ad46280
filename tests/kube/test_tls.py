"""TLS without the ``ssl`` module: the same settings as with it, and the same refusals."""

import socket
import ssl
import threading
from typing import Any

import pytest
from kube.loopback import CA, server_tls

from flux_cli.kube.secured import Secured
from flux_cli.kube.tls import Trust, context, refusal

PEM = CA.cert_pem.bytes()


def by_the_book(*, insecure: bool) -> ssl.SSLContext:
    """What ``context`` makes, made by the documented module."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.set_alpn_protocols(["http/1.1"])
    made.hostname_checks_common_name = False
    made.verify_flags = (made.verify_flags | ssl.VERIFY_X509_PARTIAL_CHAIN) & ~ssl.VERIFY_X509_STRICT
    if insecure:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    else:
        made.load_verify_locations(cadata=PEM.decode())
    return made


@pytest.mark.parametrize("insecure", [False, True])
def test_the_settings_are_those_of_the_ssl_module(insecure: bool) -> None:
    ours, book = context(Trust(None if insecure else PEM, insecure), None), by_the_book(insecure=insecure)
    names = ("options", "verify_flags", "verify_mode", "check_hostname", "minimum_version", "maximum_version", "_host_flags")
    assert {name: int(getattr(ours, name)) for name in names} == {name: int(getattr(book, name)) for name in names}
    assert [cipher["name"] for cipher in ours.get_ciphers()] == [cipher["name"] for cipher in book.get_ciphers()]
    assert ours.cert_store_stats() == book.cert_store_stats()


def handshake(made: Any, name: str, **server: Any) -> tuple[str | None, str]:
    """What the server saw as the protocol, and how the client's handshake ended: the reason of its refusal, or nothing."""
    here, there = socket.socketpair()
    seen: list[str | None] = []

    def serve() -> None:
        accepting = server_tls(**server)
        accepting.set_alpn_protocols(["h2", "http/1.1"])
        try:
            with accepting.wrap_socket(there, server_side=True) as peer:
                seen.append(peer.selected_alpn_protocol())
                peer.recv(1)
        except OSError:
            there.close()

    thread = threading.Thread(target=serve)
    thread.start()
    why = ""
    try:
        Secured(here, made, name)
    except ssl.SSLError as err:
        why = refusal(err, name)[0]
    here.close()
    thread.join()
    return (seen or [None])[0], why


def test_the_protocol_is_agreed_on() -> None:
    assert handshake(context(Trust(PEM), None), "127.0.0.1") == ("http/1.1", "")


@pytest.mark.parametrize(("name", "server", "words"), [
    ("127.0.0.2", {}, "x509: certificate is not valid for the address 127.0.0.2"),
    ("cluster.test", {}, "x509: certificate is not valid for the name cluster.test"),
    ("127.0.0.1", {"expired": True}, "x509: certificate has expired or is not yet valid"),
])  # fmt: skip
def test_what_is_refused(name: str, server: dict[str, Any], words: str) -> None:
    assert handshake(context(Trust(PEM), None), name, **server)[1] == f"tls: failed to verify certificate: {words}"
    assert handshake(by_the_book(insecure=False), name, **server)[1] == f"tls: failed to verify certificate: {words}"


def test_anybody_is_trusted_where_asked_for() -> None:
    assert handshake(context(Trust(None, insecure=True), None), "127.0.0.2", expired=True)[1] == ""
