"""S3 and what speaks like it: listing and reading, signed with Signature Version 4."""

import re
from collections.abc import Iterator
from typing import IO, NamedTuple
from urllib.parse import quote

from flux_cli.buckets import Entry
from flux_cli.buckets.session import BucketError, Session, child, size, tree

_AWS = re.compile(r"s3[.-](?:(?!amazonaws)([a-z0-9-]+)\.)?amazonaws\.com(?:\.cn)?\Z")
_DEFAULT_REGION = "us-east-1"


class Keys(NamedTuple):
    """An access key; ``token`` goes with keys that expire."""

    access: str
    secret: str
    token: str = ""


class S3:
    """One bucket. Without ``keys`` nobody is named. AWS is asked at the bucket's own host, others by path."""

    def __init__(
        self, bucket: str, endpoint: str, *, region: str, keys: Keys | None, insecure: bool, ca: str, seconds: float
    ) -> None:
        scheme, self._bucket, self._keys = "http" if insecure else "https", bucket, keys
        found = _AWS.match(endpoint)
        self._region = region or (found[1] if found and found[1] else _DEFAULT_REGION)
        self._virtual, self._scheme, self._endpoint = bool(found), scheme, endpoint
        self._session = Session(seconds, ca=ca)
        self._sign()

    def close(self) -> None:
        self._session.close()

    def entries(self, prefix: str) -> Iterator[Entry]:
        more = ""
        while True:
            params = {"list-type": "2", "max-keys": "1000", "encoding-type": "url"}
            params |= {key: value for key, value in (("prefix", prefix), ("continuation-token", more)) if value}
            root = tree(self._page(params))
            encoded = child(root, "EncodingType") == "url"
            for found in root.findall("Contents"):
                yield Entry(_decoded(child(found, "Key")) if encoded else child(found, "Key"), size(child(found, "Size")))
            following = child(root, "NextContinuationToken")
            if child(root, "IsTruncated") != "true" or not following or following == more:
                return
            more = following

    def read(self, entry: Entry, out: IO[bytes]) -> None:
        self._session.download(f"{self._base()}/{quote(entry.key, safe='/~')}", entry, out)

    def _base(self) -> str:
        if not self._virtual:
            return f"{self._scheme}://{self._endpoint}/{quote(self._bucket)}"
        china = ".cn" if self._endpoint.endswith(".cn") else ""
        return f"{self._scheme}://{self._bucket}.s3.{self._region}.amazonaws.com{china}"

    def _page(self, params: dict[str, str]) -> bytes:
        """A listing; where the bucket is in another region, that one is asked."""
        try:
            return self._session.page(f"{self._base()}{'' if self._virtual else '/'}", params)
        except BucketError as err:
            elsewhere = re.search(r"expecting '([a-z0-9-]+)'", str(err))
            if err.code != "AuthorizationHeaderMalformed" or not elsewhere or elsewhere[1] == self._region:
                raise
            self._region = elsewhere[1]
            self._sign()
            return self._session.page(f"{self._base()}{'' if self._virtual else '/'}", params)

    def _sign(self) -> None:
        if self._keys:
            from httpx_auth import AWS4Auth

            keys = self._keys
            self._session.auth = AWS4Auth(keys.access, keys.secret, self._region, "s3", security_token=keys.token or None)


def _decoded(key: str) -> str:
    from urllib.parse import unquote_plus

    return unquote_plus(key)
