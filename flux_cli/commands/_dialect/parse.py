"""Words of a command line to a command, its flags and its arguments, by the rules of cobra and pflag."""

from __future__ import annotations

import os

from flux_cli.commands._dialect.table import FlagRow, Table
from flux_cli.commands._dialect.values import merged
from flux_cli.core.errors import UsageError
from flux_cli.core.record import Record
from flux_cli.core.text import go_quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

HELP = FlagRow("help", "h", "bool", "", False, "")
VERSION = FlagRow("version", "v", "bool", "", False, "")


class FlagSet:
    """The flags that a command takes, by name and by letter."""

    def __init__(self, rows: list[FlagRow]) -> None:
        self.long: dict[str, FlagRow] = {}
        self.short: dict[str, FlagRow] = {}
        for row in rows:
            if row.name not in self.long:
                self.long[row.name] = row
                if row.short:
                    self.short.setdefault(row.short, row)

    def takes_next(self, word: str) -> bool:
        """Whether ``word`` is a flag whose value is the next word. Unknown flags count as such, as in cobra."""
        if word.startswith("--"):
            row = self.long.get(word[2:])
        elif word.startswith("-") and len(os.fsencode(word)) == 2:
            row = self.short.get(word[1])
        else:
            return False
        return "=" not in word and not (row and row.type == "bool")


class Parsed(Record):
    """``values`` holds the flags that were given; ``notes`` are notices of deprecated ones."""

    values: dict[str, Any]
    args: list[str]
    notes: list[str]


def flags_of(table: Table, path: str, *, with_help: bool = True) -> FlagSet:
    """Own flags first: they shadow those that come from above."""
    node = table.node(path)
    rows = [table.flag(i) for i in (*node.own, *node.persistent, *table.inherited(path))]
    if with_help:
        rows.append(HELP)
        if not path:
            rows.append(VERSION)
    return FlagSet(rows)


def find(table: Table, words: list[str]) -> tuple[str, list[str]]:
    """The deepest command that the words name, and the words that are left to it.

    While it looks, ``--help`` and ``--version`` are not known yet, so they swallow the next word: ``flux --version get ks`` is
    the unknown command ``ks``. Upstream does this odd thing and so do we.
    """
    path, rest = "", words
    while True:
        flags = flags_of(table, path, with_help=False)
        position = next(_commands(rest, flags), None)
        if position is None:
            return path, rest
        child = table.child(path, rest[position])
        if child is None:
            return path, rest
        path, rest = child, rest[:position] + rest[position + 1 :]


def _commands(words: list[str], flags: FlagSet) -> Iterator[int]:
    """Positions of the words that are neither flags nor values of flags, up to ``--``."""
    position = 0
    while position < len(words):
        word = words[position]
        if word == "--":
            return
        if flags.takes_next(word):
            position += 1
        elif word and not word.startswith("-"):
            yield position
        position += 1


def bare_words(table: Table, path: str, words: list[str]) -> list[str]:
    """The words that cobra takes for arguments before it parses flags."""
    return [words[i] for i in _commands(words, flags_of(table, path, with_help=False))]


def parse(flags: FlagSet, words: list[str]) -> Parsed:
    """pflag's parser. Raises UsageError in its words."""
    out = Parsed({}, [], [])
    rest = list(reversed(words))
    while rest:
        word = rest.pop()
        if word == "--":
            out.args.extend(reversed(rest))
            break
        if word.startswith("--"):
            _long(flags, word, rest, out)
        elif word.startswith("-") and word != "-":
            _shorts(flags, word[1:], rest, out)
        else:
            out.args.append(word)
    return out


def _long(flags: FlagSet, word: str, rest: list[str], out: Parsed) -> None:
    name, equals, value = word[2:].partition("=")
    if not name or name.startswith("-"):
        raise UsageError(f"bad flag syntax: {word}")
    row = flags.long.get(name)
    if row is None:
        raise UsageError(f"unknown flag: --{name}")
    if equals:
        _set(row, value, out)
    elif row.type == "bool":
        _set(row, "true", out)
    elif rest:
        _set(row, rest.pop(), out)
    else:
        raise UsageError(f"flag needs an argument: --{name}")


def _shorts(flags: FlagSet, letters: str, rest: list[str], out: Parsed) -> None:
    """``-Aw``, ``-nfoo``, ``-n=foo``, ``-n foo``."""
    while letters:
        letter, after = letters[0], letters[1:]
        row = flags.short.get(letter)
        if row is None:
            shown = letter if letter.isascii() else chr(os.fsencode(letter)[0])  # pflag looks at bytes
            raise UsageError(f"unknown shorthand flag: {_rune(shown)} in -{letters}")
        if len(after) > 1 and after[0] == "=":
            _set(row, after[1:], out)
            return
        if row.type == "bool":
            _set(row, "true", out)
            letters = after
            continue
        if not after and not rest:
            raise UsageError(f"flag needs an argument: {_rune(letter)} in -{letters}")
        _set(row, after or rest.pop(), out)
        return


def _rune(char: str) -> str:
    """Go's %q of a character."""
    inner = go_quote(char)[1:-1]
    return "'" + {'\\"': '"', "'": "\\'"}.get(inner, inner) + "'"


def _set(row: FlagRow, text: str, out: Parsed) -> None:
    try:
        out.values[row.name] = merged(row.type, out.values.get(row.name), text)
    except ValueError as err:
        raise UsageError(f"invalid argument {go_quote(text)} for {go_quote(row.shown)} flag: {err}") from None
    if row.deprecated:
        out.notes.append(f"Flag --{row.name} has been deprecated, {row.deprecated}")
