"""Addresses as Go reads them: scheme, host, port, path. A fifth of the import time of urllib.parse, and Go's rules."""

from __future__ import annotations

from flux_cli.core.record import Record

PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
_HOST = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~!$&'()*+,;=:[]<>\"")
_PATH = _PLAIN | frozenset(b":@!$&'()*+,;=/")


class NoSuchPort(ValueError):
    """The address is well formed, but nothing can listen there."""


class Address(Record):
    """``host`` is without brackets; ``port`` is the scheme's where none is written; ``path`` has no slash at its end."""

    scheme: str
    host: str
    port: int
    path: str
    user: str = ""
    password: str = ""

    @property
    def authority(self) -> str:
        """``host:port`` as a Host header names it: brackets around IPv6, the port only where it is not the scheme's."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS.get(self.scheme) else f"{host}:{self.port}"

    @property
    def dialled(self) -> str:
        """``host:port`` as Go's errors name what was dialled."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def parse(text: str) -> Address:
    """Raises ValueError with Go's words (``parse "http://::::": invalid port "::::" after host``)."""
    if any(ord(c) < 0x20 or ord(c) == 0x7F for c in text):
        raise ValueError(f"parse {_quoted(text)}: net/url: invalid control character in URL")
    scheme, found, rest = text.partition("://")
    if not found or not scheme.replace("+", "").replace("-", "").replace(".", "").isalnum():
        raise ValueError(f"parse {_quoted(text)}: missing protocol scheme")
    rest = rest.partition("#")[0].partition("?")[0]
    authority, slash, path = rest.partition("/")
    login, at, place = authority.rpartition("@")
    user, _, password = login.partition(":") if at else ("", "", "")
    scheme = scheme.lower()
    host, port = _place(text, place, PORTS.get(scheme, 0))
    return Address(scheme, host, port, (slash + path).rstrip("/"), unescape(user), unescape(password))


def proxy_problem(text: str) -> str:
    """Why this cannot be a proxy's address, in client-go's words; empty where it can."""
    scheme, colon, rest = text.partition(":")
    named = scheme[:1].isalpha() and scheme.replace("+", "").replace("-", "").replace(".", "").isalnum()
    if not named and colon and "/" not in scheme:
        return f"could not parse: {text}"
    place = rest if named else text
    try:
        parse(f"http:{place}" if place.startswith("//") else "http://")
    except ValueError:
        return f"could not parse: {text}"
    scheme = scheme.lower() if named and colon else ""
    known = scheme in ("http", "https", "socks5")
    return "" if known else f"unsupported scheme {_quoted(scheme)}, must be http, https, or socks5"


def _place(text: str, place: str, default: int) -> tuple[str, int]:
    if place.startswith("["):
        host, bracket, tail = place[1:].partition("]")
        if not bracket:
            raise ValueError(f"parse {_quoted(text)}: missing ']' in host")
    else:
        if wrong := next((c for c in place if c.isascii() and c not in _HOST), ""):
            why = f"invalid URL escape {_quoted(place[place.index(wrong) :][:3])}"
            raise ValueError(f"parse {_quoted(text)}: " + (why if wrong == "%" else f'invalid character "{wrong}" in host name'))
        host, colon, rest = place.partition(":")
        tail = colon + rest
    if tail in ("", ":"):
        return host, default
    number = tail[1:]
    if tail[0] != ":" or not (number.isascii() and number.isdigit()):
        raise ValueError(f"parse {_quoted(text)}: invalid port {_quoted(tail)} after host")
    if int(number) > 65535:
        raise NoSuchPort(f"parse {_quoted(text)}: invalid port {_quoted(tail)} after host")
    return host, int(number)


def escape(text: str, *, path: bool = False) -> str:
    """Percent-encode for a query value, or for a path (which keeps its slashes)."""
    safe = _PATH if path else _PLAIN
    return "".join(chr(b) if b in safe else f"%{b:02X}" for b in text.encode("utf-8", "surrogateescape"))


def unescape(text: str) -> str:
    """Undo percent-encoding; what is not an escape stays."""
    if "%" not in text:
        return text
    out = bytearray()
    data = text.encode("utf-8", "surrogateescape")
    index = 0
    while index < len(data):
        pair = data[index + 1 : index + 3]
        if data[index] == 0x25 and len(pair) == 2 and not pair.strip(b"0123456789abcdefABCDEF"):
            out.append(int(pair, 16))
            index += 3
        else:
            out.append(data[index])
            index += 1
    return out.decode("utf-8", "replace")


def _quoted(text: str) -> str:
    from flux_cli.core.text import go_quote

    return go_quote(text)
