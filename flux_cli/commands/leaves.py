"""Where the commands of each kind hang below a verb, and what they are called there. Only the declarations ask."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from flux_cli.commands._dialect.declare import Group
from flux_cli.kinds import Kind, every


class Place(NamedTuple):
    """``path``: what is typed behind the verb, noun and name."""

    kind: Kind
    group: Group
    noun: str
    name: str
    aliases: tuple[str, ...]
    path: str


def of_kinds(verb: Group, nouns: Mapping[str, str]) -> Iterator[Place]:
    """A place for every kind that knows the verb. ``nouns``: the line of help of each noun, whose group is made on the way."""
    for kind in every():
        if verb.name in kind.verbs:
            noun, noun_aliases = kind.names.noun(verb.name)
            group = verb.group(noun, nouns[noun], aliases=noun_aliases) if noun else verb
            name, aliases = kind.names.leaf(verb.name)
            yield Place(kind, group, noun, name, aliases, f"{noun} {name}".strip())
