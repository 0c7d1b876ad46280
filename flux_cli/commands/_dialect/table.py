"""The compiled tree as the run time reads it: one row a command, one row a flag, nothing imported that costs time."""

from __future__ import annotations

from flux_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class FlagRow(Record):
    """A flag. ``deprecated`` is what its notice says after ``has been deprecated,``."""

    name: str
    short: str
    type: str
    deprecated: str
    hidden: bool
    complete: str

    @property
    def shown(self) -> str:
        """As error messages write it: ``-A, --all-namespaces``."""
        return f"-{self.short}, --{self.name}" if self.short else f"--{self.name}"


class Node(Record):
    """A command. ``own`` and ``persistent`` are indexes of flag rows; ``run`` is ``module:function``, empty for a group.

    ``params``: positional parameters of the function, each with whether it takes all (that are left);
    ``takes``: (flag, parameter) for every flag whose value the function wants.
    """

    aliases: tuple[str, ...]
    children: tuple[str, ...]
    own: tuple[int, ...]
    persistent: tuple[int, ...]
    run: str
    bind: tuple[tuple[str, Any], ...]
    args: str
    params: tuple[tuple[str, bool], ...]
    takes: tuple[tuple[str, str], ...]
    hidden: bool
    checks_namespace: bool
    complete: str


class Texts(Record):
    """What help says about a command: one line, more, examples, and what stands between its name and ``[flags]``."""

    short: str
    long: str
    example: str
    usage: str


class Table(Record):
    """The whole tree. Paths are words with blanks between them, the root's is empty. ``made_of``: verbs and kinds."""

    flags: tuple[tuple[Any, ...], ...]
    nodes: dict[str, tuple[Any, ...]]
    made_of: tuple[tuple[str, ...], tuple[str, ...]]

    def node(self, path: str) -> Node:
        return Node(*self.nodes[path])

    def flag(self, index: int) -> FlagRow:
        return FlagRow(*self.flags[index])

    def child(self, path: str, word: str) -> str | None:
        """The path of the sub-command of ``path`` with this name or alias."""
        prefix = f"{path} " if path else ""
        names = self.nodes[path][1]
        if word in names:
            return prefix + word
        for name in names:
            if word in self.nodes[prefix + name][0]:
                return str(prefix + name)
        return None

    def inherited(self, path: str) -> list[int]:
        """Indexes of the persistent flags of everything above ``path``, nearest first."""
        found: list[int] = []
        while path:
            path = path.rpartition(" ")[0]
            found += self.node(path).persistent
        return found


class Help(Record):
    """``flags`` holds (text, default as shown) for each flag row."""

    texts: dict[str, tuple[str, str, str, str]]
    flags: tuple[tuple[str, str], ...]

    def of(self, path: str) -> Texts:
        return Texts(*self.texts[path])
