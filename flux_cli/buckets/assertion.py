"""Signed statements of who somebody is (JWT), for token endpoints that take them instead of a password (RFC 7523)."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


def signed(key: RSAPrivateKey, header: dict[str, Any], claims: dict[str, Any], seconds: int) -> str:
    """``header`` says with ``alg`` how: RS256 or PS256. Valid from now on, for so many seconds."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    now = int(time.time())
    whole = claims | {"iat": now, "exp": now + seconds}
    text = ".".join(encoded(json.dumps(part).encode()) for part in (header | {"typ": "JWT"}, whole))
    digest = hashes.SHA256()
    probabilistic = padding.PSS(padding.MGF1(digest), digest.digest_size)
    signature = key.sign(text.encode(), probabilistic if header["alg"] == "PS256" else padding.PKCS1v15(), digest)
    return f"{text}.{encoded(signature)}"


def encoded(data: bytes) -> str:
    """base64 for URLs, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
