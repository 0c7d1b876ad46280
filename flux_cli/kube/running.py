"""A program run to its end, with bounds on its time and on what it may print."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from threading import Thread

from flux_cli.core.errors import ConfigError, Timeout

OUTPUT = 4 << 20  # bytes of standard output; a credential has a few thousand
PATIENCE = 300.0  # seconds where no deadline is set: some plugins wait for a person in a browser

GRACE = 0.5  # seconds in which what is left in the pipe is read after the end of the program

Failure = Callable[[str, str], ConfigError]


def run(command: Sequence[str], environ: Mapping[str, str], interactive: bool, until: float | None, failure: Failure) -> bytes:
    """Its standard output. Its errors go straight to ours, so that it can talk to the person. Raises what ``failure`` makes."""
    seconds = PATIENCE if until is None else until - time.monotonic()
    started = time.monotonic()
    name = command[0].rpartition("/")[2]
    stdin = None if interactive else subprocess.DEVNULL
    try:
        # One that may not ask has no terminal to ask on, and goes with all that it started.
        process = subprocess.Popen(
            command, env=dict(environ), stdin=stdin, stdout=subprocess.PIPE, start_new_session=not interactive
        )
    except (OSError, ValueError) as err:
        words = err.strerror.lower() if isinstance(err, OSError) and err.strerror else str(err)
        raise failure(f"exec: fork/exec {command[0]}: {words}", "") from None
    try:
        output = _output(process, seconds)
        if len(output) > OUTPUT:
            raise failure(f"exec: executable {name} printed more than {OUTPUT >> 20} MB", "")
        code = process.wait(max(0.0, started + seconds - time.monotonic()))
    except subprocess.TimeoutExpired:
        text = f"exec: executable {name} did not end in time: context deadline exceeded"
        raise Timeout(text, hint="The kubeconfig logs in with it. Run it by hand to see what it waits for.") from None
    finally:
        if process.poll() is None:
            if interactive or not hasattr(os, "killpg"):
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if code:
        what = f"exit code {code}" if code > 0 else f"signal {-code}"
        raise failure(f"exec: executable {name} failed with {what}", "")
    return output


def _output(process: "subprocess.Popen[bytes]", seconds: float) -> bytes:
    """What it prints, up to one byte more than is allowed. Children that keep the pipe open after its end are not waited for."""
    read: list[bytes] = []

    def work() -> None:
        assert process.stdout
        left = OUTPUT + 1
        with process.stdout as pipe:
            while left > 0 and (piece := os.read(pipe.fileno(), min(left, 1 << 16))):
                read.append(piece)
                left -= len(piece)

    until = time.monotonic() + seconds
    reader = Thread(target=work, daemon=True)
    reader.start()
    while reader.is_alive():
        if process.poll() is not None:
            reader.join(GRACE)
            break
        if time.monotonic() >= until:
            raise subprocess.TimeoutExpired(process.args, seconds)
        reader.join(min(0.1, max(0.0, until - time.monotonic())))
    return b"".join(read)
