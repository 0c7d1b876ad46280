"""URLs as Go's net/url reads them, with its messages."""

import re
from typing import NamedTuple

from flux_cli.core.text import go_quote

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})(.{0,2})", re.DOTALL)
_HOST = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:\[\]<>\"%\u0080-\U0010ffff]*\Z")


class Url(NamedTuple):
    """``host`` holds the port, but not the user."""

    scheme: str
    host: str


def parse(text: str) -> Url:
    """Raises ValueError ``parse "…": …`` for what Go would not take."""
    why = _wrong(text)
    if why:
        raise ValueError(f"parse {go_quote(text)}: {why}")
    scheme, rest = _split(text.partition("#")[0])
    return Url(scheme, _authority(rest).rpartition("@")[2])


def _split(text: str) -> tuple[str, str]:
    found = _SCHEME.match(text)
    return (found[0][:-1].lower(), text[found.end() :]) if found else ("", text)


def _authority(rest: str) -> str:
    return re.split("[/?]", rest[2:], maxsplit=1)[0] if rest.startswith("//") else ""


def _wrong(text: str) -> str:
    if any(char < " " or char == "\x7f" for char in text):
        return "net/url: invalid control character in URL"
    body = text.partition("#")[0]
    if body.startswith(":"):
        return "missing protocol scheme"
    scheme, rest = _split(body)
    if not scheme and not rest.startswith("/") and ":" in rest.partition("/")[0].partition("?")[0]:
        return "first path segment in URL cannot contain colon"
    authority = _authority(rest)
    user, at, host = authority.rpartition("@")
    if at and re.search(r"[^A-Za-z0-9\-._:~!$&'()*+,;=%@]", user):
        return "net/url: invalid userinfo"
    return _wrong_host(host) or _wrong_escape(rest[len(authority) :].partition("?")[0])


def _wrong_host(host: str) -> str:
    if host.startswith("["):
        if "]" not in host:
            return "missing ']' in host"
        port = host.rpartition("]")[2]
    else:
        port = host[host.index(":") :] if ":" in host else ""
    if port and not re.fullmatch(r":[0-9]*", port):
        return f"invalid port {go_quote(port)} after host"
    if not _HOST.match(host):
        bad = next(char for char in host if not _HOST.match(char))
        return f"invalid character {go_quote(bad)} in host name"
    return _wrong_escape(host)


def _wrong_escape(text: str) -> str:
    found = _BAD_ESCAPE.search(text)
    return f"invalid URL escape {go_quote(found[0])}" if found else ""
