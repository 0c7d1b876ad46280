"""Git over SSH with the ``ssh`` of the machine: agent, ``~/.ssh/config`` and ``known_hosts`` work as they do for ``git``."""

import contextlib
import os
import pathlib
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from dulwich.client import SSHGitClient, SSHVendor, SubprocessWrapper

from flux_cli.core.errors import FluxError
from flux_cli.git import host_keys, ssh_route
from flux_cli.git.access import Access, host_of, split, user_of

_ASK = '#!/bin/sh\nprintf "%s\\n" "$FLUX_SSH_PASSPHRASE"\n'


class Vendor(SSHVendor):
    """Starts ``ssh``; ``errors`` holds what it said, for when the connection fails."""

    def __init__(self, command: list[str], environ: Mapping[str, str], folder: pathlib.Path) -> None:
        self._command = command
        self._environ = dict(environ)
        self._stderr = folder / "stderr"
        self._running: list[subprocess.Popen[bytes]] = []
        self.late = False  # whether the time was up

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
        self._running.append(process)
        return SubprocessWrapper(process)

    def end(self) -> None:
        """The time is up: end what still runs."""
        self.late = True
        for process in self._running:
            process.kill()

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
    """A client for the remote, the path on it, and the vendor that knows ssh's own words. Nothing secret is written to disk.

    After ``timeout`` seconds the conversation is ended, whatever the other side does.
    """
    program = ssh_route.program(environ)
    parts = split(url)
    host = host_keys.split(host_of(parts))[0]
    if host.startswith("-"):
        raise FluxError(f"the host {host!r} is no host")
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="flux-ssh-", ignore_cleanup_errors=True)))
        command = [program, *_options(access, folder, timeout), *ssh_route.options(host, environ)]
        if access.key_file:
            command += ["-i", _private(access.key_file, stack), "-o", "IdentitiesOnly=yes"]
        vendor = Vendor(command, _environment(access, environ, folder), folder)
        timer = threading.Timer(timeout, vendor.end)
        timer.daemon = True
        timer.start()
        stack.callback(timer.cancel)
        made = Client(host, parts.port, user_of(parts) or None, vendor=vendor, quiet=True)
        stack.callback(made.close)
        yield made, parts.path, vendor


def _options(access: Access, folder: pathlib.Path, timeout: float) -> list[str]:
    out = ["-x", "-T", "-o", f"ConnectTimeout={max(1, int(min(timeout, 30)))}"]
    if not (access.key_file and access.password):
        out += ["-o", "BatchMode=yes"]  # nobody is there to be asked
    if access.known_hosts:
        trusted = folder / "known_hosts"
        trusted.write_text(access.known_hosts.rstrip("\n") + "\n")
        out += ["-o", f"UserKnownHostsFile={trusted}", "-o", "GlobalKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=yes"]
    if access.host_key_algorithms:
        out += ["-o", f"HostKeyAlgorithms={','.join(access.host_key_algorithms)}"]
    return out


def _private(file: str, stack: contextlib.ExitStack) -> str:
    """The key's file, or a copy in memory where others may read it: mounted secrets are like that, and ssh refuses them."""
    about = os.stat(file)
    if not about.st_mode & 0o077 or about.st_uid != os.getuid() or not hasattr(os, "memfd_create"):
        return os.path.abspath(file)
    held = os.memfd_create("key")
    stack.callback(os.close, held)
    os.fchmod(held, 0o600)
    os.write(held, pathlib.Path(file).read_bytes())
    return f"/proc/{os.getpid()}/fd/{held}"


def _environment(access: Access, environ: Mapping[str, str], folder: pathlib.Path) -> dict[str, str]:
    """ssh asks a program for a passphrase; the program reads it from its environment, so that no file holds it."""
    found = dict(environ)
    if access.key_file and access.password:
        ask = folder / "ask"
        ask.write_text(_ASK)
        ask.chmod(0o700)
        found |= {"SSH_ASKPASS": str(ask), "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ":", "FLUX_SSH_PASSPHRASE": access.password}
    return found
