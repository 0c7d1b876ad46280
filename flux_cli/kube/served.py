"""What a cluster serves, and which of it a word stands for: kubectl's rules for plurals, short names, groups and categories."""

from collections.abc import Sequence
from typing import NamedTuple

from flux_cli.core.api import Resource


class Served(NamedTuple):
    """A resource with the other names that people type for it."""

    resource: Resource
    singular: str = ""
    short: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


class _Reading(NamedTuple):
    """A word taken apart: ``deployments.apps`` names no version, ``deployments.v1.apps`` can be read in two ways."""

    name: str
    group: str
    version: str = ""


def by_word(all_: Sequence[Served], word: str) -> Resource | None:
    """The resource that a word stands for: ``deploy``, ``Deployment``, ``deployments.apps``, ``deployments.v1.apps``.

    Without regard to case but for short names; a group may be cut short (``ks.kustomize``). The first in the server's order.
    """
    name, _, group = word.partition(".")
    version, dot, rest = group.partition(".")
    readings = ([_Reading(name, rest, version)] if dot else []) + [_Reading(name, group)]
    by_name = (served for reading in readings for served in _fitting(all_, _long(all_, reading)))
    by_kind = (served for served in all_ if (served.resource.kind, served.resource.group) == (name, group))
    return next((served.resource for served in (*by_name, *by_kind)), None)


def in_category(all_: Sequence[Served], word: str) -> list[Resource]:
    """The resources of a category such as ``all``, those of the first version of each; empty where it is none."""
    found = {(s.resource.group, s.resource.plural): s.resource for s in reversed(all_) if word in s.categories}
    return list(reversed(found.values()))


def _fitting(all_: Sequence[Served], wanted: _Reading) -> list[Served]:
    name = wanted.name.lower()
    return [s for s in all_ if name in (s.resource.plural, s.singular) and _of_group(s.resource, wanted)]


def _of_group(resource: Resource, wanted: _Reading) -> bool:
    """Beside a version the group is whole, or left out."""
    if wanted.version:
        return resource.version == wanted.version and wanted.group in ("", resource.group)
    return resource.group.startswith(wanted.group)


def _long(all_: Sequence[Served], wanted: _Reading) -> _Reading:
    """A short name in full, that of the group before those of groups that begin like it."""
    here = [served for served in all_ if wanted.group in ("", served.resource.group)]
    if any(wanted.name in (served.resource.plural, served.singular) for served in here):
        return wanted
    alike = [served for served in all_ if wanted.group and served.resource.group.startswith(wanted.group)]
    for served in (*here, *alike):
        if wanted.name in served.short:
            return wanted._replace(name=served.resource.plural, group=served.resource.group)
    return wanted
