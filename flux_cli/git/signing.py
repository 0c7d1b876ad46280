"""Signatures of commits: OpenPGP with the machine's ``gpg``, SSH with a key of one's own."""

import base64
import hashlib
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flux_cli.core.errors import FluxError
from flux_cli.core.text import one_line

Signer = Callable[[bytes], bytes]
_NAMESPACE = b"git"


def ssh_signer(pem: bytes, password: str) -> Signer:
    """Signs as ``git`` does with gpg.format=ssh (the SSHSIG format, namespace git). Raises FluxError where the key is none."""
    from cryptography.hazmat.primitives import serialization

    key = _private_key(pem, password)
    line: bytes = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    public = base64.b64decode(line.split()[1])

    def sign(payload: bytes) -> bytes:
        digest = _string(b"sha512") + _string(hashlib.sha512(payload).digest())
        signature = _raw_signature(key, b"SSHSIG" + _string(_NAMESPACE) + _string(b"") + digest)
        blob = b"SSHSIG" + struct.pack(">I", 1) + _string(public) + _string(_NAMESPACE) + _string(b"") + _string(b"sha512")
        text = base64.b64encode(blob + _string(signature)).decode()
        lines = [text[i : i + 70] for i in range(0, len(text), 70)]
        return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]).encode()

    return sign


def _private_key(pem: bytes, password: str) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

    if b"-----BEGIN " not in pem:
        raise FluxError("ssh: no key found")
    read: Any = load_ssh_private_key if b"BEGIN OPENSSH" in pem else load_pem_private_key
    try:
        return read(pem, password.encode() or None)
    except TypeError as err:
        if password:  # it is not locked: then the password does no harm
            return _private_key(pem, "")
        raise FluxError("ssh: this private key is passphrase protected", hint="Give its passphrase.") from err
    except (ValueError, UnsupportedAlgorithm) as err:
        raise FluxError("x509: decryption password incorrect" if password else "ssh: no key found") from err


def _raw_signature(key: Any, data: bytes) -> bytes:
    """The signature as SSH encodes it: name of the algorithm, then its own form."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    if isinstance(key, rsa.RSAPrivateKey):
        return _string(b"rsa-sha2-512") + _string(key.sign(data, padding.PKCS1v15(), hashes.SHA512()))
    if isinstance(key, ec.EllipticCurvePrivateKey):
        size = key.curve.key_size
        digest: hashes.HashAlgorithm = {256: hashes.SHA256(), 384: hashes.SHA384()}.get(size, hashes.SHA512())
        r, s = decode_dss_signature(key.sign(data, ec.ECDSA(digest)))
        return _string(f"ecdsa-sha2-nistp{size}".encode()) + _string(_string(_mpint(r)) + _string(_mpint(s)))
    return _string(b"ssh-ed25519") + _string(key.sign(data))


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _mpint(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def gpg_signer(ring: str, passphrase: str, key_id: str, environ: Mapping[str, str]) -> Signer:
    """Signs with a key of a ring file (``gpg --export-secret-keys``); without ``key_id`` with its first. Raises FluxError.

    ``gpg`` works in a folder of its own, in memory where the machine has such a place; it is gone when the signature is made.
    """
    try:
        content = pathlib.Path(ring).read_bytes()
    except OSError as err:
        raise FluxError(f"unable to open GPG key ring: open {ring}: {(err.strerror or '').lower()}") from err
    wanted = _short_id(key_id)
    with gpg_home(content, environ) as gpg:
        fingerprint = _chosen(gpg, wanted)
        _detached(gpg, fingerprint, passphrase, b"test")  # the passphrase is right, before anything is changed

    def sign(payload: bytes) -> bytes:
        with gpg_home(content, environ) as run:
            return _detached(run, fingerprint, passphrase, payload)

    return sign


def _short_id(key_id: str) -> str:
    wanted = key_id[2:] if key_id[:2].lower() == "0x" else key_id
    if wanted and len(wanted) != 16:
        raise FluxError(f"invalid GPG key id length; expected 16, got {len(wanted)}")
    return wanted.upper()


Gpg = Callable[..., "subprocess.CompletedProcess[bytes]"]


@contextmanager
def gpg_home(ring: bytes, environ: Mapping[str, str]) -> Iterator[Gpg]:
    """``gpg`` as a function, with the ring imported. Raises FluxError."""
    program = shutil.which("gpg", path=environ.get("PATH"))
    if not program:
        raise FluxError("gpg is not on PATH", hint="Install GnuPG, or sign with an SSH key: --ssh-signing-key-file")
    in_memory = "/dev/shm" if os.path.isdir("/dev/shm") and os.access("/dev/shm", os.W_OK) else None
    folder = tempfile.mkdtemp(prefix="flux-gpg-", dir=in_memory)

    def run(*args: str, **more: Any) -> "subprocess.CompletedProcess[bytes]":
        command = [program, "--homedir", folder, "--batch", "--no-tty", "--quiet", *args]
        return subprocess.run(command, capture_output=True, check=False, timeout=60, **more)

    try:
        imported = run("--import", input=ring)
        if imported.returncode and b"secret key" not in imported.stderr and not _has_keys(run):
            raise FluxError(f"unable to read GPG key ring: {_said(imported)}")
        yield run
    finally:
        agent = shutil.which("gpgconf", path=environ.get("PATH"))
        if agent:
            subprocess.run([agent, "--homedir", folder, "--kill", "gpg-agent"], capture_output=True, check=False, timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _has_keys(gpg: Gpg) -> bool:
    return b"\npub:" in b"\n" + gpg("--with-colons", "--list-keys").stdout


def _chosen(gpg: Gpg, wanted: str) -> str:
    """The fingerprint of the primary key that signs."""
    public = _primaries(gpg("--with-colons", "--list-keys").stdout, "pub")
    secret = _primaries(gpg("--with-colons", "--list-secret-keys").stdout, "sec")
    if not public:
        raise FluxError("empty GPG key ring")
    if wanted and wanted not in public:
        raise FluxError(f"no GPG keyring matching key id '{wanted}' found")
    chosen = wanted or next(iter(public))
    if chosen not in secret:
        raise FluxError(
            f"keyring does not contain private key for key id '{wanted}'"
            if wanted
            else "keyring does not contain a private key; export the secret key with 'gpg --export-secret-keys' "
            "or specify --gpg-key-id"
        )
    return secret[chosen]


def _primaries(listing: bytes, kind: str) -> dict[str, str]:
    """Id → fingerprint, in the ring's order."""
    found, current = {}, ""
    for line in listing.decode("utf-8", "replace").splitlines():
        fields = line.split(":")
        if fields[0] == kind:
            current = fields[4]
        elif fields[0] == "fpr" and current:
            found[current] = fields[9]
            current = ""
    return found


def _detached(gpg: Gpg, fingerprint: str, passphrase: str, payload: bytes) -> bytes:
    read, write = os.pipe()
    os.write(write, passphrase.encode() + b"\n")
    os.close(write)
    try:
        done = gpg(
            "--pinentry-mode", "loopback", "--passphrase-fd", str(read), "--local-user", fingerprint, "--armor", "--detach-sign",
            input=payload, pass_fds=(read,),
        )  # fmt: skip
    finally:
        os.close(read)
    if done.returncode:
        raise FluxError(
            f"unable to decrypt GPG private key: {_said(done)}", hint="Is --gpg-passphrase the passphrase of the key?"
        )
    signature: bytes = done.stdout
    return signature


def _said(done: "subprocess.CompletedProcess[bytes]") -> str:
    text = re.sub(r"(?m)^gpg: ", "", done.stderr.decode("utf-8", "replace"))
    return one_line(text, 300) or "gpg failed"
