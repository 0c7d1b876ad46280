"""A connection to the API server: TCP, a proxy where one is wanted, TLS. Errors in the words of Go's net package."""

from __future__ import annotations

import _ssl
import time
from _thread import allocate_lock as Lock  # threading's own lock, without the import of threading

from flux_cli.kube import tcp, tls
from flux_cli.kube.address import Address
from flux_cli.kube.secured import Secured
from flux_cli.kube.tcp import PATIENCE, Failed, ascii_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from flux_cli.kube.http import Socket


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
        self._made: tuple[tls.Identity | None, Any] | None = None

    def dial(self, until: float | None) -> Socket:
        """Raises Failed, OSError, ConfigError."""
        address, proxy = self._address, self._proxy
        if address.scheme != "https":
            return tcp.connect(address.host, address.port, until) if proxy is None else self._through(proxy, until)
        context = self._context(until)
        sock: Socket = tcp.connect(address.host, address.port, until) if proxy is None else self._through(proxy, until)
        name = self._trust.name or address.host
        encoded = ascii_name(name).decode()
        try:
            sock.settimeout(PATIENCE if until is None else max(0.001, min(PATIENCE, until - time.monotonic())))
            return Secured(sock, context, encoded)
        except _ssl.SSLEOFError:
            sock.close()
            raise Failed("EOF", "The server closed the connection during the TLS handshake.") from None
        except _ssl.SSLError as err:
            sock.close()
            raise Failed(*tls.refusal(err, name)) from None
        except (OSError, ValueError) as err:
            sock.close()
            if isinstance(err, TimeoutError):
                raise Failed(
                    "net/http: TLS handshake timeout", "Something accepts connections there but does not speak TLS."
                ) from None
            raise Failed(f"read tcp: {tls.reason(err)}", "The server closed the connection during the TLS handshake.") from None

    def _through(self, proxy: Address, until: float | None) -> Socket:
        from flux_cli.kube.proxy import through

        return through(proxy, self._address, until)

    def _context(self, until: float | None) -> Any:
        identity = self._identity(until)
        with self._lock:  # many lists begin at once: one of them makes it
            if self._made is None or self._made[0] != identity:
                self._made = (identity, tls.context(self._trust, identity))
            return self._made[1]
