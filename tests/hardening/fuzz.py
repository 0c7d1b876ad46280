"""A fuzzer led by coverage, for what comes from outside: kubeconfig files, command lines, HTTP answers.

    python tests/hardening/fuzz.py SECONDS [SEED]

Inputs that reach new lines of the reader are kept and changed further. Only the errors that a reader documents may come out
of it; anything else is a finding and is printed with its input.
"""

import pathlib
import random
import sys
import tempfile
import time
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, NamedTuple

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent))

from flux_cli.commands._dialect.parse import find, flags_of, parse
from flux_cli.commands._dialect.table import load
from flux_cli.core.errors import FluxError
from flux_cli.kube import kubeconfig
from flux_cli.kube.http import BadAnswer, Channel

FOLDER = tempfile.mkdtemp()
SPLICES = [
    b"\x00",
    b"\n",
    b"\r\n",
    b": ",
    b"- ",
    b"{",
    b"[",
    b"'",
    b'"',
    b"--",
    b"=",
    b"\xff\xfe",
    b"0",
    b"-1",
    b"ffffffff",
    b"\t",
    b"&a *a",
    b"!!",
]


class Target(NamedTuple):
    """``run`` reads one input; ``parts`` names the modules whose lines lead the search."""

    run: Callable[[bytes], None]
    parts: tuple[str, ...]
    seeds: list[bytes]


class Replay:
    """A socket that gives out the input in small pieces, then nothing more."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def recv(self, size: int, /) -> bytes:
        piece, self._data = self._data[: min(size, 7)], self._data[min(size, 7) :]
        return piece

    def sendall(self, data: bytes, /) -> None: ...
    def settimeout(self, seconds: float | None, /) -> None: ...
    def close(self) -> None: ...


def speaks(err: Exception) -> None:
    if not str(err):
        raise AssertionError("an error without a word") from err


def read_config(data: bytes) -> None:
    path = pathlib.Path(FOLDER, "config")
    path.write_bytes(data)
    try:
        kubeconfig.load(str(path), {})
    except FluxError as err:
        speaks(err)


def read_words(data: bytes) -> None:
    words = data.decode("utf-8", "replace").split("\n")
    table = load()
    try:
        path, rest = find(table, words)
        parse(flags_of(table, path), rest)
    except FluxError as err:
        speaks(err)


def read_answer(data: bytes) -> None:
    channel = Channel(Replay(data))
    channel.until = time.monotonic() + 5
    try:
        head = channel.head()
        for _ in channel.body(head):
            pass
    except BadAnswer as err:
        speaks(err)


TARGETS = {
    "kubeconfig": Target(
        read_config,
        ("kube/plain.py", "kube/kubeconfig.py", "core/goyaml_load.py"),
        [
            b"apiVersion: v1\nkind: Config\ncurrent-context: a\nclusters:\n- name: a\n  cluster:\n    server: https://h:1\n"
            b"contexts:\n- name: a\n  context: {cluster: a, user: a}\nusers:\n- name: a\n  user:\n    token: 't'\n",
            b'{"apiVersion":"v1","kind":"Config","clusters":[{"name":"a","cluster":{"server":"http://h"}}],"users":null}',
            b"users:\n- name: x\n  user:\n    exec:\n      command: c\n      args: [a, b]\n      env:\n      - {name: A, value: b}\n",
        ],
    ),
    "argv": Target(
        read_words,
        ("_dialect/parse.py", "_dialect/values.py", "_dialect/table.py"),
        [
            b"get\nks\n-An\napps",
            b"--timeout=1h2m\nlogs\n-f\n--tail\n3",
            b"create\nsource\ngit\nx\n--label=a=b,c=d",
            b"get\n--\n--nope",
            b"help\nget",
        ],
    ),
    "wire": Target(
        read_answer,
        ("kube/http.py",),
        [
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: b\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nT: u\r\n\r\n",
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 204 No\r\nConnection: keep-alive\r\n\r\n",
        ],
    ),
}


def covered(target: Target, data: bytes) -> set[tuple[CodeType, int]]:
    """The lines of the target's modules that this input reaches."""
    seen: set[tuple[CodeType, int]] = set()

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        if not frame.f_code.co_filename.endswith(target.parts):
            return None
        if event == "line":
            seen.add((frame.f_code, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        target.run(data)
    finally:
        sys.settrace(before)
    return seen


def changed(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """``data`` with one to four small changes: bytes flipped, cut, doubled, spliced in or taken from ``other``."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(out))
        end = min(len(out), at + chance.randint(0, 12))
        kind = chance.randrange(5)
        if kind == 0 and at < len(out):
            out[at] = chance.randrange(256)
        elif kind == 1:
            del out[at:end]
        elif kind == 2:
            out[at:at] = out[at:end] * chance.randint(1, 3)
        elif kind == 3:
            out[at:at] = chance.choice(SPLICES)
        else:
            out[at:end] = other[at : end + 4]
    return bytes(out[:4096])


def fuzz(
    target: Target, chance: random.Random, go_on: Callable[[int], bool]
) -> tuple[int, int, list[tuple[bytes, BaseException]]]:
    """(inputs run, inputs kept, findings)."""
    corpus, seen, findings, count = list(target.seeds), set[tuple[CodeType, int]](), [], 0
    for seed in corpus:
        seen |= covered(target, seed)
    while go_on(count):
        data = changed(chance.choice(corpus), chance.choice(corpus), chance)
        count += 1
        try:
            new = covered(target, data) - seen
        except Exception as err:  # whatever it is: that is what is looked for
            findings.append((data, err))
            continue
        if new:
            seen |= new
            corpus.append(data)
    return count, len(corpus) - len(target.seeds), findings


def main() -> None:
    seconds, seed = float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    for name, target in TARGETS.items():
        end = time.monotonic() + seconds / len(TARGETS)
        count, kept, findings = fuzz(target, random.Random(seed), lambda _, end=end: time.monotonic() < end)
        sys.stdout.write(f"{name}: {count} inputs, {kept} reached new lines, {len(findings)} findings\n")
        for data, err in findings[:5]:
            sys.stdout.write(f"  {type(err).__name__}: {err}: {data!r}\n")


if __name__ == "__main__":
    main()
