"""The clouds' own command lines: they know who is logged in on this machine."""

import shutil
import subprocess
from collections.abc import Mapping

from flux_cli.core.errors import FluxError
from flux_cli.core.text import one_line

_LOGIN = {"aws": "aws configure, or aws sso login", "az": "az login", "gcloud": "gcloud auth login"}
_SECONDS = 60.0


def ask(environ: Mapping[str, str], program: str, *args: str, otherwise: str = "") -> str:
    """What ``aws``, ``az`` or ``gcloud`` prints, without blanks around it. ``otherwise``: another way, for the hint.

    Raises FluxError with what the program said and how to log in.
    """
    path = shutil.which(program, path=environ.get("PATH", ""))
    either = f", or {otherwise}" if otherwise else ""
    if not path:
        raise FluxError(f"{program} is not installed", hint=f"Install {program} and log in with it{either}.")
    try:
        done = subprocess.run(
            [path, *args], capture_output=True, text=True, errors="replace", env=dict(environ), stdin=subprocess.DEVNULL,
            timeout=_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as err:
        raise FluxError(f"{program} {' '.join(args[:2])} did not answer within {_SECONDS:.0f} seconds") from err
    if done.returncode or not done.stdout.strip():
        why = _reason(done.stderr) or (f"exit code {done.returncode}" if done.returncode else "it printed nothing")
        raise FluxError(f"{program} {' '.join(args[:2])} failed: {why}", hint=f"Log in: {_LOGIN[program]}{either}.")
    return done.stdout.strip()


def _reason(stderr: str) -> str:
    """The line that says what is wrong: these programs put advice around it."""
    lines = [one_line(line, 300) for line in stderr.splitlines() if line.strip()]
    found = next((line for line in lines if "error" in line.lower()), lines[-1] if lines else "")
    return found.removeprefix("ERROR: ")
