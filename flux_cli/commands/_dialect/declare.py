"""How commands are declared. Imported when the tree is built (tests, the compile step), never by a plain call.

``flag`` and ``argument`` are what stands in ``Annotated[...]``; a ``Group`` collects commands and turns into Typer objects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import typer.models


class Flag(typer.models.OptionInfo):
    """A Typer option that knows its pflag type, its deprecation note and how its values are completed."""

    def __init__(self, decls: tuple[str, ...], help: str, type: str, hidden: bool, deprecated: str, complete: str) -> None:
        super().__init__(default=..., param_decls=decls, help=help, hidden=hidden or bool(deprecated))
        self.pflag = type
        self.deprecated = deprecated
        self.complete = complete


class Argument(typer.models.ArgumentInfo):
    """A Typer argument that knows how its values are completed."""

    def __init__(self, metavar: str, help: str, complete: str) -> None:
        super().__init__(default=..., metavar=metavar or None, help=help)
        self.complete = complete


def flag(*decls: str, help: str, type: str = "", hidden: bool = False, deprecated: str = "", complete: str = "") -> Any:
    """A flag: ``flag("--all-namespaces", "-A", help="…")``.

    ``type`` is a name of ``values.PARSERS``; without one it follows from the annotation (bool, str, int, float, list of str).
    ``deprecated`` is what to do instead; such a flag works and is not listed. ``complete`` names a source of candidates of
    ``_dialect/candidates.py`` (``namespaces``, ``contexts``, ``files``, ``dirs`` …) or lists them: ``words:a|b``.
    """
    return Flag(decls, help, type, hidden, deprecated, complete)


def argument(*, metavar: str = "", help: str = "", complete: str = "") -> Any:
    """A positional argument; ``metavar`` is how the usage line writes it (``[name]``)."""
    return Argument(metavar, help, complete)


class Texts(NamedTuple):
    """What help says: one line, a longer text, and command lines to copy."""

    short: str
    long: str
    example: str


class Leaf(NamedTuple):
    """A command that runs."""

    name: str
    run: Callable[..., None]
    aliases: tuple[str, ...]
    bind: Mapping[str, Any]
    without: tuple[str, ...]
    texts: Texts
    args: str
    usage: str
    hidden: bool
    checks_namespace: bool
    complete: str
    flags: Callable[..., None] | None


class Group:
    """A command that only holds others. ``flags``: a function whose signature lists the flags that all commands below it take."""

    def __init__(
        self,
        name: str,
        texts: Texts,
        aliases: tuple[str, ...] = (),
        flags: Callable[..., None] | None = None,
        checks_namespace: bool = True,
        hidden: bool = False,
    ) -> None:
        self.name = name
        self.texts = texts
        self.aliases = aliases
        self.flags = flags
        self.checks_namespace = checks_namespace
        self.hidden = hidden
        self.children: dict[str, Group | Leaf] = {}

    def group(
        self,
        name: str,
        short: str,
        *,
        aliases: Sequence[str] = (),
        flags: Callable[..., None] | None = None,
        long: str = "",
        example: str = "",
        checks_namespace: bool | None = None,
        hidden: bool = False,
    ) -> Group:
        """A group below this one; asked for again by the same name it is the same group.

        ``checks_namespace``: the Go CLI leaves out the check of ``-n`` below ``create`` and ``plugin``; inherited.
        """
        known = self.children.get(name)
        if isinstance(known, Group):
            return known
        checks = self.checks_namespace if checks_namespace is None else checks_namespace
        made = Group(name, Texts(short, long or short, example), tuple(aliases), flags, checks, hidden)
        self._add(name, made)
        return made

    def leaf(
        self,
        name: str,
        run: Callable[..., None],
        *,
        aliases: Sequence[str] = (),
        bind: Mapping[str, Any] | None = None,
        without: Sequence[str] = (),
        short: str = "",
        long: str = "",
        example: str = "",
        args: str = "any",
        usage: str = "",
        hidden: bool = False,
        checks_namespace: bool | None = None,
        complete: str = "",
        flags: Callable[..., None] | None = None,
    ) -> None:
        """A command. ``bind``: parameters of ``run`` that are fixed here; ``without``: parameters that are no flag here.

        ``args``: ``any`` (surplus is ignored), ``none``, ``exact:N``, ``min:N``, ``max:N``. ``usage``: what the usage line says
        between name and ``[flags]``; without it the positional parameters. ``complete``: candidates for the arguments; without it
        the objects of ``bind["kind"]``. ``flags``: a function whose signature lists
        flags that ``run`` is not handed, such as ``--from``.
        """
        texts = _texts(run, short, long, example)
        checks = self.checks_namespace if checks_namespace is None else checks_namespace
        made = Leaf(
            name, run, tuple(aliases), dict(bind or {}), tuple(without), texts, args, usage, hidden, checks, complete, flags
        )
        self._add(name, made)

    def _add(self, name: str, child: Group | Leaf) -> None:
        if name in self.children:
            raise ValueError(f"command {name!r} is declared twice below {self.name!r}")
        self.children[name] = child


def _texts(run: Callable[..., None], short: str, long: str, example: str) -> Texts:
    """The texts given, the rest from the docstring: first line, body, what follows ``Examples:``."""
    from inspect import cleandoc

    body, _, examples = cleandoc(run.__doc__ or "").partition("\nExamples:\n")
    first, _, rest = body.partition("\n")
    head = short or first.strip().rstrip(".")
    return Texts(head, (long or (body if rest.strip() else head)).strip(), cleandoc(example or examples).strip("\n"))
