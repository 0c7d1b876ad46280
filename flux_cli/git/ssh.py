"""Git over SSH with the ``ssh`` of the machine: agent, ``~/.ssh/config`` and ``known_hosts`` work as they do for ``git``."""

import contextlib
import os
import pathlib
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any

from dulwich.client import SSHGitClient, SSHVendor, SubprocessWrapper

from flux_cli.core.errors import FluxError
from flux_cli.git.access import Access, host_of, split, user_of

_ASK = '#!/bin/sh\nprintf "%s\\n" "$FLUX_SSH_PASSPHRASE"\n'


class Vendor(SSHVendor):
    """Starts ``ssh``; ``errors`` holds what it said, for when the connection fails."""

    def __init__(self, command: list[str], environ: Mapping[str, str], folder: pathlib.Path) -> None:
        self._command = command
        self._environ = dict(environ)
        self._stderr = folder / "stderr"

    def run_command(  # the library's signature
        self, host: str, command: bytes, username: str | None = None, port: int | None = None, password: str | None = None,  # noqa: ARG002
        key_filename: str | None = None, ssh_command: str | None = None, protocol_version: int | None = None,  # noqa: ARG002
    ) -> SubprocessWrapper:  # fmt: skip
        options = ["-o", f"SetEnv GIT_PROTOCOL=version={protocol_version}"] if protocol_version else []
        options += ["-p", str(port)] if port else []
        target = f"{username}@{host}" if username else host
        with self._stderr.open("ab") as errors:
            process = subprocess.Popen(
                [*self._command, *options, "--", target, command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                env=self._environ, bufsize=0, start_new_session=True,
            )  # fmt: skip
        return SubprocessWrapper(process)

    def errors(self) -> str:
        """What ssh wrote, without warnings and banners; of a changed host key only the end, which says it."""
        text = self._stderr.read_text("utf-8", "replace") if self._stderr.exists() else ""
        lines = [line for line in text.splitlines() if line and not line.startswith(("Warning:", "@"))]
        return "\n".join(lines[-2:] if "IDENTIFICATION HAS CHANGED" in text else lines)


class Client(SSHGitClient):
    """dulwich's client, whose conversations are ended for certain: it leaves them open where one fails."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._open: list[Any] = []
        super().__init__(*args, **options)

    def _connect(self, *args: Any, **options: Any) -> Any:
        found = super()._connect(*args, **options)
        self._open.append(found[0])
        return found

    def close(self) -> None:
        for conversation in self._open:
            with contextlib.suppress(OSError):
                conversation.close()


@contextlib.contextmanager
def client(url: str, access: Access, environ: Mapping[str, str], timeout: float) -> Iterator[tuple[Client, str, Vendor]]:
    """A client for the remote, the path on it, and the vendor that knows ssh's own words. Nothing secret is written to disk."""
    program = shutil.which("ssh", path=environ.get("PATH"))
    if not program:
        raise FluxError("ssh is not on PATH", hint="Install the OpenSSH client, or use an https:// URL with --token-auth.")
    parts = split(url)
    host = parts.hostname or host_of(parts)
    if host.startswith("-"):
        raise FluxError(f"the host {host!r} is no host")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="flux-ssh-"))
    try:
        vendor = Vendor([program, *_options(access, folder, environ, timeout)], _environment(access, environ, folder), folder)
        made = Client(host, parts.port, user_of(parts) or None, vendor=vendor, quiet=True)
        try:
            yield made, parts.path, vendor
        finally:
            made.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _options(access: Access, folder: pathlib.Path, environ: Mapping[str, str], timeout: float) -> list[str]:
    out = ["-x", "-T", "-o", f"ConnectTimeout={max(1, int(min(timeout, 30)))}"]
    if not (access.key_file and access.password):
        out += ["-o", "BatchMode=yes"]  # nobody is there to be asked
    if access.key_file:
        out += ["-i", os.path.abspath(access.key_file), "-o", "IdentitiesOnly=yes"]
    if access.known_hosts:
        trusted = folder / "known_hosts"
        trusted.write_text(access.known_hosts.rstrip("\n") + "\n")
        out += ["-o", f"UserKnownHostsFile={trusted}", "-o", "GlobalKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=yes"]
    if access.host_key_algorithms:
        out += ["-o", f"HostKeyAlgorithms={','.join(access.host_key_algorithms)}"]
    proxy = environ.get("ALL_PROXY") or environ.get("all_proxy")
    if proxy:
        out += ["-o", f"ProxyCommand={_tunnel()} %h %p"]
    return out


def _tunnel() -> str:
    """A command line for ssh's ProxyCommand: it goes through the proxy that ALL_PROXY names."""
    import sys

    code = "import sys; from flux_cli.git.proxy_command import main; sys.exit(main(sys.argv[1:]))"
    return f"{shlex.quote(sys.executable)} -c {shlex.quote(code)}".replace("%", "%%")


def _environment(access: Access, environ: Mapping[str, str], folder: pathlib.Path) -> dict[str, str]:
    """ssh asks a program for a passphrase; the program reads it from its environment, so that no file holds it."""
    found = dict(environ)
    if access.key_file and access.password:
        ask = folder / "ask"
        ask.write_text(_ASK)
        ask.chmod(0o700)
        found |= {"SSH_ASKPASS": str(ask), "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ":", "FLUX_SSH_PASSPHRASE": access.password}
    return found


def knows(host: str, port: int, file: str, environ: Mapping[str, str]) -> bool:
    """Whether a known_hosts file has a key of the host, hashed names included."""
    program = shutil.which("ssh-keygen", path=environ.get("PATH"))
    if not program or not os.path.isfile(file):
        return False
    name = host if port == 22 else f"[{host}]:{port}"
    found = subprocess.run([program, "-F", name, "-f", file], capture_output=True, check=False, stdin=subprocess.DEVNULL)
    return found.returncode == 0 and bool(found.stdout)
