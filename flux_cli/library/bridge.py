"""The official ``kubernetes`` package's client over our connections: one login, one proxy, one set of certificates for both."""

import io
import time
from collections.abc import Mapping
from typing import Any

import urllib3
from kubernetes import client

from flux_cli.kube.http import Socket
from flux_cli.kube.wire import Wire


class _Shared:
    """A connection as the standard library's HTTP client wants it: it ends when it and the files made of it are closed."""

    def __init__(self, sock: Socket) -> None:
        self._sock = sock
        self._users = 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def makefile(self, _mode: str = "rb", *_: object, **__: object) -> io.BufferedReader:
        self._users += 1
        return io.BufferedReader(_Reader(self))

    def close(self) -> None:
        self._users -= 1
        if not self._users:
            self._sock.close()


class _Reader(io.RawIOBase):
    """What comes in, as a file."""

    def __init__(self, shared: _Shared) -> None:
        super().__init__()
        self._shared = shared

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = self._shared.recv(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._shared.close()


class _Connection(urllib3.connection.HTTPConnection):
    """A connection that our dialer makes: TLS, proxies and the certificates of plugins are its business."""

    wire: Wire

    def connect(self) -> None:
        limit = self.timeout if isinstance(self.timeout, int | float) else None
        sock = self.wire.dialer.dial(None if limit is None else time.monotonic() + limit)
        sock.settimeout(limit)
        self.sock = _Shared(sock)


class _Pools(urllib3.PoolManager):
    """Adds who asks to every request, and asks once more with new credentials after a 401."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire
        connection = type("Connection", (_Connection,), {"wire": wire})
        pool = type("Pool", (urllib3.HTTPConnectionPool,), {"ConnectionCls": connection})
        self.pool_classes_by_scheme = {"http": pool, "https": pool}

    def urlopen(self, method: str, url: str, redirect: bool = True, **kw: Any) -> Any:  # type: ignore[override]
        given = kw.pop("headers", None) or {}
        who = self._wire.credentials.headers(None)
        answer = super().urlopen(method, url, redirect, headers=self._headers(given, who), **kw)
        if answer.status != 401 or not self._wire.credentials.renew(who, None):
            return answer
        answer.drain_conn()
        self.clear()  # connections may carry the certificate that was refused
        who = self._wire.credentials.headers(None)
        return super().urlopen(method, url, redirect, headers=self._headers(given, who), **kw)

    def _headers(self, given: Mapping[str, str], who: Mapping[str, str]) -> urllib3.HTTPHeaderDict:
        """Several values of one header (Impersonate-Group) stay several."""
        headers = urllib3.HTTPHeaderDict(given)
        for name, value in {**self._wire.headers, **who}.items():
            if name not in ("host", "user-agent"):
                headers.discard(name)
                for one in (value,) if isinstance(value, str) else value:
                    headers.add(name, one)
        return headers


def api_client(wire: Wire) -> client.ApiClient:
    """An ApiClient for the API server that ``wire`` leads to."""
    configuration = client.Configuration()
    configuration.host = wire.server
    configuration.proxy = None  # the dialer goes through the proxy
    made = client.ApiClient(configuration)
    made.rest_client.pool_manager.clear()
    made.rest_client.pool_manager = _Pools(wire)
    return made
