"""argv in, exit code out: the one place where errors become exit codes, streams are real and the process ends."""

from __future__ import annotations

import gc
import os
import sys
import time

from flux_cli.core.errors import FluxError, Silent

TYPE_CHECKING = False  # importing typing alone costs a third of ``flux --version``
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flux_cli.core.api import Cluster
    from flux_cli.core.app import App, Settings

INTERRUPTED = 130
BROKEN_PIPE = 141


class SystemClock:
    """The machine's own time."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def run() -> None:
    """The ``flux`` command. Ends the process without finalisation: nothing is open that needs it, and it costs time.

    Scripts ask for ``--version`` all the time: it is answered before anything else is loaded.
    """
    gc.disable()  # a short-lived process: collecting costs more than it frees
    if sys.argv[1:] in (["--version"], ["-v"]) and "FLUX_SYSTEM_NAMESPACE" not in os.environ:  # which may deserve a warning
        os._exit(_version())
    os._exit(main(sys.argv[1:]))


def _version() -> int:
    from flux_cli.core import __version__

    try:
        sys.stdout.write(f"flux version {__version__}\n")
        sys.stdout.flush()
    except OSError:
        return BROKEN_PIPE
    return 0


def main(argv: Sequence[str], app: App | None = None) -> int:
    """Run one command line and return its exit code; errors are told on stderr, never raised."""
    world = app or real_app()
    try:
        from flux_cli.commands._dialect.dispatch import dispatch

        dispatch(list(argv), world)
        world.streams.out.flush()
        return 0
    except Silent as err:
        return _flushed(world, err.exit_code)
    except FluxError as err:
        return _flushed(world, err.exit_code, err)
    except KeyboardInterrupt:
        return _flushed(world, INTERRUPTED)
    except BrokenPipeError:
        _forget_stdout()
        return BROKEN_PIPE
    except Exception as err:  # a defect of ours: say so in one line, keep the details for who asks
        return _flushed(world, 1, _defect(err, world.environ))


def _flushed(world: App, code: int, err: FluxError | None = None) -> int:
    """What was printed so far comes first, then the error's line and its hint."""
    from flux_cli.core.app import Log

    try:
        world.streams.out.flush()
        if err is not None:
            Log(world.streams.err).failure(str(err))
            if err.hint:
                Log(world.streams.err).plain(err.hint)
        world.streams.err.flush()
    except BrokenPipeError:
        _forget_stdout()
    return code


def _defect(err: Exception, environ: Mapping[str, str]) -> FluxError:
    """The one line for an exception that nobody expected. FLUX_DEBUG=1 adds where it happened."""
    where = ""
    if environ.get("FLUX_DEBUG"):
        import traceback

        where = "\n" + "".join(f"{f.filename}:{f.lineno} in {f.name}\n" for f in traceback.extract_tb(err.__traceback__))
    detail = f"{type(err).__name__}: {err}" if str(err) else type(err).__name__
    return FluxError(
        f"internal error: {detail}{where}",
        hint="This is a defect of flux. Run again with FLUX_DEBUG=1 and report what it prints.",
    )


def _forget_stdout() -> None:
    """The reader of our output has gone: let the interpreter's own flush at exit go nowhere."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)


def real_app() -> App:
    """The world as it is: the process's streams, the machine's clock, the environment, clusters over the wire."""
    from flux_cli.core.app import App, Streams

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    tty = sys.stdout.isatty()
    color = tty and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    width = os.get_terminal_size(1).columns if tty else 80
    streams = Streams(sys.stdin, sys.stdout, sys.stderr, tty=tty, color=color, width=width or 80)
    return App(streams, SystemClock(), os.environ, connect)


def connect(settings: Settings, environ: Mapping[str, str]) -> Cluster:
    """A cluster for these settings: over the wire, or in memory from files where ``--from`` says so."""
    from flux_cli.kinds import served_as

    if settings.from_path:
        from flux_cli.kube.client import KubeClient
        from flux_cli.sandbox.snapshot import open_path

        return KubeClient(open_path(settings.from_path), known=served_as)
    from flux_cli.kube.session import connect as over_the_wire

    return over_the_wire(settings, environ, known=served_as)
