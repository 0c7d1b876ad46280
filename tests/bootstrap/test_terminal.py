"""Questions on a real terminal: a pseudo-terminal, and the command in a process of its own."""

import os
import pty
import signal
import sys

import pytest

PROMPT = "Please enter your GitHub personal access token (PAT): "


def asked(keys: bytes) -> tuple[int, str]:
    """Exit code and all that the terminal shows, where these keys are pressed as soon as the question is there."""
    process, terminal = pty.fork()
    if process == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background job ignores it, and would hand that down
        environ = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
        os.execve(sys.executable, [sys.executable, "-m", "flux_cli", "bootstrap", "github", "--components", "x"], environ)
    shown = b""
    try:
        while piece := os.read(terminal, 4096):
            if PROMPT.encode() in shown + piece and PROMPT.encode() not in shown:
                os.write(terminal, keys)
            shown += piece
    except OSError:  # how a terminal says that nobody is there any more
        pass
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), shown.decode()


@pytest.mark.parametrize(
    ("keys", "code", "said"),
    [
        (b"hunter2\n", 1, "\r\n✗ component source-controller is required\r\n"),
        (b"\x04", 1, "✗ could not read token: could not read from stdin: EOF\r\n"),
        (b"\x03", 130, ""),
    ],
    ids=["token", "end", "interrupt"],
)
def test_a_token_is_never_shown(keys: bytes, code: int, said: str) -> None:
    assert asked(keys) == (code, PROMPT + said)
