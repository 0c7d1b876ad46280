"""Whole processes, run in turn and compared pair by pair, so that a machine whose speed drifts does not decide."""

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Pair(NamedTuple):
    """Medians of both commands, and the median of the ratios of the pairs."""

    name: str
    ours_ms: float
    other_ms: float
    ratio: float
    ours_mib: float
    other: str
    goal: float | None


def started(command: Sequence[str], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Output is thrown away. Raises when the command cannot be started."""
    return subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def once(command: Sequence[str], env: Mapping[str, str]) -> float:
    """Seconds from start to exit."""
    begin = time.perf_counter()
    started(command, env).wait()
    return time.perf_counter() - begin


def works(command: Sequence[str], env: Mapping[str, str]) -> None:
    """Run it once. Raises RuntimeError where it fails; a triage that found causes (its code is 1, it prints them) has not."""
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode and not done.stdout:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}")


def memory(command: Sequence[str], env: Mapping[str, str]) -> float:
    """The largest resident size in MiB, in a run of its own that is not timed.

    Looked up while it runs: what the system tells at the end counts the moment before exec too, which is our own size.
    """
    process, peak = started(command, env), 0.0
    while process.poll() is None:
        if b"tests.bench" not in _command(process.pid):
            peak = max(peak, high_water(process.pid))
        time.sleep(0.001)
    process.wait()
    return peak


def high_water(process: int) -> float:
    """The largest resident size so far of a process that runs, in MiB; 0 where the system does not tell."""
    try:
        with open(f"/proc/{process}/status") as file:
            return max((int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM")), default=0.0)
    except OSError:
        return 0.0


def _command(pid: int) -> bytes:
    """The words of a process; still our own until it has become the command."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""


def pair(
    name: str,
    ours: Sequence[str],
    other: Sequence[str],
    env: Mapping[str, str],
    *,
    pairs: int,
    goal: float | None = None,
    extra: Mapping[str, str] | None = None,
) -> Pair:
    """``pairs`` runs of each in turn, after one of each that is not counted. ``extra`` is the environment of ours alone.

    Raises RuntimeError where a command does not do what it is measured for.
    """
    own = {**env, **(extra or {})}
    works(ours, own)
    works(other, env)
    found = [(once(ours, own), once(other, env)) for _ in range(pairs)]
    return Pair(
        name,
        statistics.median(a for a, _ in found) * 1000,
        statistics.median(b for _, b in found) * 1000,
        statistics.median(a / b for a, b in found),
        memory(ours, own),
        os.path.basename(other[0]) + " " + " ".join(other[1:3]),
        goal,
    )


def limit() -> None:
    """No core files, whatever happens to a measured process."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
