"""What a diagnosis may know of Secrets: their keys, whether a value is ciphertext, and what Helm keeps in its release record."""

import base64
import binascii

from flux_cli.core.objects import Object, dig

CIPHERTEXT = "ENC["


def without_values(obj: Object) -> Object:
    """A Secret with its keys, each value replaced: "ENC[" for ciphertext of SOPS, "" for the rest."""
    if obj.get("kind") != "Secret":
        return obj
    data = dig(obj, "data", {})
    masked = {str(k): _mark(v) for k, v in data.items()} if isinstance(data, dict) else {}
    return {**obj, "data": masked, "stringData": {}}


def _mark(value: object) -> str:
    try:
        start = base64.b64decode(str(value)[:16], validate=True)
    except (binascii.Error, ValueError):
        return ""
    return CIPHERTEXT if start.startswith(b"ENC[") else ""


def decoded_release(data: str) -> Object | None:
    """Helm's release record: base64 twice, gzip, JSON. None where it is masked or damaged."""
    import gzip
    import json
    import zlib

    try:
        raw = base64.b64decode(base64.b64decode(data))
        if raw[:2] == b"\x1f\x8b":
            raw = gzip.decompress(raw)
        release = json.loads(raw)
    except (ValueError, OSError, EOFError, zlib.error):
        return None
    return release if isinstance(release, dict) else None
