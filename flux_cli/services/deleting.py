"""Deleting objects of a kind: one, several, or all that match, those that depend on others first."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from flux_cli.core.api import Cluster
from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object, items, name_of, namespace_of, text
from flux_cli.core.parallel import side_by_side
from flux_cli.kinds import Kind


class Found(NamedTuple):
    """What is to go, and what could not be found, each with its error."""

    objects: list[Object]
    errors: list[FluxError]


def find(cluster: Cluster, kind: Kind, namespace: str, names: Sequence[str], *, selector: str = "") -> Found:
    """The objects of these names, or without names all of the namespace that match ``selector``."""
    if not names:
        return Found(cluster.list(kind.resource, namespace, labels=selector).items, [])
    answers = side_by_side([partial(cluster.get, kind.resource, namespace, name) for name in dict.fromkeys(names)])
    found = Found([], [])
    for answer in answers:
        if isinstance(answer, FluxError):
            found.errors.append(answer)
        elif isinstance(answer, Exception):
            raise answer
        else:
            found.objects.append(answer)
    return found


def waves(objects: Sequence[Object]) -> list[list[Object]]:
    """The objects in groups to delete one after the other: what others depend on goes after them. Circles go together, last."""
    left = {name_of(obj): obj for obj in objects}
    groups = []
    while left:
        needed = {text(ref, "name") for obj in left.values() for ref in items(obj, "spec.dependsOn") if _same(obj, ref)}
        free = [name for name in left if name not in needed] or list(left)
        groups.append([left.pop(name) for name in free])
    return groups


def _same(obj: Object, ref: Object) -> bool:
    return text(ref, "namespace") in ("", namespace_of(obj))


def delete(cluster: Cluster, kind: Kind, objects: Sequence[Object], *, dry_run: bool = False) -> list[FluxError | None]:
    """Ask the server to delete each; the error or None, in the same order. Finalizers are not waited for."""
    calls = [partial(cluster.delete, kind.resource, namespace_of(obj), name_of(obj), dry_run=dry_run) for obj in objects]
    answers = side_by_side(calls)
    for answer in answers:
        if isinstance(answer, Exception) and not isinstance(answer, FluxError):
            raise answer
    return [answer if isinstance(answer, FluxError) else None for answer in answers]
