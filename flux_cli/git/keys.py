"""SSH key pairs: made, or read from a file, as PEM and as the line of an ``authorized_keys`` file."""

from typing import TYPE_CHECKING, Any, NamedTuple

from flux_cli.core.errors import FluxError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes


class KeyPair(NamedTuple):
    """``private`` is PEM as it was read or made, ``public`` one ``authorized_keys`` line with its newline and no comment."""

    private: str
    public: str


def generate(algorithm: str = "ecdsa", rsa_bits: int = 2048, curve: str = "p384") -> KeyPair:
    """A new key as PKCS#8 PEM. ``algorithm``: rsa, ecdsa or ed25519; ``curve``: p256, p384 or p521."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    key: PrivateKeyTypes
    if algorithm == "rsa":
        key = rsa.generate_private_key(65537, rsa_bits)
    elif algorithm == "ed25519":
        key = ed25519.Ed25519PrivateKey.generate()
    else:
        curves: dict[str, type[ec.EllipticCurve]] = {"p256": ec.SECP256R1, "p384": ec.SECP384R1, "p521": ec.SECP521R1}
        key = ec.generate_private_key(curves[curve]())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return KeyPair(pem.decode(), public_line(key))


def load(pem: bytes, password: str = "") -> KeyPair:
    """The pair of a private key in any PEM or OpenSSH format; its text is kept as it is. Raises FluxError in Go's words."""
    return KeyPair(pem.decode("utf-8", "replace"), public_line(parse(pem, password)))


def parse(pem: bytes, password: str = "") -> "PrivateKeyTypes":
    """The private key object. Raises FluxError where it is none, or locked by another password."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

    if b"-----BEGIN" not in pem:
        raise FluxError("ssh: no key found", hint="The file must hold a private key in PEM or OpenSSH format.")
    secret = password.encode() or None
    read: Any = load_ssh_private_key if b"OPENSSH PRIVATE KEY" in pem else load_pem_private_key
    try:
        key: PrivateKeyTypes = read(pem, secret)
    except TypeError as err:
        if secret is None:
            raise FluxError("ssh: this private key is passphrase protected", hint="Give its passphrase with --password.") from err
        return parse(pem)  # not locked: a password that is not needed does no harm, as in Go
    except (ValueError, UnsupportedAlgorithm) as err:
        if secret is None:
            raise FluxError("ssh: this private key is passphrase protected" if _locked(pem) else "ssh: no key found") from err
        raise FluxError("x509: decryption password incorrect", hint="The passphrase does not open the private key.") from err
    return key


def _locked(pem: bytes) -> bool:
    return b"ENCRYPTED" in pem


def public_line(key: Any) -> str:
    """``ecdsa-sha2-nistp384 AAAA…`` and a newline."""
    from cryptography.hazmat.primitives import serialization

    line: bytes = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return line.decode() + "\n"
