"""A fuzzer led by coverage, for what comes from outside: kubeconfig files, command lines, HTTP answers, lists, YAML, messages.

    python tests/hardening/fuzz.py SECONDS [SEED]

Inputs that reach new lines of the reader are kept and changed further. Only the errors that a reader documents may come out
of it; anything else is a finding and is printed with its input.
"""

import pathlib
import random
import sys
import time
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent

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
    from hardening.targets import TARGETS

    seconds, seed = float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    for name, target in TARGETS.items():
        end = time.monotonic() + seconds / len(TARGETS)
        count, kept, findings = fuzz(target, random.Random(seed), lambda _, end=end: time.monotonic() < end)
        sys.stdout.write(f"{name}: {count} inputs, {kept} reached new lines, {len(findings)} findings\n")
        for data, err in findings[:5]:
            sys.stdout.write(f"  {type(err).__name__}: {err}: {data!r}\n")


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT.parent)]
    main()
