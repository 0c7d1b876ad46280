"""A connection to the API server: TCP, a proxy where one is wanted, TLS. Errors in the words of Go's net package."""

import errno
import socket
import ssl
import time
from collections.abc import Callable

from flux_cli.kube import tls
from flux_cli.kube.address import Address
from flux_cli.kube.http import Socket

PATIENCE = 30.0  # seconds for one dial, as client-go

_REASONS = {
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


def reason(err: BaseException) -> str:
    """What an OSError means, without its number."""
    if isinstance(err, TimeoutError):
        return "i/o timeout"
    if isinstance(err, ssl.SSLError):
        return "unexpected EOF" if isinstance(err, ssl.SSLEOFError) else tls.refusal(err, "")[0]
    number = err.errno if isinstance(err, OSError) else None
    return _REASONS[number][0] if number in _REASONS else str(getattr(err, "strerror", None) or err).lower()


def ascii_name(host: str) -> bytes:
    """The name as it is looked up and sent. Plain names in bytes spare the import of the idna codec (1 ms)."""
    return host.encode("ascii") if host.isascii() else host.encode("idna")


def tcp(host: str, port: int, until: float | None) -> socket.socket:
    """A connected socket without Nagle's delay (which costs 40 ms on the first request of a TLS connection)."""
    shown = Address("", host, port, "").dialled
    try:
        found = socket.getaddrinfo(ascii_name(host), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Failed(f"dial tcp: lookup {host}: no such host", f"The name {host} cannot be resolved.") from None
    last: OSError = OSError("no address")
    for family, kind, protocol, _, place in found:
        patience = PATIENCE if until is None else min(PATIENCE, until - time.monotonic())
        if patience <= 0:
            raise TimeoutError
        sock = socket.socket(family, kind, protocol)
        sock.settimeout(patience)
        shown = Address("", str(place[0]), port, "").dialled
        try:
            sock.connect(place)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        except OSError as err:
            sock.close()
            last = err
    timed_out = isinstance(last, TimeoutError)
    words = "i/o timeout" if timed_out else f"connect: {reason(last)}"
    hint = _REASONS.get(errno.ETIMEDOUT if timed_out else last.errno or 0, ("", ""))[1]
    raise Failed(f"dial tcp {shown}: {words}", hint)


class Dialer:
    """Makes connections to one server. ``identity`` is asked for each, for plugins hand out certificates anew."""

    def __init__(
        self,
        address: Address,
        trust: tls.Trust,
        identity: Callable[[float | None], tls.Identity | None],
        proxy: Address | None = None,
    ) -> None:
        self._address = address
        self._trust = trust
        self._identity = identity
        self._proxy = proxy
        self._made: tuple[tls.Identity | None, ssl.SSLContext] | None = None

    def dial(self, until: float | None) -> Socket:
        """Raises Failed, OSError, ConfigError."""
        address, proxy = self._address, self._proxy
        if address.scheme != "https":
            return tcp(address.host, address.port, until) if proxy is None else self._through(proxy, until)
        context = self._context(until)
        sock = tcp(address.host, address.port, until) if proxy is None else self._through(proxy, until)
        name = self._trust.name or address.host
        encoded = ascii_name(name)
        try:
            sock.settimeout(PATIENCE if until is None else max(0.001, min(PATIENCE, until - time.monotonic())))
            if isinstance(sock, ssl.SSLSocket):
                from flux_cli.kube.tunnel import Tunnel

                return Tunnel(sock, context, encoded)
            return context.wrap_socket(sock, server_hostname=encoded)
        except ssl.SSLEOFError:
            sock.close()
            raise Failed("EOF", "The server closed the connection during the TLS handshake.") from None
        except ssl.SSLError as err:
            sock.close()
            raise Failed(*tls.refusal(err, name)) from None
        except (OSError, ValueError) as err:
            sock.close()
            if isinstance(err, TimeoutError):
                raise Failed(
                    "net/http: TLS handshake timeout", "Something accepts connections there but does not speak TLS."
                ) from None
            raise Failed(f"read tcp: {reason(err)}", "The server closed the connection during the TLS handshake.") from None

    def _through(self, proxy: Address, until: float | None) -> socket.socket:
        from flux_cli.kube.proxy import through

        return through(proxy, self._address, until)

    def _context(self, until: float | None) -> ssl.SSLContext:
        identity = self._identity(until)
        if self._made is None or self._made[0] != identity:
            self._made = (identity, tls.context(self._trust, identity))
        return self._made[1]
