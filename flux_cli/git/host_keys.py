"""The keys by which SSH hosts are known."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping

from flux_cli.core.errors import FluxError
from flux_cli.core.text import one_line
from flux_cli.git import ssh_route

_SECONDS = 30
_WANTED = (  # in the order in which Go's client asks for them
    "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-256", "rsa-sha2-512", "ssh-rsa", "ssh-ed25519",
)  # fmt: skip
_SETTINGS = (
    "BatchMode=yes", "PreferredAuthentications=none", "StrictHostKeyChecking=accept-new", "GlobalKnownHostsFile=/dev/null",
    "HashKnownHosts=no", "CheckHostIP=no", "ControlPath=none", "ClearAllForwardings=yes", "PermitLocalCommand=no",
    "RemoteCommand=none", f"ConnectTimeout={_SECONDS}", f"HostKeyAlgorithms={','.join(_WANTED)}",
)  # fmt: skip


def scan(host: str, environ: Mapping[str, str]) -> str:
    """The ``known_hosts`` line of ``host[:port]``, without newline. Raises FluxError where the host shows no key.

    ``ssh`` is asked, who goes as far as the host's key and no further: so the user's proxies and jump hosts are on the way.
    """
    name, port = split(host)
    with tempfile.TemporaryDirectory(prefix="flux-ssh-") as folder:
        known = pathlib.Path(folder, "known_hosts")
        command = [ssh_route.program(environ), "-T", *ssh_route.options(name, environ), "-p", port]
        for setting in (*_SETTINGS, f"UserKnownHostsFile={known}"):
            command += ["-o", setting]
        try:
            done = subprocess.run(
                [*command, "--", name, "exit"], capture_output=True, text=True, errors="replace", check=False,
                stdin=subprocess.DEVNULL, timeout=_SECONDS + 5, env=dict(environ), start_new_session=True,
            )  # fmt: skip
            said = done.stderr
        except subprocess.TimeoutExpired:
            said = "i/o timeout"
        words = known.read_text().split() if known.is_file() else []
    if len(words) < 3:
        raise FluxError(f"SSH key scan for host {name}:{port} failed, error: {_reason(said)}")
    return f"{normalized(name, port)} {words[1]} {words[2]}"


def _reason(said: str) -> str:
    """What ssh said last; where nothing could be reached in Go's words."""
    lines = [line for line in said.splitlines() if line and not line.startswith("Warning:")]
    if not lines:
        return "no host key was offered"
    last = one_line(lines[-1].removeprefix("ssh: "), 300)
    unreached = re.fullmatch(r"connect to host (\S+) port (\d+): (.+)", last)
    if unreached:
        why = "i/o timeout" if "timed out" in unreached[3] else f"connect: {unreached[3].lower()}"
        return f"dial tcp {unreached[1]}:{unreached[2]}: {why}"
    unknown = re.fullmatch(r"Could not resolve hostname (\S+): .*", last)
    return f"dial tcp: lookup {unknown[1]}: no such host" if unknown else last


def knows(host: str, port: int, file: str, environ: Mapping[str, str]) -> bool:
    """Whether a known_hosts file has a key of the host, hashed names included."""
    program = shutil.which("ssh-keygen", path=environ.get("PATH"))
    if not program or not os.path.isfile(file):
        return False
    name = normalized(host, str(port))
    found = subprocess.run([program, "-F", name, "-f", file], capture_output=True, check=False, stdin=subprocess.DEVNULL)
    return found.returncode == 0 and bool(found.stdout)


def split(host: str) -> tuple[str, str]:
    """(name, port) of ``host``, ``host:port`` or ``[v6]:port``; 22 where there is none."""
    found = re.fullmatch(r"(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?", host)
    return ((found[1] or found[2]), found[3] or "22") if found else (host, "22")


def normalized(name: str, port: str) -> str:
    """How known_hosts writes a host: with its port in brackets where that is not 22."""
    return name if port == "22" else f"[{name}]:{port}"
