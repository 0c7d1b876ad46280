"""Signatures that cosign makes with a key: they lie in the same repository, under a tag that is made of the digest."""

import base64
import io
import json
from collections.abc import Mapping
from typing import Any

from flux_cli.core.objects import dig, items
from flux_cli.oci.refusal import RegistryError
from flux_cli.oci.registry import Repository

_SIGNATURE = "dev.cosignproject.cosign/signature"
_BUNDLE = "application/vnd.dev.sigstore.bundle"


def signed(repository: Repository, digest: str, keys: Mapping[str, bytes]) -> bool:
    """Whether one of the public keys (PEM) signed the manifest of this digest. Raises RegistryError."""
    try:
        manifest = repository.manifest(digest.replace(":", "-") + ".sig")
    except RegistryError as err:
        if err.status == 404:
            return False
        raise
    trusted = [key for key in map(_public, keys.values()) if key]
    for layer in items(manifest.content, "layers"):
        payload = io.BytesIO()
        repository.pull_blob(layer, payload)
        signature = (layer.get("annotations") or {}).get(_SIGNATURE, "")
        if _names(payload.getvalue(), digest) and any(_verifies(key, str(signature), payload.getvalue()) for key in trusted):
            return True
    return False


def bundled(repository: Repository, digest: str) -> bool:
    """Whether it is signed in the newer form, a bundle that refers to the manifest. Raises RegistryError."""
    return any(str(entry.get("artifactType", "")).startswith(_BUNDLE) for entry in repository.referrers(digest))


def _names(payload: bytes, digest: str) -> bool:
    try:
        return bool(dig(json.loads(payload), "critical.image.docker-manifest-digest") == digest)
    except ValueError:
        return False


def _public(pem: bytes) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        return load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None


def _verifies(key: Any, signature: str, payload: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

    digest = hashes.SHA256()
    how: tuple[Any, ...]
    if isinstance(key, ec.EllipticCurvePublicKey):
        how = (ec.ECDSA(digest),)
    elif isinstance(key, rsa.RSAPublicKey):
        how = (padding.PKCS1v15(), digest)
    elif isinstance(key, ed25519.Ed25519PublicKey):
        how = ()
    else:
        return False
    try:
        key.verify(base64.b64decode(signature), payload, *how)
    except (InvalidSignature, ValueError):
        return False
    return True
