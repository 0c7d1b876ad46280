"""Google Cloud Storage, by its JSON API."""

import json
from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import quote

from flux_cli.buckets import Entry
from flux_cli.buckets.assertion import signed
from flux_cli.buckets.session import BucketError, Session, size

URL = "https://storage.googleapis.com"
_SCOPE = "https://www.googleapis.com/auth/devstorage.read_only"
_TOKENS = "https://oauth2.googleapis.com/token"


class Gcs:
    """One bucket. ``base``: where the API is (an emulator has another address). ``token`` is sent as it is, "" names nobody."""

    def __init__(self, bucket: str, *, token: str, seconds: float, base: str = URL, ca: str = "") -> None:
        self._root = f"{base.rstrip('/')}/storage/v1/b/{quote(bucket, safe='')}/o"
        self._session = Session(seconds, headers={"Authorization": f"Bearer {token}"} if token else {}, ca=ca)

    def close(self) -> None:
        self._session.close()

    def entries(self, prefix: str) -> Iterator[Entry]:
        more = ""
        while True:
            params = {key: value for key, value in (("prefix", prefix), ("pageToken", more)) if value}
            found = _object(self._session.page(self._root, params))
            for item in found.get("items") or []:
                yield Entry(str(item.get("name", "")), size(item.get("size", "")))
            following = str(found.get("nextPageToken") or "")
            if not following or following == more:
                return
            more = following

    def read(self, entry: Entry, out: IO[bytes]) -> None:
        self._session.download(f"{self._root}/{quote(entry.key, safe='')}", entry, out, {"alt": "media"})


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as err:
        raise BucketError("the storage's answer is not JSON") from err
    return found if isinstance(found, dict) else {}


def token_of(account: str, seconds: float) -> str:
    """A token for a service account's key file (JSON), by RFC 7523. Raises BucketError."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    try:
        found = json.loads(account)
        address, key = (
            str(found.get("token_uri") or _TOKENS),
            serialization.load_pem_private_key(found["private_key"].encode(), None),
        )
        who = str(found["client_email"])
    except (ValueError, KeyError, AttributeError, TypeError) as err:
        raise BucketError("the source's Secret holds no key file of a service account in serviceaccount") from err
    if not isinstance(key, rsa.RSAPrivateKey):
        raise BucketError("the service account's key is no RSA key")
    claims = {"iss": who, "scope": _SCOPE, "aud": address}
    assertion = signed(key, {"alg": "RS256"}, claims, 3600)
    session = Session(seconds)
    try:
        grant = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
        return str(session.post(address, grant).get("access_token", ""))
    finally:
        session.close()
