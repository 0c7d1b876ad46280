"""Credentials of plugins between runs, where FLUX_EXEC_CACHE=1 asks for it: a private file each, gone when expired or refused.

Cloud plugins take hundreds of milliseconds for what is good for minutes. Off by default: it puts a token on disk.
"""

import os
import stat
from collections.abc import Mapping
from typing import Any, Protocol

from flux_cli.kube.credential import Credential
from flux_cli.kube.tls import Identity

# What a shell changes on its own. All else belongs to the key: AWS_PROFILE and its like decide who the plugin logs in as.
PASSING = frozenset(
    {"_", "PWD", "OLDPWD", "SHLVL", "COLUMNS", "LINES", "TERM", "WINDOWID", "WINDOW", "STY", "PS1", "PROMPT_COMMAND", "NO_COLOR"}
)
PASSING_PREFIXES = ("SSH_", "TERM_", "TMUX", "VSCODE_", "DBUS_", "XDG_SESSION", "FLUX_", "LC_", "LESS", "KITTY_", "ITERM_")

_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)


class Store(Protocol):
    """A place for one credential."""

    def load(self) -> Credential | None: ...
    def save(self, credential: Credential) -> None: ...
    def drop(self) -> None: ...


class Nowhere:
    """Remembers nothing."""

    def load(self) -> Credential | None:
        return None

    def save(self, credential: Credential) -> None:
        pass

    def drop(self) -> None:
        pass


class OnDisk:
    """One file, readable for its owner alone. Only what says when it expires is kept."""

    def __init__(self, path: str) -> None:
        self._path = path

    def load(self) -> Credential | None:
        import json

        try:
            fd = os.open(self._path, os.O_RDONLY | _NO_LINKS)
            with open(fd, encoding="utf-8") as file:
                about = os.fstat(fd)
                if about.st_uid != os.getuid() or stat.S_IMODE(about.st_mode) & 0o077:
                    return None
                kept = json.load(file)
            pair = kept["identity"]
            identity = Identity(pair[0].encode(), pair[1].encode()) if pair else None
            credential = Credential(str(kept["token"]), identity, float(kept["expires"]))
        except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError):
            return None
        return None if credential.expired or not credential.expires else credential

    def save(self, credential: Credential) -> None:
        import json

        if not credential.expires or credential.expired:
            return
        pair = credential.identity and [part.decode() for part in credential.identity]
        part = f"{self._path}.{os.getpid()}"
        try:
            os.makedirs(os.path.dirname(self._path), mode=0o700, exist_ok=True)
            fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINKS, 0o600)
            with open(fd, "w", encoding="utf-8") as file:
                json.dump({"token": credential.token, "identity": pair, "expires": credential.expires}, file)
            os.replace(part, self._path)
        except OSError:
            pass  # a disk that does not want it costs time, not the command

    def drop(self) -> None:
        if os.path.exists(self._path):
            os.unlink(self._path)


def on_disk(environ: Mapping[str, str], parts: Any) -> Store:
    """The place for the credential of this plugin, command line, environment and cluster; none where there is no home."""
    import hashlib
    import json

    base = environ.get("XDG_RUNTIME_DIR") or (environ.get("HOME", "") and os.path.join(environ["HOME"], ".cache"))
    if not base:
        return Nowhere()
    around = {k: v for k, v in environ.items() if k not in PASSING and not k.startswith(PASSING_PREFIXES)}
    key = hashlib.sha256(json.dumps([parts, around], sort_keys=True, default=str).encode()).hexdigest()[:32]
    return OnDisk(os.path.join(base, "flux", "exec", f"{key}.json"))
