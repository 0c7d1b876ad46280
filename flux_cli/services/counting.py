"""``stats``: how many objects of each kind there are, how many fail, and what their artifacts take."""

from __future__ import annotations

from flux_cli.core.api import Cluster
from flux_cli.core.objects import Object, conditions, dig
from flux_cli.core.record import Record
from flux_cli.core.view import Table
from flux_cli.kinds import Kind, named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from flux_cli.core.api import Found

COUNTED = (
    "GitRepository",
    "OCIRepository",
    "HelmRepository",
    "HelmChart",
    "Bucket",
    "Kustomization",
    "HelmRelease",
    "Alert",
    "Provider",
    "Receiver",
    "ImageUpdateAutomation",
    "ImagePolicy",
    "ImageRepository",
)
UNITS = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


class Count(Record):
    """One kind. ``storage`` is in bytes; ``unread`` says why nothing could be counted, "" where it could."""

    kind: str
    running: int = 0
    failing: int = 0
    suspended: int = 0
    storage: int = 0
    unread: str = ""


def count(cluster: Cluster, namespace: str) -> list[Count]:
    """All kinds side by side; ``namespace`` is empty for all. A kind that cannot be read counts as nothing, as in the Go CLI."""
    kinds = [named(name) for name in COUNTED]
    answers: Found = cluster.list_each([kind.resource for kind in kinds], namespace)
    return [_count(kind, answer) for kind, answer in zip(kinds, answers, strict=True)]


def _count(kind: Kind, answer: list[Object] | Exception) -> Count:
    if isinstance(answer, Exception):
        return Count(kind.kind, unread=str(answer))
    suspended = sum(kind.suspended(obj) for obj in answer)
    failing = sum(c.get("type") == "Ready" and c.get("status") == "False" for obj in answer for c in conditions(obj))
    sizes = [dig(obj, "status.artifact.size", 0) for obj in answer]
    storage = sum(size for size in sizes if isinstance(size, int))
    return Count(kind.kind, len(answer) - suspended, failing, suspended, storage)


def table(counts: Sequence[Count]) -> Table:
    headers = ("Reconcilers", "Running", "Failing", "Suspended", "Storage")
    return Table(headers, [(c.kind, str(c.running), str(c.failing), str(c.suspended), size(c.storage)) for c in counts])


def size(count: int) -> str:
    """Bytes for a person, in powers of 1024; ``-`` for none."""
    if count < 1024:
        return f"{count} B" if count else "-"
    value, unit = count / 1024, 0
    while value >= 1024 and unit < len(UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{value:.1f} {UNITS[unit]}"
