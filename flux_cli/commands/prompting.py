"""Questions to the person at the keyboard, on stdout; they work with piped answers as well."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from flux_cli.core.errors import Aborted, FluxError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from flux_cli.core.app import App


def confirm(app: App, label: str, refused: FluxError | None = None) -> None:
    """Ask ``label? [y/N]``. Returns on ``y`` or ``Y`` with Enter; anything else raises ``refused`` or Aborted.

    Where a command has a word of its own for a refusal, the end of the input is another error: ``^D``.
    """
    bold, blue, faint, reset = ("\x1b[1m", "\x1b[34m", "\x1b[2m", "\x1b[0m") if app.streams.color else ("", "", "", "")
    app.streams.out.write(f"{bold}{blue}?{reset} {bold}{label}{reset}? {faint}[y/N]{reset} ")
    app.streams.out.flush()
    answer = app.streams.stdin.readline()
    whole = answer.endswith("\n")
    if not whole or not app.streams.tty:
        app.streams.out.write("\n")
    if answer in ("y\n", "Y\n", "y\r\n", "Y\r\n"):
        return
    if refused is None:
        raise Aborted
    raise refused if whole else FluxError("^D")


def confirm_takeover(app: App, version: str, manager: str, refused: str) -> None:
    """Ask whether an installation that another tool looks after may be changed. Raises FluxError with the text ``refused``."""
    if manager and manager != "flux":
        app.log.plain(f"Flux {version} has been installed on this cluster with {manager}!")
        confirm(app, f"Are you sure you want to override the {manager} installation? Y/N", FluxError(refused))


def password(app: App, given: str, stdin: bool, path: str) -> str:
    """The password of the flags: as given, from standard input, or from a file, without its line break.

    Raises UsageError where more than one is named.
    """
    if bool(given) + stdin + bool(path) > 1:
        raise UsageError("use only one of --password, --password-stdin and --password-file")
    if stdin:
        return app.streams.stdin.readline().rstrip("\r\n")
    if path:
        from flux_cli.services.creating.shape import read_file

        return read_file(path, "unable to read the password file").rstrip("\r\n")
    return given


def secret(app: App, label: str) -> str:
    """Ask for a token or password: not echoed on a terminal, otherwise one line of input. Raises FluxError."""
    with _unseen(app.streams.stdin):  # before the question: an answer that comes at once is not echoed either
        app.streams.out.write(label)
        app.streams.out.flush()
        answer = app.streams.stdin.readline()
    if not answer.endswith("\n"):
        raise FluxError("could not read token: could not read from stdin: EOF")
    app.streams.out.write("\n")
    return answer.rstrip("\r\n")


@contextmanager
def _unseen(stdin: TextIO) -> Iterator[None]:
    """What is typed is not shown meanwhile."""
    if not stdin.isatty():
        yield
        return
    import termios

    descriptor = stdin.fileno()
    before = termios.tcgetattr(descriptor)
    silent = termios.tcgetattr(descriptor)
    silent[3] &= ~termios.ECHO
    termios.tcsetattr(descriptor, termios.TCSANOW, silent)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSANOW, before)
