"""Who asks: tokens, basic authentication, client certificates; plugins and OIDC where the user's entry names them."""

from __future__ import annotations

import binascii
import time

from flux_cli.core.errors import ConfigError
from flux_cli.core.text import go_quote
from flux_cli.kube.kubeconfig import Entry
from flux_cli.kube.shapes import decoded
from flux_cli.kube.tls import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    IdentityOf = Callable[[float | None], Identity | None]


_NAME = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&'*+-.^_`|~")
REREAD = 60.0  # seconds for which a token file is believed, as client-go


class Static:
    """What does not change: a token, a name with a password, nothing."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers

    def headers(self, _until: float | None, /) -> Mapping[str, str]:
        return self._headers

    def renew(self, _used: Mapping[str, str], _until: float | None, /) -> bool:
        return False


class TokenFile:
    """A token that somebody else renews on disk. Where the file cannot be read the entry's ``token`` serves, if it has one."""

    def __init__(self, path: str, fallback: str) -> None:
        self._path = path
        self._token = fallback
        self._read = 0.0
        self._load()
        if not self._token:
            words = f"read empty token from file {go_quote(self._path)}"
            raise ConfigError(f"kubernetes client initialization failed: {words}")

    def headers(self, _until: float | None, /) -> Mapping[str, str]:
        if time.monotonic() - self._read > REREAD:
            self._load()
        return bearer(self._token)

    def renew(self, used: Mapping[str, str], _until: float | None, /) -> bool:
        self._load()
        return bearer(self._token) != used

    def _load(self) -> None:
        try:
            with open(self._path, encoding="utf-8") as file:
                self._token = file.read(1 << 20).strip() or self._token
        except (OSError, ValueError) as err:
            if not self._token:
                words = err.strerror.lower() if isinstance(err, OSError) and err.strerror else "not text"
                raise ConfigError(f"open {self._path}: {words}") from None
        self._read = time.monotonic()


def bearer(token: str) -> Mapping[str, str]:
    if any(not 0x20 < ord(char) < 0x7F for char in token):
        raise ConfigError(
            'net/http: invalid header field value for "Authorization"', hint="The token holds blanks or control characters."
        )
    return {"authorization": f"Bearer {token}"}


def basic(user: str, password: str) -> Mapping[str, str]:
    packed = binascii.b2a_base64(f"{user}:{password}".encode(), newline=False).decode()
    return {"authorization": f"Basic {packed}"}


def identity(user: Entry) -> Identity | None:
    """The client certificate of the user's entry. Files were checked to be there; data wins over files."""
    certificate = data_of(user, "client-certificate-data") or content_of(user.path("client-certificate"))
    if not certificate:
        return None
    return Identity(certificate, data_of(user, "client-key-data") or content_of(user.path("client-key")))


def data_of(entry: Entry, key: str) -> bytes:
    """A base64 value; empty where unset. Raises ConfigError."""
    return decoded(entry.text(key), entry.where + key, entry.file)


def content_of(path: str) -> bytes:
    if not path:
        return b""
    try:
        with open(path, "rb") as file:
            return file.read(1 << 22)
    except IsADirectoryError:
        raise ConfigError(f"kubernetes client initialization failed: read {path}: is a directory") from None
    except OSError as err:
        raise ConfigError(f"open {path}: {(err.strerror or '').lower()}") from None


def impersonation(user: Entry) -> dict[str, str | list[str]]:
    """Impersonate-* headers."""
    headers: dict[str, str | list[str]] = {}
    if name := user.text("as"):
        headers["impersonate-user"] = name
    if uid := user.text("as-uid"):
        headers["impersonate-uid"] = uid
    if groups := user.texts("as-groups"):
        headers["impersonate-group"] = list(groups)
    extra = Entry(user.data.get("as-user-extra") or {})
    for key in extra.data:
        headers[f"impersonate-extra-{_escaped(key)}"] = list(extra.texts(key))
    for key, value in headers.items():
        if not key.isprintable() or not all(one.isprintable() for one in ([value] if isinstance(value, str) else value)):
            raise ConfigError(f'net/http: invalid header field value for "{key.title()}"')
    return headers


def _escaped(key: str) -> str:
    """A key as part of a header's name: what a name cannot hold is percent-encoded, and the server decodes it."""
    return "".join(chr(b) if b in _NAME else f"%{b:02X}" for b in key.encode(errors="surrogateescape"))
