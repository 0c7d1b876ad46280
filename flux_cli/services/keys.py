"""SSH keys and the keys of SSH hosts, as Flux stores them in Secrets; and what makes a TLS certificate and its key a pair."""

import re
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from flux_cli.core.errors import FluxError

_SCAN_SECONDS = 30
_HOST_KEYS = ("ecdsa", "rsa", "ed25519")  # what the Go client asks for first
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
        message = "ssh: not an encrypted key" if password else "ssh: this private key is passphrase protected"
        raise FluxError(message) from err
    except UnsupportedAlgorithm as err:
        raise FluxError(f"ssh: this kind of key cannot be read here: {err}") from err
    except ValueError as err:
        raise FluxError("x509: decryption password incorrect" if password else "ssh: no key found") from err
    return KeyPair(private, _authorized(key.public_key()))


def _authorized(public: Any) -> str:
    from cryptography.hazmat.primitives import serialization

    line: bytes = public.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return line.decode() + "\n"


def scan_host(host: str, environ: Mapping[str, str]) -> str:
    """The ``known_hosts`` line of ``host[:port]``, without newline. Raises FluxError where the host does not answer."""
    import shutil
    import subprocess

    program = shutil.which("ssh-keyscan", path=environ.get("PATH"))
    if not program:
        raise FluxError(
            "ssh-keyscan is not on PATH", hint="Install the OpenSSH client, or make the Secret from a known_hosts file."
        )
    name, port = split_host(host)
    command = [program, "-T", str(_SCAN_SECONDS), "-p", port, "-t", ",".join(_HOST_KEYS), "--", name]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_SCAN_SECONDS + 5, stdin=subprocess.DEVNULL, check=False
        )
    except subprocess.TimeoutExpired as err:
        raise FluxError(_no_key(name, port, "i/o timeout")) from err
    lines = [line.split() for line in done.stdout.splitlines() if line and line[0] != "#"]
    found = {line[1]: line for line in lines if len(line) == 3}
    for wanted in _HOST_KEYS:
        for kind, line in found.items():
            if wanted in kind:
                return f"{normalized(name, port)} {line[1]} {line[2]}"
    told = [line for line in done.stderr.splitlines() if line and line[0] != "#"]
    raise FluxError(_no_key(name, port, _unreachable(name, port) or (told[-1] if told else "no host key was offered")))


def _unreachable(name: str, port: str) -> str:
    """Why nothing answers there, in Go's words; "" where something does. The program itself is silent about it."""
    from flux_cli.kube.tcp import Failed, connect

    try:
        connect(name, int(port), time.monotonic() + _SCAN_SECONDS).close()
    except Failed as err:
        return str(err)
    return ""


def _no_key(name: str, port: str, why: str) -> str:
    return f"SSH key scan for host {name}:{port} failed, error: {why}"


def split_host(host: str) -> tuple[str, str]:
    """(name, port) of ``host``, ``host:port`` or ``[v6]:port``; 22 where there is none."""
    found = re.fullmatch(r"(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?", host)
    return ((found[1] or found[2]), found[3] or "22") if found else (host, "22")


def normalized(name: str, port: str) -> str:
    """How known_hosts writes a host: with its port in brackets where that is not 22."""
    return name if port == "22" else f"[{name}]:{port}"


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
