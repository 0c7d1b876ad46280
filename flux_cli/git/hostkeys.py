"""The key that an SSH server shows, as a line of ``known_hosts``."""

import shutil
import socket
import subprocess

from flux_cli.core.errors import FluxError

# The order in which Go's SSH client takes one of the kinds that a server offers.
_PREFERRED = ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa", "ssh-ed25519")
DIAL_SECONDS = 30


def scan(host: str, port: int = 22, timeout: float = DIAL_SECONDS) -> str:
    """One line ``host type key``; a port other than 22 is written ``[host]:port``. Raises FluxError.

    The answer is what the server claims now: whoever needs certainty compares it with what the host publishes.
    """
    where = f"{host}:{port}"
    try:
        socket.create_connection((host, port), timeout).close()
    except OSError as err:
        raise _failed(where, f"dial tcp {where}: {_reason(err)}") from err
    program = shutil.which("ssh-keyscan")
    if not program:
        raise _failed(where, "ssh-keyscan is not installed", "Install the OpenSSH client: its ssh-keyscan reads the host key.")
    command = [program, "-T", str(int(timeout)), "-p", str(port), "-t", "ecdsa,rsa,ed25519", "--", host]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout * 2, check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired as err:
        raise _failed(where, "i/o timeout") from err
    found = {}
    for line in done.stdout.splitlines():
        parts = line.split()
        if len(parts) >= 3 and not line.startswith("#"):
            found[parts[1]] = parts[2]
    for kind in _PREFERRED:
        if kind in found:
            return f"{address(host, port)} {kind} {found[kind]}"
    raise _failed(
        where, "ssh: handshake failed: the server showed no host key", f"Is it an SSH server? Try: ssh-keyscan -p {port} {host}"
    )


def address(host: str, port: int = 22) -> str:
    """How ``known_hosts`` writes a host."""
    return host if port == 22 else f"[{host}]:{port}"


def _reason(err: OSError) -> str:
    if isinstance(err, TimeoutError):
        return "i/o timeout"
    if isinstance(err, socket.gaierror):
        return "lookup: no such host"
    return f"connect: {(err.strerror or str(err)).lower()}"


def _failed(where: str, why: str, hint: str = "") -> FluxError:
    return FluxError(f"SSH key scan for host {where} failed, error: {why}", hint=hint)
