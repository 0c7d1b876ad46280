"""The front door: one command line in, exit code and whole outputs back."""

import io
import os
import shlex
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from flux_cli.core.api import Cluster
from flux_cli.core.app import App, Clock, Settings, Streams
from flux_cli.main import SystemClock, connect, main

Connect = Callable[[Settings, Mapping[str, str]], Cluster]


class Result(NamedTuple):
    """What a command line answered."""

    code: int
    out: str
    err: str


class Skipping(SystemClock):
    """A clock that waiting alone moves, and only once ``settled``: a deadline passes at once, but never before others did their part."""

    def __init__(self, settled: Callable[[], bool] = lambda: True) -> None:
        self._settled = settled
        self._at = 0.0

    def monotonic(self) -> float:
        return self._at

    def sleep(self, seconds: float) -> None:
        if self._settled():
            self._at += seconds
        else:
            time.sleep(0.02)


class Flux:
    """``flux("get ks -A")``: runs in this process, on whatever cluster ``connect`` leads to.

    ``environ`` starts with PATH and HOME only, so nothing of the machine leaks in.
    """

    def __init__(self, home: str, connect: Connect = connect, **environ: str) -> None:
        self._connect = connect
        self.clock: Clock = SystemClock()
        self.environ = {"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8"} | environ

    def __call__(self, line: str, *more: str, stdin: str = "", tty: bool = False, **environ: str) -> Result:
        out, err = io.StringIO(), io.StringIO()
        streams = Streams(io.StringIO(stdin), out, err, tty=tty, color=tty)
        app = App(streams, self.clock, self.environ | environ, self._connect)
        code = main([*shlex.split(line), *more], app)
        return Result(code, out.getvalue(), err.getvalue())
