"""Deleting objects of a kind: one, several, or all that match, those that depend on others first."""

from __future__ import annotations

from flux_cli.core.api import Cluster
from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object, name_of, namespace_of
from flux_cli.core.parallel import later, side_by_side
from flux_cli.core.record import Record
from flux_cli.core.view import Amount, Step
from flux_cli.kinds import Kind
from flux_cli.services.aftermath import Telling
from flux_cli.services.bulk import Tally, Words, change_all, dependents_first

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Sequence


class Found(Record):
    """What is to go, and what could not be found, each with its error."""

    objects: list[Object]
    errors: list[FluxError]


def find(cluster: Cluster, kind: Kind, namespace: str, names: Sequence[str], *, labels: str = "") -> Found:
    """The objects of these names, or without names all of the namespace that ``labels`` chooses."""
    if not names:
        return Found(cluster.list(kind.resource, namespace, labels=labels).items, [])
    answers = side_by_side([later(cluster.get, kind.resource, namespace, name) for name in dict.fromkeys(names)])
    found = Found([], [])
    for answer in answers:
        if isinstance(answer, FluxError):
            found.errors.append(answer)
        elif isinstance(answer, Exception):
            raise answer
        else:
            found.objects.append(answer)
    return found


def delete(
    cluster: Cluster, kind: Kind, objects: Sequence[Object], *, dry_run: bool = False
) -> Generator[Step | Amount, None, Tally]:
    """Ask the server to delete each; finalizers are not waited for. Raises what the server says of a single one."""
    human, tail = kind.names.human, " (server dry run)" if dry_run else ""

    def change(obj: Object) -> None:
        with Telling(cluster, kind.resource, obj, obj, deleting=True):
            cluster.delete(kind.resource, namespace_of(obj), name_of(obj), dry_run=dry_run)

    words = Words(
        f"deleting {kind.kind} objects",
        lambda obj: f"deleting {human} {name_of(obj)} in {namespace_of(obj)} namespace",
        lambda obj: f"{human} deleted{tail}",
        lambda obj, err: str(err),
    )
    return (yield from change_all(dependents_first(objects), change, words))
