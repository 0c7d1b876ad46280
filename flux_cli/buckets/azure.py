"""Azure Blob Storage: with an account's key, a shared access signature or a token."""

import base64
import hashlib
import hmac
from collections.abc import Generator, Iterator
from email.utils import formatdate
from typing import IO, Any, NamedTuple
from urllib.parse import parse_qsl, quote

import httpx

from flux_cli.buckets import Entry
from flux_cli.buckets.assertion import encoded, signed
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


class Principal(NamedTuple):
    """A service principal; ``authority``: the address of another cloud's login."""

    tenant: str
    client: str
    authority: str = ""

    @property
    def endpoint(self) -> str:
        return f"{(self.authority or _AUTHORITY).rstrip('/')}/{quote(self.tenant, safe='')}/oauth2/v2.0/token"


def token_by_secret(who: Principal, secret: str, seconds: float) -> str:
    """Raises BucketError."""
    return _token(who, {"client_secret": secret}, seconds)


def token_by_certificate(who: Principal, certificate: bytes, password: str, seconds: float, *, chain: bool) -> str:
    """``certificate``: with its RSA key, as PEM, or as PKCS#12 under ``password``; ``chain``: show those that signed it as well.

    By Microsoft's *certificate credentials*. Raises BucketError.
    """
    import uuid

    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    key, certificates = _opened(certificate, password)
    header: dict[str, Any] = {"alg": "PS256", "x5t#S256": encoded(certificates[0].fingerprint(hashes.SHA256()))}
    if chain:
        header["x5c"] = [base64.b64encode(one.public_bytes(Encoding.DER)).decode() for one in certificates]
    claims = {"aud": who.endpoint, "iss": who.client, "sub": who.client, "jti": str(uuid.uuid4())}
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    form = {"client_assertion_type": kind, "client_assertion": signed(key, header, claims, 600)}
    return _token(who, form, seconds)


def _opened(data: bytes, password: str) -> tuple[Any, list[Any]]:
    """(key, certificates, its own first)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import pkcs12

    secret = password.encode() or None
    key: Any
    try:
        if b"-----BEGIN" in data:
            key, found = serialization.load_pem_private_key(data, secret), x509.load_pem_x509_certificates(data)
        else:
            key, own, others = pkcs12.load_key_and_certificates(data, secret)
            found = [one for one in (own, *others) if one is not None]
    except (ValueError, TypeError) as err:
        why = (
            "its password is not clientCertificatePassword" if "password" in str(err).lower() else "it is neither PEM nor PKCS#12"
        )
        raise BucketError(f"the source's Secret holds a clientCertificate that cannot be opened: {why}") from err
    if not isinstance(key, rsa.RSAPrivateKey):
        raise BucketError("the source's Secret holds a clientCertificate without an RSA key")
    public = key.public_key().public_numbers()
    mine = [one for one in found if getattr(one.public_key(), "public_numbers", lambda: None)() == public]
    if not mine:
        raise BucketError("the source's Secret holds a clientCertificate whose key belongs to none of its certificates")
    return key, mine[:1] + [one for one in found if one not in mine[:1]]


def _token(who: Principal, proof: dict[str, str], seconds: float) -> str:
    session = Session(seconds)
    form = {"grant_type": "client_credentials", "client_id": who.client, "scope": f"{_STORAGE}.default", **proof}
    try:
        return str(session.post(who.endpoint, form).get("access_token", ""))
    finally:
        session.close()
