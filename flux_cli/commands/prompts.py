"""Questions on the terminal. They work on piped input too: scripts answer with a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flux_cli.core.app import App


def confirmed(app: App, label: str) -> bool:
    """Ask ``label?`` on stdout. Only ``y`` or ``Y`` and Enter is a yes; the end of the input is a no."""
    bold, faint, off = ("\x1b[1m", "\x1b[2m", "\x1b[0m") if app.streams.color else ("", "", "")
    app.streams.out.write(f"{bold}? {label}?{off} {faint}[y/N]{off} ")
    app.streams.out.flush()
    answer = app.streams.stdin.readline()
    if not answer.endswith("\n") or not app.streams.tty:
        app.streams.out.write("\n")
    return answer in ("y\n", "Y\n")


def password(app: App, given: str, stdin: bool, path: str) -> str:
    """The password of the flags: as given, from standard input, or from a file, without its line break.

    Raises UsageError where more than one is named.
    """
    from flux_cli.core.errors import UsageError

    if bool(given) + stdin + bool(path) > 1:
        raise UsageError("use only one of --password, --password-stdin and --password-file")
    if stdin:
        return app.streams.stdin.readline().rstrip("\r\n")
    if path:
        from flux_cli.services.creating.shape import read_file

        return read_file(path, "unable to read the password file").rstrip("\r\n")
    return given
