"""What a page shows of ``flux``: command lines in fences, indented blocks and `spans`, and the flags that it names."""

import re
import shlex
from collections.abc import Iterator

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INDENTED = re.compile(r"(?:^ {4}\S.*\n)+", re.MULTILINE)
SPAN = re.compile(r"`(flux [^`]+)`")
OPERATOR = re.compile(r"[()<>|&;]+")
FLAG = re.compile(r"`(--[\w-]+)[^`]*`")
PLACEHOLDER = re.compile(r"…|\bVERB_KIND|^flux NAME$|\[-")


def command_lines(page: str) -> Iterator[list[str]]:
    """Each call of ``flux`` without its name, redirections and what it is piped into. Lines with a placeholder for words are left out."""
    for block in _shell(page):
        for line in block.replace("\\\n", " ").splitlines():
            yield from _calls(line.strip().removeprefix("$ "))


def flags(page: str) -> set[str]:
    """Flags that the prose names, such as `--from PATH`."""
    return set(FLAG.findall(FENCE.sub("", page)))


def _shell(page: str) -> Iterator[str]:
    for language, body in FENCE.findall(page):
        if language in ("sh", "console"):
            yield body
    prose = FENCE.sub("", page)
    yield from INDENTED.findall(prose)
    yield from (span.replace("\\|", "|") for span in SPAN.findall(prose))


def _calls(line: str) -> Iterator[list[str]]:
    words: list[str] = []
    skipped = False
    for word in [*_words(line), ";"]:
        if skipped:
            skipped = False
        elif word in ("<", ">", ">>"):
            skipped = True
        elif OPERATOR.fullmatch(word):
            if words[:1] == ["flux"] and not PLACEHOLDER.search(" ".join(words)):
                yield words[1:]
            words = []
        else:
            words.append(word)


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    return list(lexer)
