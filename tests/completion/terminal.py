"""A shell on a pseudo terminal, and the screen that a person would see."""

import fcntl
import os
import pty
import select
import subprocess
import termios
import time
from collections.abc import Callable

import pyte

PATIENCE = 20.0


class Terminal:
    """Types into a shell and waits until the screen shows what is expected; ``PATIENCE`` is only how long a failure takes."""

    def __init__(self, command: list[str], environ: dict[str, str]) -> None:
        self._master, slave = pty.openpty()
        self._screen = pyte.Screen(160, 40)
        self._stream = pyte.ByteStream(self._screen)
        self._process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environ | {"TERM": "xterm", "COLUMNS": "160", "LINES": "40"},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # fish insists on owning its terminal
        )
        os.close(slave)

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def wait(self, shows: Callable[[str], bool]) -> str:
        """The screen as soon as ``shows`` accepts it. Fails with what is there when it never does."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if select.select([self._master], [], [], 0.1)[0]:
                data = os.read(self._master, 65536)
                self._answer(data)
                self._stream.feed(data)
            elif shows(self.text()):
                return self.text()
        raise AssertionError("the screen shows:\n" + self.text())

    def _answer(self, data: bytes) -> None:
        """Fish asks the terminal who it is, and waits."""
        if b"\x1b[c" in data or b"\x1b[0c" in data:
            os.write(self._master, b"\x1b[?62;c")

    def text(self) -> str:
        return "\n".join(row.rstrip() for row in self._screen.display).rstrip()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)
