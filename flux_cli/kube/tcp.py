"""TCP connections with a deadline over all of it: the look-up of the name, and every address that it has."""

from __future__ import annotations

import _socket
import errno
import select
import time
from _thread import allocate_lock, start_new_thread

from flux_cli.core.record import Record
from flux_cli.kube.address import Address

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

PATIENCE = 30.0  # seconds for one dial, as client-go
HEAD_START = 0.3  # seconds before the next address is tried beside the one that has not answered, as Go
UNDER_WAY = (errno.EINPROGRESS, errno.EWOULDBLOCK)

REASONS = {
    errno.ECONNREFUSED: ("connection refused", "Nothing listens there: is the cluster running, and is the address right?"),
    errno.EHOSTUNREACH: ("no route to host", "The machine cannot be reached from here: is a VPN or a tunnel needed?"),
    errno.ENETUNREACH: ("network is unreachable", "The machine cannot be reached from here: is a VPN or a tunnel needed?"),
    errno.ECONNRESET: ("connection reset by peer", ""),
    errno.EPIPE: ("broken pipe", ""),
    errno.ETIMEDOUT: ("connection timed out", "Nobody answered: is a VPN or a tunnel needed?"),
}


class Failed(Exception):
    """No connection. The text is Go's; ``hint`` says what to look at."""

    def __init__(self, text: str, hint: str = "") -> None:
        super().__init__(text)
        self.hint = hint


class Place(Record):
    """An address of a host, as getaddrinfo gives it."""

    family: int
    kind: int
    protocol: int
    address: Any


def ascii_name(host: str) -> bytes:
    """The name as it is looked up and sent. Plain names in bytes spare the import of the idna codec (1 ms)."""
    return host.encode("ascii") if host.isascii() else host.encode("idna")


def connect(host: str, port: int, until: float | None) -> _socket.socket:
    """A connected socket without Nagle's delay (which costs 40 ms on the first request of a TLS connection). Raises Failed."""
    limit = time.monotonic() + PATIENCE
    limit = limit if until is None else min(limit, until)
    sock = _race(_places(host, port, limit), limit)
    sock.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
    return sock


def _places(host: str, port: int, limit: float) -> list[Place]:
    """All addresses. A name is looked up aside: the system's resolver knows no deadline of ours."""
    if host.replace(".", "").isdigit() or ":" in host:
        return _looked_up(host, port)
    found: list[list[Place] | Failed] = []
    done = allocate_lock()
    done.acquire()

    def work() -> None:
        try:
            found.append(_looked_up(host, port))
        except Failed as err:
            found.append(err)
        finally:
            done.release()

    start_new_thread(work, ())
    if not done.acquire(timeout=max(0.0, limit - time.monotonic())) or not found:
        raise Failed(f"dial tcp: lookup {host}: i/o timeout", "The name server does not answer.")
    if isinstance(found[0], Failed):
        raise found[0]
    return found[0]


def _looked_up(host: str, port: int) -> list[Place]:
    try:
        found = _socket.getaddrinfo(ascii_name(host), port, type=_socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Failed(f"dial tcp: lookup {host}: no such host", f"The name {host} cannot be resolved.") from None
    return [Place(family, kind, protocol, address) for family, kind, protocol, _, address in found]


def readable(sock: Any) -> bool:
    """Whether something can be read at once: on a connection where nothing was asked this is its end."""
    return bool(_ready((sock.fileno(),), 0, reading=True))


def _ready(numbers: Iterable[int], seconds: float, *, reading: bool = False) -> list[int]:
    """Which of these descriptors can be read (else written), or have failed; waits at most ``seconds`` for one."""
    if hasattr(select, "poll"):
        poll = select.poll()
        for number in numbers:
            poll.register(number, select.POLLIN if reading else select.POLLOUT)
        return [number for number, _ in poll.poll(max(0.0, seconds) * 1000)]
    wanted = list(numbers)
    found = select.select(wanted if reading else (), () if reading else wanted, wanted, max(0.0, seconds))
    return list({number for part in found for number in part})


def _race(places: list[Place], limit: float) -> _socket.socket:
    """The first connection that stands. The next address joins where the last has not answered for a moment, or refused."""
    failures: list[Failed] = []
    queue = list(places)
    waiting: dict[int, tuple[_socket.socket, Place]] = {}
    try:
        while (queue or waiting) and (left := limit - time.monotonic()) > 0:
            if queue:
                _start(queue.pop(0), waiting, failures)
            for number in _ready(waiting, min(left, HEAD_START if queue else PATIENCE)) if waiting else ():
                sock, place = waiting.pop(number)
                code = sock.getsockopt(_socket.SOL_SOCKET, _socket.SO_ERROR)
                if not code:
                    return sock
                sock.close()
                failures.append(_failure(place, code))
        silent = not failures or bool(waiting)
    finally:
        for sock, _ in waiting.values():
            sock.close()
    raise _failure(places[0], errno.ETIMEDOUT, "i/o timeout") if silent else failures[0]


def _start(place: Place, waiting: dict[int, tuple[_socket.socket, Place]], failures: list[Failed]) -> None:
    sock = _socket.socket(place.family, place.kind, place.protocol)
    sock.setblocking(False)
    code = sock.connect_ex(place.address)
    if code in (0, *UNDER_WAY):
        waiting[sock.fileno()] = (sock, place)
    else:
        sock.close()
        failures.append(_failure(place, code))


def _failure(place: Place, code: int, words: str = "") -> Failed:
    import os

    text, hint = REASONS.get(code, (os.strerror(code).lower(), ""))
    shown = Address("", str(place.address[0]), int(place.address[1]), "").dialled
    return Failed(f"dial tcp {shown}: {words or f'connect: {text}'}", hint)
