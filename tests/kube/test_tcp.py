"""Dialling: every address of a name gets its chance, and nothing outlives the deadline."""

import errno
import os
import socket
import time
import types
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from flux_cli.kube import tcp
from flux_cli.kube.tcp import Failed, Place, connect


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str, port: int) -> None:
    """Names mean these addresses."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, port)) for address in addresses]
    monkeypatch.setattr(tcp._socket, "getaddrinfo", lambda *_, **__: found)


def full() -> tuple[socket.socket, list[socket.socket]]:
    """A listener whose queue is full, so that nobody who calls is answered."""
    made = socket.socket()
    made.bind(("127.0.0.2", 0))
    made.listen(0)
    callers = []
    for _ in range(4):
        caller = socket.socket()
        caller.setblocking(False)
        caller.connect_ex(made.getsockname())
        callers.append(caller)
    return made, callers


def test_small_requests_are_not_delayed(listener: socket.socket) -> None:
    with closing(connect("127.0.0.1", listener.getsockname()[1], None)) as sock:
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_next_address_serves_where_one_refuses(listener: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    port = listener.getsockname()[1]
    resolving(monkeypatch, "127.0.0.9", "127.0.0.1", port=port)
    with closing(connect("cluster", port, None)) as sock:
        assert sock.getpeername() == ("127.0.0.1", port)


def test_the_next_address_serves_where_one_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    silent, callers = full()
    port = silent.getsockname()[1]
    resolving(monkeypatch, "127.0.0.2", "127.0.0.3", port=port)
    with silent, socket.create_server(("127.0.0.3", port)), closing(connect("cluster", port, None)) as sock:
        assert sock.getpeername() == ("127.0.0.3", port)
    for caller in callers:
        caller.close()


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    silent, callers = full()
    with silent, pytest.raises(Failed) as caught:
        connect("127.0.0.2", silent.getsockname()[1], time.monotonic() + 0.3)
    for caller in callers:
        caller.close()
    assert str(caught.value) == f"dial tcp 127.0.0.2:{silent_port(caught.value)}: i/o timeout"


def silent_port(err: Failed) -> str:
    return str(err).split(":")[1]


def test_the_first_refusal_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "127.0.0.1", "127.0.0.9", port=1)
    with pytest.raises(Failed) as caught:
        connect("cluster", 1, None)
    assert str(caught.value) == "dial tcp 127.0.0.1:1: connect: connection refused"


@pytest.mark.parametrize("code", [errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EACCES])
def test_what_the_system_says_at_once(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    class Refusing(tcp._socket.socket):
        def connect_ex(self, _address: Any, /) -> int:
            return code

    world = types.SimpleNamespace(**vars(tcp._socket) | {"socket": Refusing})
    monkeypatch.setattr(tcp, "_socket", world)
    with pytest.raises(Failed) as caught:
        connect("::1", 6443, None)
    assert str(caught.value) == f"dial tcp [::1]:6443: connect: {os.strerror(code).lower()}"


def test_a_name_server_that_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: Any, **__: Any) -> Any:
        time.sleep(1)
        return []

    monkeypatch.setattr(tcp._socket, "getaddrinfo", late)
    with pytest.raises(Failed) as caught:
        connect("cluster", 1, time.monotonic() + 0.1)
    assert str(caught.value) == "dial tcp: lookup cluster: i/o timeout"


def test_a_deadline_that_has_passed() -> None:
    place = Place(socket.AF_INET, socket.SOCK_STREAM, 0, ("127.0.0.1", 1))
    with pytest.raises(Failed) as caught:
        tcp._race([place], 0.0)
    assert str(caught.value) == "dial tcp 127.0.0.1:1: i/o timeout"
