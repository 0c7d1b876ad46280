"""Azure Blob Storage: with an account's key, a shared access signature or a token."""

import base64
import hashlib
import hmac
from collections.abc import Generator, Iterator
from email.utils import formatdate
from typing import IO, NamedTuple
from urllib.parse import parse_qsl, quote

import httpx

from flux_cli.buckets import Entry
from flux_cli.buckets.session import BucketError, Session, child, size, tree

_VERSION = "2021-08-06"
_AUTHORITY = "https://login.microsoftonline.com"
_STORAGE = "https://storage.azure.com/"


class Login(NamedTuple):
    """One of the three, or none of them: ``key`` is base64, ``sas`` the query of a shared access signature."""

    key: str = ""
    sas: str = ""
    token: str = ""


class Azure:
    """One container of the account at ``endpoint`` (with its scheme)."""

    def __init__(self, container: str, endpoint: str, login: Login, *, seconds: float, ca: str = "") -> None:
        url = httpx.URL(endpoint.rstrip("/"))
        account = url.path.strip("/") or url.host.partition(".")[0]
        self._root, self._sas = f"{url}".rstrip("/") + f"/{quote(container)}", dict(parse_qsl(login.sas.lstrip("?")))
        headers = {"x-ms-version": _VERSION} | ({"Authorization": f"Bearer {login.token}"} if login.token else {})
        self._session = Session(seconds, auth=_SharedKey(account, login.key) if login.key else None, headers=headers, ca=ca)

    def close(self) -> None:
        self._session.close()

    def entries(self, prefix: str) -> Iterator[Entry]:
        more = ""
        while True:
            params = {"restype": "container", "comp": "list", **self._sas}
            params |= {key: value for key, value in (("prefix", prefix), ("marker", more)) if value}
            root = tree(self._session.page(self._root, params))
            for found in root.findall("Blobs/Blob"):
                yield Entry(child(found, "Name"), size(child(found, "Properties/Content-Length")))
            following = child(root, "NextMarker")
            if not following or following == more:
                return
            more = following

    def read(self, entry: Entry, out: IO[bytes]) -> None:
        self._session.download(f"{self._root}/{quote(entry.key)}", entry, out, self._sas or None)


class _SharedKey(httpx.Auth):
    """Microsoft's *Authorize with Shared Key*, for reads."""

    def __init__(self, account: str, key: str) -> None:
        self._account = account
        try:
            self._key = base64.b64decode(key, validate=True)
        except ValueError as err:
            raise BucketError("the source's Secret holds an accountKey that is not base64") from err

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["x-ms-date"] = formatdate(usegmt=True)
        ours = sorted((name, value) for name, value in request.headers.items() if name.startswith("x-ms-"))
        params = sorted(request.url.params.multi_items())
        resource = f"/{self._account}{request.url.raw_path.decode().partition('?')[0]}"
        lines = [request.method, *[""] * 11, *(f"{name}:{value}" for name, value in ours), resource]
        text = "\n".join([*lines, *(f"{name.lower()}:{value}" for name, value in params)])
        signature = base64.b64encode(hmac.new(self._key, text.encode(), hashlib.sha256).digest()).decode()
        request.headers["Authorization"] = f"SharedKey {self._account}:{signature}"
        yield request


def token_of(tenant: str, client: str, secret: str, authority: str, seconds: float) -> str:
    """A token for a service principal. Raises BucketError."""
    session = Session(seconds)
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret, "scope": f"{_STORAGE}.default"}
    try:
        url = f"{(authority or _AUTHORITY).rstrip('/')}/{quote(tenant, safe='')}/oauth2/v2.0/token"
        return str(session.post(url, form).get("access_token", ""))
    finally:
        session.close()
