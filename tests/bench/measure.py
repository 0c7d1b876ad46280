"""Whole processes, run in turn and compared pair by pair, so that a machine whose speed drifts does not decide."""

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Run(NamedTuple):
    """One process: seconds from start to exit, and its largest resident size in MiB."""

    seconds: float
    mebibytes: float


class Pair(NamedTuple):
    """Medians of both commands, and the median of the ratios of the pairs."""

    name: str
    ours_ms: float
    other_ms: float
    ratio: float
    ours_mib: float
    other: str
    goal: float | None


def once(command: Sequence[str], env: Mapping[str, str]) -> Run:
    """Run to the end, output thrown away. Raises when the command cannot be started."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return Run(time.perf_counter() - started, usage.ru_maxrss / 1024)


def pair(
    name: str, ours: Sequence[str], other: Sequence[str], env: Mapping[str, str], *, pairs: int, goal: float | None = None
) -> Pair:
    """``pairs`` runs of each in turn, after one of each that is not counted."""
    once(ours, env)
    once(other, env)
    found = [(once(ours, env), once(other, env)) for _ in range(pairs)]
    return Pair(
        name,
        statistics.median(a.seconds for a, _ in found) * 1000,
        statistics.median(b.seconds for _, b in found) * 1000,
        statistics.median(a.seconds / b.seconds for a, b in found),
        max(a.mebibytes for a, _ in found),
        os.path.basename(other[0]) + " " + " ".join(other[1:3]),
        goal,
    )


def limit() -> None:
    """No core files, whatever happens to a measured process."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
