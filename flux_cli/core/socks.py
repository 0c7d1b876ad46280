"""SOCKS5 (RFC 1928, and RFC 1929 for a name and password): what is said to a proxy before a connection is the target's own."""

import socket
from typing import Protocol

_ERRORS = {
    1: "general SOCKS server failure", 2: "connection not allowed by ruleset", 3: "network unreachable", 4: "host unreachable",
    5: "connection refused", 6: "TTL expired", 7: "command not supported", 8: "address type not supported",
}  # fmt: skip


class Carrier(Protocol):
    """A connection to the proxy."""

    def recv(self, size: int, /) -> bytes: ...
    def sendall(self, data: bytes, /) -> None: ...


class Refused(OSError):
    """The proxy leads nowhere. The text is that of Go's ``golang.org/x/net/internal/socks``."""


def ask(carrier: Carrier, host: str, port: int, user: str = "", password: str = "") -> None:
    """Have the proxy connect to ``host``, whose name it resolves itself, as with Go. Raises Refused, OSError."""
    login = bool(user or password)
    carrier.sendall(b"\x05\x02\x00\x02" if login else b"\x05\x01\x00")
    version, method = _exactly(carrier, 2)
    if version != 5:
        raise Refused("socks connect: not a SOCKS5 proxy")
    if method not in ((0, 2) if login else (0,)):
        raise Refused("socks connect: no acceptable authentication method")
    if method == 2:
        _log_in(carrier, user.encode(), password.encode())
    carrier.sendall(b"\x05\x01\x00" + _address(host) + port.to_bytes(2, "big"))
    version, code, _, kind = _exactly(carrier, 4)
    if code:
        shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        raise Refused(f"socks connect tcp {shown}: {_ERRORS.get(code, f'unknown error {code}')}")
    length = {1: 4, 4: 16}.get(kind) or _exactly(carrier, 1)[0]
    _exactly(carrier, length + 2)


def _log_in(carrier: Carrier, user: bytes, password: bytes) -> None:
    if len(user) > 255 or len(password) > 255:
        raise Refused("socks connect: invalid username/password")
    carrier.sendall(b"\x01" + bytes([len(user)]) + user + bytes([len(password)]) + password)
    if _exactly(carrier, 2)[1]:
        raise Refused("socks connect: username/password authentication failed")


def _address(host: str) -> bytes:
    for family, kind in ((socket.AF_INET, 1), (socket.AF_INET6, 4)):
        try:
            return bytes([kind]) + socket.inet_pton(family, host)
        except OSError:
            pass
    try:
        name = host.encode("ascii" if host.isascii() else "idna")
    except UnicodeError:
        raise Refused(f"socks connect: {host} is no name of a host") from None
    if len(name) > 255:
        raise Refused("socks connect: FQDN too long")
    return bytes([3, len(name)]) + name


def _exactly(carrier: Carrier, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = carrier.recv(count - len(data))
        if not piece:
            raise Refused("socks connect: unexpected EOF")
        data += piece
    return data
