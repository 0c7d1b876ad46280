"""How the ``ssh`` of the machine gets to a host: the program, and the proxy on the way."""

import shlex
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

from flux_cli.core.errors import FluxError


def program(environ: Mapping[str, str]) -> str:
    """The path of ``ssh``. Raises FluxError where there is none."""
    found = shutil.which("ssh", path=environ.get("PATH"))
    if not found:
        raise FluxError("ssh is not on PATH", hint="Install the OpenSSH client, or use an https:// URL with --token-auth.")
    return found


def options(host: str, environ: Mapping[str, str]) -> list[str]:
    """ssh's options for the proxy of ALL_PROXY; none where NO_PROXY names the host, or ``~/.ssh/config`` has a way of its own."""
    import urllib.request

    library: Any = urllib.request
    if not (environ.get("ALL_PROXY") or environ.get("all_proxy")):
        return []
    direct = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
    if library.proxy_bypass_environment(host, {"no": direct}) or _has_own_way(host, environ):
        return []
    return ["-o", f"ProxyCommand={_tunnel()} %h %p"]


def _has_own_way(host: str, environ: Mapping[str, str]) -> bool:
    """Whether the user's configuration reaches the host by ProxyCommand or ProxyJump."""
    told = subprocess.run(
        [program(environ), "-G", "--", host], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        env=dict(environ),
    )  # fmt: skip
    return any(line.startswith(("proxycommand ", "proxyjump ")) for line in told.stdout.splitlines())


def _tunnel() -> str:
    """A command line for ssh's ProxyCommand: it goes through the proxy that ALL_PROXY names."""
    import sys

    code = "import sys; from flux_cli.git.proxy_command import main; sys.exit(main(sys.argv[1:]))"
    return f"{shlex.quote(sys.executable)} -c {shlex.quote(code)}".replace("%", "%%")
