"""SSH keys as Flux stores them in Secrets; and what makes a TLS certificate and its key a pair."""

import re
from typing import Any, NamedTuple

from flux_cli.core.errors import FluxError

_PEM = re.compile(r"-----BEGIN ([^-\n]+)-----\r?\n.*?-----END \1-----", re.DOTALL)


class KeyPair(NamedTuple):
    """``private`` is PEM, ``public`` a line of authorized_keys with its newline."""

    private: str
    public: str


def generate(algorithm: str = "ecdsa", rsa_bits: int = 2048, curve: str = "p384") -> KeyPair:
    """A new key pair: PKCS#8 without passphrase, public key without comment."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    curves: dict[str, Any] = {"p256": ec.SECP256R1, "p384": ec.SECP384R1, "p521": ec.SECP521R1}
    key: Any
    if algorithm == "rsa":
        key = rsa.generate_private_key(65537, rsa_bits)
    elif algorithm == "ed25519":
        key = ed25519.Ed25519PrivateKey.generate()
    else:
        key = ec.generate_private_key(curves[curve]())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return KeyPair(pem.decode(), _authorized(key.public_key()))


def load(private: str, password: str = "") -> KeyPair:
    """The pair of a private key in PEM or OpenSSH form, kept as it is. Raises FluxError with Go's message."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    if "-----BEGIN " not in private:
        raise FluxError("ssh: no key found")
    data = private.encode("utf-8", "surrogateescape")
    read = serialization.load_ssh_private_key if "BEGIN OPENSSH" in private else serialization.load_pem_private_key
    try:
        key: Any = read(data, password.encode() if password else None)
    except TypeError as err:  # the library's word for: a passphrase is needed, or was given without need
        if password:
            raise FluxError("ssh: not an encrypted key", hint="The key has no passphrase: give none.") from err
        raise FluxError("ssh: this private key is passphrase protected") from err
    except UnsupportedAlgorithm as err:
        raise FluxError(f"ssh: this kind of key cannot be read here: {err}") from err
    except ValueError as err:
        raise FluxError("x509: decryption password incorrect" if password else "ssh: no key found") from err
    return KeyPair(private, _authorized(key.public_key()))


def _authorized(public: Any) -> str:
    from cryptography.hazmat.primitives import serialization

    line: bytes = public.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return line.decode() + "\n"


def fingerprint(line: str) -> str:
    """``SHA256:…`` of the key of a known_hosts or authorized_keys line, as ssh shows it."""
    import base64
    import hashlib

    key = next((word for word in line.split() if word.startswith("AAAA")), "")
    return "SHA256:" + base64.b64encode(hashlib.sha256(base64.b64decode(key)).digest()).decode().rstrip("=")


def check_tls_pair(certificate: str, key: str) -> None:
    """Raises FluxError in Go's words where the two are not a certificate and its private key."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    block = _block(certificate, "certificate")
    private = _block(key, "key")
    try:
        public: Any = x509.load_pem_x509_certificate(block.encode()).public_key()
    except (ValueError, UnsupportedAlgorithm) as err:
        raise FluxError("x509: malformed certificate") from err
    try:
        owner: Any = serialization.load_pem_private_key(private.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as err:
        raise FluxError("tls: failed to parse private key") from err
    if type(owner.public_key()) is not type(public):
        raise FluxError("tls: private key type does not match public key type")
    if owner.public_key() != public:
        raise FluxError("tls: private key does not match public key")


def _block(text: str, what: str) -> str:
    """The first PEM block that can be a certificate (or a key)."""
    skipped = []
    for found in _PEM.finditer(text):
        label = found[1]
        if label == "CERTIFICATE" if what == "certificate" else label.endswith("PRIVATE KEY"):
            return found[0]
        skipped.append(label)
    if not skipped:
        raise FluxError(f"tls: failed to find any PEM data in {what} input")
    if what == "certificate" and len(skipped) == 1 and skipped[0].endswith("PRIVATE KEY"):
        raise FluxError(
            "tls: failed to find certificate PEM data in certificate input, but did find a private key; "
            "PEM inputs may have been switched"
        )
    if what == "key" and len(skipped) == 1 and skipped[0] == "CERTIFICATE":
        raise FluxError("tls: found a certificate rather than a key in the PEM for the private key")
    wanted = '"CERTIFICATE" PEM block' if what == "certificate" else 'PEM block with type ending in "PRIVATE KEY"'
    raise FluxError(
        f"tls: failed to find {wanted} in {what} input after skipping PEM blocks of the following types: [{' '.join(skipped)}]"
    )
