"""Proxies: which one, by the rules of Go's net/http and of client-go; and a connection through it (CONNECT or SOCKS5)."""

import binascii
import ssl
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from flux_cli.core import socks
from flux_cli.core.errors import ConfigError
from flux_cli.core.text import one_line
from flux_cli.kube import tcp
from flux_cli.kube.address import Address, parse
from flux_cli.kube.http import BadAnswer, Channel
from flux_cli.kube.secured import Secured
from flux_cli.kube.tcp import PATIENCE, Failed
from flux_cli.kube.tls import reason

if TYPE_CHECKING:
    from flux_cli.kube.http import Socket

SOCKS = ("socks5", "socks5h")


def choose(configured: str, target: Address, environ: Mapping[str, str]) -> Address | None:
    """The proxy for this server: the cluster's proxy-url, else HTTPS_PROXY or HTTP_PROXY unless NO_PROXY excludes the server."""
    if configured:
        return _parsed(configured, "the cluster's proxy-url")
    upper, lower = ("HTTPS_PROXY", "https_proxy") if target.scheme == "https" else ("HTTP_PROXY", "http_proxy")
    name = upper if environ.get(upper) else lower
    value = environ.get(name, "")
    if not value or _excluded(target, environ.get("NO_PROXY") or environ.get("no_proxy") or ""):
        return None
    return _parsed(value if "://" in value else f"http://{value}", name)


def _parsed(text: str, where: str) -> Address:
    try:
        address = parse(text)
    except ValueError as err:
        raise ConfigError(f"invalid proxy address in {where}: {err}") from None
    if address.scheme not in ("http", "https", *SOCKS) or not address.host:
        raise ConfigError(
            f"invalid proxy address in {where}: it must look like http://host:port", hint="socks5://host:port works too."
        )
    return address


def _excluded(target: Address, listed: str) -> bool:
    """Loopback is never proxied. NO_PROXY: names with their subdomains, addresses, networks, each with a port or not; ``*``."""
    import ipaddress

    host = target.host.lower().rstrip(".")
    try:
        number: ipaddress.IPv4Address | ipaddress.IPv6Address | None = ipaddress.ip_address(host)
    except ValueError:
        number = None
    if host == "localhost" or (number and number.is_loopback):
        return True
    for entry in (part.strip().lower() for part in listed.split(",")):
        if entry == "*":
            return True
        name, port = _without_port(entry)
        if not name or (port and port != str(target.port)):
            continue
        if number:
            try:
                if number in ipaddress.ip_network(name, strict=False):
                    return True
            except ValueError:
                pass
        elif _covers(name, host):
            return True
    return False


def _without_port(entry: str) -> tuple[str, str]:
    if entry.startswith("["):
        host, _, rest = entry[1:].partition("]")
        return host, rest.removeprefix(":")
    head, colon, port = entry.rpartition(":")
    return (head, port) if colon and ":" not in head and port.isdigit() else (entry, "")


def _covers(name: str, host: str) -> bool:
    """``example.com`` means itself and what is below; ``.example.com`` and ``*.example.com`` only what is below."""
    name = name.removeprefix("*")
    if name.startswith("."):
        return host.endswith(name)
    return host == name or host.endswith(f".{name}")


def through(proxy: Address, target: Address, until: float | None) -> "Socket":
    """A connection by way of ``proxy``: to ``target``, or to the proxy itself where it relays. Raises Failed, TimeoutError."""
    hint = f"The way goes through the proxy {proxy.dialled}; look at proxy-url, HTTPS_PROXY and NO_PROXY."
    try:
        sock: Socket = tcp.connect(proxy.host, proxy.port, until)
    except Failed as err:
        raise Failed(f"proxyconnect {err}", hint) from None
    done = False
    try:
        sock.settimeout(PATIENCE if until is None else max(0.001, min(PATIENCE, until - time.monotonic())))
        if proxy.scheme == "https":
            sock = Secured(sock, ssl.create_default_context(), proxy.host)
        if proxy.scheme in SOCKS:
            socks.ask(sock, target.host, target.port, proxy.user, proxy.password)
        elif not relays(proxy, target):
            _connect(sock, proxy, target)
        done = True
        return sock
    except ssl.SSLError as err:
        from flux_cli.kube.tls import refusal

        raise Failed(f"proxyconnect tcp: {refusal(err, proxy.host)[0]}", hint) from None
    except (BadAnswer, socks.Refused) as err:
        raise Failed(f"proxyconnect tcp: {err}", hint) from None
    except OSError as err:
        raise Failed(f"proxyconnect tcp: {reason(err)}", hint) from None
    finally:
        if not done:
            sock.close()


def relays(proxy: Address, target: Address) -> bool:
    """Whether the proxy is handed whole requests (with absolute addresses): plain HTTP through an HTTP proxy."""
    return target.scheme == "http" and proxy.scheme not in SOCKS


def login(proxy: Address) -> dict[str, str]:
    """The header by which a proxy knows us, if it wants any."""
    if not proxy.user and not proxy.password:
        return {}
    packed = binascii.b2a_base64(f"{proxy.user}:{proxy.password}".encode(), newline=False).decode()
    return {"proxy-authorization": f"Basic {packed}"}


def _connect(sock: "Socket", proxy: Address, target: Address) -> None:
    place = target.dialled
    headers = {"host": place, **login(proxy)}
    timeout = sock.gettimeout()
    channel = Channel(sock)
    channel.until = time.monotonic() + (timeout or PATIENCE)
    channel.send("CONNECT", place, headers, None)
    head = channel.head()
    if head.status != 200:
        raise BadAnswer(f"the proxy answered {head.status} {one_line(head.phrase, 60)}".rstrip())
    if channel.left_over:
        raise BadAnswer("the proxy sent data before the connection was made")
