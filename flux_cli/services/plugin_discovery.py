"""Programs named ``flux-NAME`` in the plugin folder are commands ``flux NAME``."""

import os
import stat
from collections.abc import Container, Mapping

PREFIX = "flux-"
NEVER = frozenset({"", "plugin", "help"})


def folder(environ: Mapping[str, str]) -> str:
    """``$FLUXCD_PLUGINS``, else ``~/.fluxcd/plugins``; "" where neither is known."""
    home = environ.get("HOME", "")
    return environ.get("FLUXCD_PLUGINS") or (os.path.join(home, ".fluxcd", "plugins") if home else "")


def discover(environ: Mapping[str, str], taken: Container[str]) -> dict[str, str]:
    """Paths by name, sorted. Names in ``taken`` belong to our own commands; what is no executable file is passed over."""
    where = folder(environ)
    try:
        files = sorted(os.listdir(where)) if where else []
    except OSError:
        return {}
    found = {}
    for file in files:
        name = file.removeprefix(PREFIX)
        if file.startswith(PREFIX) and name not in NEVER and name not in taken and _executable(os.path.join(where, file)):
            found[name] = os.path.join(where, file)
    return found


def _executable(path: str) -> bool:
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return stat.S_ISREG(mode) and bool(mode & 0o111)
