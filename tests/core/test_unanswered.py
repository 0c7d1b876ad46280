"""A request that nobody answers is told in Go's words, without the numbers of Python and OpenSSL."""

import socket
import ssl
import threading
from collections.abc import Iterator

import pytest
import trustme
from front_door import Flux

OFFLINE = "Without internet: unpack a release's manifests.tar.gz and name the folder with --manifests or FLUX_MANIFESTS.\n"
REFUSED = [
    (
        "install --export --manifests http://127.0.0.1:1",
        "✗ install failed: failed to download manifests.tar.gz from http://127.0.0.1:1/download/v2.9.4/manifests.tar.gz, "
        f"error: connect: connection refused\n{OFFLINE}",
    ),
    (
        "list artifacts oci://127.0.0.1:81/apps",
        '✗ listing tags failed: Get "http://127.0.0.1:81/v2/": connect: connection refused\n'
        "Is 127.0.0.1:81 reachable from here? A registry without TLS needs --insecure-registry.\n",
    ),
    (
        "plugin search",
        '✗ failed to fetch plugin catalog: Get "http://127.0.0.1:1/catalog.yaml": GET http://127.0.0.1:1/catalog.yaml giving up '
        'after 4 attempt(s): Get "http://127.0.0.1:1/catalog.yaml": dial tcp 127.0.0.1:1: connect: connection refused\n',
    ),
]


@pytest.mark.parametrize(("line", "told"), REFUSED)
def test_a_refused_connection(flux: Flux, line: str, told: str) -> None:
    assert flux(line, FLUXCD_PLUGIN_CATALOG="http://127.0.0.1:1/") == (1, "", told)


def test_a_host_that_has_no_address(flux: Flux) -> None:
    got = flux("install --export --manifests http://nowhere.invalid")
    where = "http://nowhere.invalid/download/v2.9.4/manifests.tar.gz"
    assert got == (1, "", f"✗ install failed: failed to download manifests.tar.gz from {where}, error: no such host\n{OFFLINE}")


@pytest.fixture
def stranger() -> Iterator[int]:
    """The port of a TLS server whose certificate nobody trusts; it hangs up after one handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with pytest.raises(OSError):  # noqa: PT011 - the handshake ends in our refusal, however it is worded
                context.wrap_socket(listening.accept()[0], server_side=True)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listening.getsockname()[1])
        thread.join()


def test_a_certificate_that_nobody_vouches_for(flux: Flux, stranger: int) -> None:
    server = f"https://127.0.0.1:{stranger}"
    assert flux(f"install --export --manifests {server}") == (
        1,
        "",
        f"✗ install failed: failed to download manifests.tar.gz from {server}/download/v2.9.4/manifests.tar.gz, "
        f"error: tls: failed to verify certificate: x509: certificate signed by unknown authority\n{OFFLINE}",
    )
