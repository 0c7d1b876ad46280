"""What differs from run to run, in words."""

import re

MASKS = [
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( \+0000 UTC|Z)"), "TIME"),
    (re.compile(r"\b\d+s(?= *\t)"), "AGE"),
    (re.compile(r"\b\d+s \(x\d+ over \d+s\)"), "AGE"),
]


def masked(text: str) -> str:
    for pattern, word in MASKS:
        text = pattern.sub(word, text)
    return text
