"""What differs from run to run, in words."""

import re

MASKS = [
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( \+0000 UTC|Z)"), "TIME"),
    (re.compile(r"\b\d+s(?= *\t)"), "AGE"),
    (re.compile(r"\b\d+s \(x\d+ over \d+s\)"), "AGE"),
]


TIMED = re.compile(r"(?:^(?: *TIME |(?:[\w-]+ *\t)?AGE *\t).*\n)+", re.MULTILINE)


def masked(text: str) -> str:
    """Lines that begin with a time or an age are sorted: whether two events are of one second or of two is chance."""
    for pattern, word in MASKS:
        text = pattern.sub(word, text)
    return TIMED.sub(lambda run: "".join(sorted(run[0].splitlines(True))), text)
