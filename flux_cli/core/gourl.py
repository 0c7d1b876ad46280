"""URLs as Go's net/url reads them, with its messages."""

import re
from typing import NamedTuple

from flux_cli.core.text import go_quote

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)?:")
_ESCAPE = re.compile(r"%(?:([0-9A-Fa-f]{2})|.{0,2})", re.DOTALL)
_USER = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*\Z")
_HOST = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:\[\]<>\"\u0080-\U0010ffff]")
_PORT = re.compile(r"(?::[0-9]*)?\Z")


class Url(NamedTuple):
    """``host`` holds the port, but not the user."""

    scheme: str
    host: str


def parse(text: str) -> Url:
    """Raises ValueError ``parse "…": …`` for what Go would not take."""
    body, _, fragment = text.partition("#")
    try:
        found = _parsed(body)
    except ValueError as err:
        raise ValueError(f"parse {go_quote(body)}: {err}") from None
    try:
        _unescaped(fragment)
    except ValueError as err:
        raise ValueError(f"parse {go_quote(text)}: {err}") from None
    return found


def _parsed(text: str) -> Url:
    if any(char < " " or char == "\x7f" for char in text):
        raise ValueError("net/url: invalid control character in URL")
    scheme, rest = _split(text)
    rest = rest.partition("?")[0]
    if not rest.startswith("/"):
        if scheme:
            return Url(scheme, "")
        if ":" in rest.partition("/")[0]:
            raise ValueError("first path segment in URL cannot contain colon")
    host = ""
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        rest = slash + path
        user, _, name = authority.rpartition("@")
        host = _host(scheme, name)
        if not _USER.match(user):
            raise ValueError("net/url: invalid userinfo")
        _unescaped(user)
    _unescaped(rest)
    return Url(scheme, host)


def _split(text: str) -> tuple[str, str]:
    """The scheme in small letters, "" where there is none, and what follows it."""
    found = _SCHEME.match(text)
    if not found:
        return "", text
    if not found[1]:
        raise ValueError("missing protocol scheme")
    return found[1].lower(), text[found.end() :]


def _host(scheme: str, host: str) -> str:
    """The host without escapes. A port is what follows the last colon, for the web the first: there it can have but one."""
    opening, closing = host.rfind("["), host.rfind("]")
    if opening > 0:
        raise ValueError("invalid IP-literal")
    if opening < 0:
        colon = host.find(":") if scheme in ("http", "https") else host.rfind(":")
        _check_port(host[colon:] if colon >= 0 else "")
        return _unescaped(host, host=True)
    if closing < 0:
        raise ValueError("missing ']' in host")
    _check_port(host[closing + 1 :])
    address, percent, zone = host[1:closing].partition("%25")
    inside = _unescaped(address, host=True) + _unescaped(percent + zone)
    _check_address(inside)
    return f"[{inside}]{host[closing + 1 :]}"


def _check_port(text: str) -> None:
    if not _PORT.match(text):
        raise ValueError(f"invalid port {go_quote(text)} after host")


def _check_address(text: str) -> None:
    """Only an IPv6 address stands in brackets."""
    import ipaddress

    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        raise ValueError(f"invalid host: ParseAddr({go_quote(text)}): unable to parse IP") from None
    if found.version == 4:
        raise ValueError("invalid IP-literal")


def _unescaped(text: str, *, host: bool = False) -> str:
    """Without %-escapes; in a ``host`` they are for bytes beyond ASCII only, and few other characters may stand there."""
    out, at = bytearray(), 0
    while at < len(text):
        if text[at] == "%":
            found = _ESCAPE.match(text, at)
            assert found
            if not found[1] or (host and int(found[1], 16) < 0x80 and found[1] != "25"):
                raise ValueError(f"invalid URL escape {go_quote(found[0])}")
            out.append(int(found[1], 16))
            at = found.end()
            continue
        if host and not _HOST.match(text[at]):
            raise ValueError(f"invalid character {go_quote(text[at])} in host name")
        out += text[at].encode("utf-8", "surrogateescape")
        at += 1
    return out.decode("utf-8", "surrogateescape")
