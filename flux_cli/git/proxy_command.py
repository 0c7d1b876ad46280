"""What ``ssh`` runs to get through the proxy of ALL_PROXY, with host and port as its arguments.

Speaks HTTP CONNECT and SOCKS5, then copies between the connection and its own input and output.
"""

import base64
import os
import selectors
import socket
import ssl
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from flux_cli.core import socks
from flux_cli.core.unanswered import reason

_SECONDS = 30
_SIZE = 65536


def main(arguments: Sequence[str]) -> int:
    """HOST and PORT; the exit code. What goes wrong is said on standard error, where ssh shows it."""
    try:
        proxy = os.environ.get("ALL_PROXY") or os.environ.get("all_proxy") or ""  # noqa: SIM112 - both are in use
        connection = connect(proxy, arguments[0], int(arguments[1]))
        connection.settimeout(None)
        copy(connection)
    except (OSError, IndexError, ValueError) as err:
        os.write(2, f"flux: {reason(err)}\n".encode())
        return 1
    return 0


def connect(proxy: str, host: str, port: int) -> socket.socket:
    """A connection to ``host`` through the proxy. Raises OSError."""
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    ports = {"https": 443, "http": 80}
    connection: socket.socket = socket.create_connection(
        (parts.hostname or "", parts.port or ports.get(parts.scheme, 1080)), _SECONDS
    )
    if parts.scheme == "https":
        connection = ssl.create_default_context().wrap_socket(connection, server_hostname=parts.hostname)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if parts.scheme.startswith("socks5"):
        socks.ask(connection, host, port, user, password)
    elif parts.scheme in ("http", "https"):
        _http(connection, host, port, user, password)
    else:
        raise OSError(f"a proxy that speaks {parts.scheme} is not known here")
    return connection


def _http(connection: socket.socket, host: str, port: int, user: str, password: str) -> None:
    target = f"{f'[{host}]' if ':' in host else host}:{port}"
    head = f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"
    if user:
        head += f"Proxy-Authorization: Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}\r\n"
    connection.sendall(f"{head}\r\n".encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)  # one by one: what follows belongs to ssh
        if not byte or len(answer) > _SIZE:
            raise OSError("the proxy ended the connection")
        answer += byte
    status = answer.split(b"\r\n")[0].decode("latin-1")
    if status.split(" ")[1:2] != ["200"]:
        raise OSError(f"the proxy answered: {status}")


def copy(connection: socket.socket) -> None:
    """Between the connection and our own input and output, until the other side ends."""
    with selectors.DefaultSelector() as ready:
        ready.register(connection, selectors.EVENT_READ)
        ready.register(0, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                if key.fileobj is connection:
                    data = connection.recv(_SIZE)
                    if not data:
                        return
                    _write(data)
                else:
                    data = os.read(0, _SIZE)
                    if data:
                        connection.sendall(data)
                    else:
                        ready.unregister(0)
                        connection.shutdown(socket.SHUT_WR)


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]
