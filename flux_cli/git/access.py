"""How a Git remote is reached: its URL taken apart, and the credentials for it."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import SplitResult, quote, unquote, urlsplit

from flux_cli.core.errors import FluxError
from flux_cli.core.gourl import parse
from flux_cli.core.text import go_quote


class Access(NamedTuple):
    """Credentials and trust for one remote; what is empty is not used.

    ``known_hosts``: lines to trust for SSH instead of the user's own file; ``key_file``: private key for SSH, without which the
    agent and ``~/.ssh/config`` choose; ``password``: for HTTP, or the passphrase of ``key_file``; ``ca``: PEM; ``proxy``: the
    URL of one for HTTP, instead of those that the environment names.
    """

    username: str = ""
    password: str = ""
    bearer_token: str = ""
    ca: str = ""
    key_file: str = ""
    known_hosts: str = ""
    host_key_algorithms: tuple[str, ...] = ()
    proxy: str = ""

    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        return tuple(text for text in (self.password, self.bearer_token, urlsplit(self.proxy).password) if text)


def proxy_of(data: Mapping[str, str]) -> str:
    """The proxy that a Secret describes: address, and username and password where it wants them."""
    address, user = data.get("address", ""), data.get("username", "")
    scheme, joint, rest = address.partition("://")
    if not user or not joint:
        return address
    return f"{scheme}://{quote(user, safe='')}:{quote(data.get('password', ''), safe='')}@{rest}"


class Moved(FluxError):
    """Somebody else pushed to the branch meanwhile: fetch again, then commit on top."""


def split(url: str) -> SplitResult:
    """The parts of a URL. Raises FluxError in Go's words for what its parser refuses."""
    try:
        parse(url)
    except ValueError as err:
        raise FluxError(_without_password(str(err)), hint=_as_url(url)) from err
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as err:
        raise FluxError(_without_password(f"parse {go_quote(url)}: {err}")) from err
    return parts


def _without_password(text: str) -> str:
    return re.sub(r"(://[^/@:]*:)[^/@]*@", r"\1xxxxx@", text)


def _as_url(url: str) -> str:
    """What ``user@host:path``, as git takes it, is as a URL."""
    found = re.match(r"([^@/]+@)?([^:/]+):(?!//)(.*)\Z", url)
    return f"Write it as ssh://{found[1] or ''}{found[2]}/{found[3].lstrip('/')}" if found else ""


def user_of(parts: SplitResult) -> str:
    return unquote(parts.username or "")


def host_of(parts: SplitResult) -> str:
    """``host[:port]`` as it was written."""
    return parts.netloc.rpartition("@")[2]


def with_user(parts: SplitResult, user: str, host: str = "") -> SplitResult:
    """The same URL for another user (none where empty) and, if given, another host."""
    where = host or host_of(parts)
    return parts._replace(netloc=f"{quote(user, safe='')}@{where}" if user else where)


def shown(url: str) -> str:
    """The URL without a password."""
    parts = urlsplit(url)
    return url if parts.password is None else parts._replace(netloc=f"{parts.username}:xxxxx@{host_of(parts)}").geturl()
