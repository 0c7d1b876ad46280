"""A connection to the API server: TCP, a proxy where one is wanted, TLS. Errors in the words of Go's net package."""

import socket
import ssl
import time
from _thread import allocate_lock as Lock  # threading's own lock, without the import of threading
from collections.abc import Callable

from flux_cli.kube import tcp, tls
from flux_cli.kube.address import Address
from flux_cli.kube.http import Socket
from flux_cli.kube.tcp import PATIENCE, REASONS, Failed, ascii_name


def reason(err: BaseException) -> str:
    """What an OSError means, without its number."""
    if isinstance(err, TimeoutError):
        return "i/o timeout"
    if isinstance(err, ssl.SSLError):
        return "unexpected EOF" if isinstance(err, ssl.SSLEOFError) else tls.refusal(err, "")[0]
    number = err.errno if isinstance(err, OSError) else None
    return REASONS[number][0] if number in REASONS else str(getattr(err, "strerror", None) or err).lower()


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
        self._lock = Lock()
        self._made: tuple[tls.Identity | None, ssl.SSLContext] | None = None

    def dial(self, until: float | None) -> Socket:
        """Raises Failed, OSError, ConfigError."""
        address, proxy = self._address, self._proxy
        if address.scheme != "https":
            return tcp.connect(address.host, address.port, until) if proxy is None else self._through(proxy, until)
        context = self._context(until)
        sock = tcp.connect(address.host, address.port, until) if proxy is None else self._through(proxy, until)
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
        with self._lock:  # many lists begin at once: one of them makes it
            if self._made is None or self._made[0] != identity:
                self._made = (identity, tls.context(self._trust, identity))
            return self._made[1]
