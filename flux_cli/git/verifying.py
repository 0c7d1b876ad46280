"""Signatures of commits and tags, checked with the machine's ``gpg`` or ``ssh-keygen`` against public keys that are trusted."""

import pathlib
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from typing import NamedTuple

from flux_cli.core.errors import FluxError
from flux_cli.git.signing import gpg_home

PGP, SSH = ".asc", ".sshpub"  # how the names of the keys end
_EMPTY = "unable to verify payload as the provided signature is empty"
_NONE = "unable to verify payload with any of the given {}"


class Signed(NamedTuple):
    """A commit or a tag: ``kind`` and ``name`` as messages say them, what was signed, and the signature ("" without)."""

    kind: str
    name: str
    payload: bytes
    signature: bytes


class Unchecked(FluxError):
    """The signature cannot be looked at on this machine."""


class NotVerified(FluxError):
    """The signature is missing, or of nobody who is trusted."""


def verify(what: Signed, keys: Mapping[str, bytes], environ: Mapping[str, str]) -> None:
    """``keys``: by name; only those whose name says that they are of the signature's kind count.

    Raises NotVerified in source-controller's words, and Unchecked where the program is missing.
    """
    ssh = what.signature.lstrip().startswith(b"-----BEGIN SSH SIGNATURE")
    trusted = [key for name, key in sorted(keys.items()) if name.endswith(SSH if ssh else PGP)]
    if not what.signature:
        why = _EMPTY
    elif any((_by_ssh if ssh else _by_gpg)(what, key, environ) for key in trusted):
        return
    else:
        why = _NONE.format("authorized keys" if ssh else "key rings")
    raise NotVerified(f"signature verification of {what.kind} '{what.name}' failed: unable to verify Git {what.kind}: {why}")


def _by_gpg(what: Signed, ring: bytes, environ: Mapping[str, str]) -> bool:
    if not shutil.which("gpg", path=environ.get("PATH")):
        raise Unchecked("gpg is not installed")
    with gpg_home(ring, environ) as gpg, tempfile.NamedTemporaryFile(prefix="flux-signature-") as file:
        file.write(what.signature)
        file.flush()
        done = gpg("--status-fd", "1", "--verify", file.name, "-", input=what.payload)
    return done.returncode == 0 and b"[GNUPG:] VALIDSIG " in done.stdout


def _by_ssh(what: Signed, keys: bytes, environ: Mapping[str, str]) -> bool:
    program = shutil.which("ssh-keygen", path=environ.get("PATH"))
    if not program:
        raise Unchecked("ssh-keygen is not installed")
    lines = [line for line in keys.splitlines() if line.strip() and not line.lstrip().startswith(b"#")]
    with tempfile.TemporaryDirectory(prefix="flux-signature-") as made:
        signers, signature = pathlib.Path(made, "signers"), pathlib.Path(made, "signature")
        signers.write_bytes(b"".join(b'trusted namespaces="git" ' + line + b"\n" for line in lines))
        signature.write_bytes(what.signature)
        command = [program, "-Y", "verify", "-f", str(signers), "-I", "trusted", "-n", "git", "-s", str(signature)]
        done = subprocess.run(command, input=what.payload, capture_output=True, check=False, timeout=60)
    return done.returncode == 0
