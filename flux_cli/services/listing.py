"""``get``: which objects there are, which of them are asked for, and what a table shows of them."""

from __future__ import annotations

import time

from flux_cli.core.api import Cluster
from flux_cli.core.errors import FluxError, UsageError
from flux_cli.core.fieldselectors import named
from flux_cli.core.objects import Object, condition, conditions, dig, namespace_of, text
from flux_cli.core.objects import annotations as annotations_of
from flux_cli.core.record import Record
from flux_cli.core.view import Table
from flux_cli.kinds import Column, Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from flux_cli.core.api import Found

    Test = Callable[[Object], bool]
    Row = tuple[str, ...]
    Keep = Callable[[Object], Any] | None


class Scope(Record):
    """Where to look. ``namespace`` is empty and ``name`` None for all; ``labels`` is a selector as the server takes it."""

    namespace: str
    name: str | None = None
    labels: str = ""

    @property
    def fields(self) -> str:
        return named(self.name)


class Filters(Record):
    """What to keep of the list. ``status`` is ``type=status`` or ``type!=status``; ``ready`` is true, false or unknown."""

    status: str = ""
    suspended: bool | None = None
    ready: str = ""
    stale: bool = False


def scope(namespace: str, all_namespaces: bool, name: str | None, labels: str) -> Scope:
    """Raises UsageError for a label selector that cannot be read."""
    if labels:
        from flux_cli.core.labelselectors import normalise

        try:
            labels = normalise(labels)
        except ValueError as err:
            raise UsageError(f"unable to parse label selector: {err}") from None
    return Scope("" if all_namespaces else namespace, name, labels)


def fetch(cluster: Cluster, kind: Kind, where: Scope, keep: Keep = None) -> list[Any]:
    """The objects of one kind, in the server's order; of each what ``keep`` makes of it."""
    return cluster.list(kind.resource, where.namespace, labels=where.labels, fields=where.fields, keep=keep).items


def fetch_each(cluster: Cluster, kinds: Sequence[Kind], where: Scope, keeps: Sequence[Keep]) -> Found:
    """For each kind its objects, or why they could not be read; all lists a round trip deep."""
    resources = [kind.resource for kind in kinds]
    return cluster.list_each(resources, where.namespace, labels=where.labels, fields=where.fields, keeps=keeps)


def nothing(kind: Kind, where: Scope) -> FluxError:
    """The Go CLI's words for an empty list, the namespace in quotes."""
    place = f'"{where.namespace}"' if where.namespace else "any"
    if where.name is not None:
        return FluxError(f"{kind.kind} object '{where.name}' not found in {place} namespace")
    return FluxError(f"no {kind.kind} objects found in {place} namespace")


def chosen(kind: Kind, objects: list[Object], filters: Filters) -> list[Object]:
    """Those that pass all filters. A filter that cannot be read is told when there is an object to test, as in the Go CLI."""
    if filters == Filters() or not objects:
        return objects
    tests = _tests(kind, filters)
    return [obj for obj in objects if all(test(obj) for test in tests)]


def row_of(kind: Kind, filters: Filters, shape: Shape) -> Callable[[Object], Row | None]:
    """What a table keeps of an object as it comes in: its row, or None where it does not pass the filters."""
    values = [column.value for column in columns_of(kind, shape)]
    tests: list[Test] | None = None

    def row(obj: Object) -> Row | None:
        nonlocal tests
        tests = _tests(kind, filters) if tests is None else tests
        return tuple(value(obj) for value in values) if all(test(obj) for test in tests) else None

    return row


def _tests(kind: Kind, filters: Filters) -> list[Test]:
    tests: list[Test] = []
    if filters.status:
        tests.append(_by_status(kind, filters.status))
    if filters.suspended is not None:
        tests.append(lambda obj: kind.suspended(obj) is filters.suspended)
    if filters.ready:
        wanted = filters.ready.lower()
        if wanted not in ("true", "false", "unknown"):
            raise UsageError(f"--ready must be true, false or unknown, not {filters.ready}")
        column = next(column for column in kind.columns if column.header == "Ready")
        tests.append(lambda obj: column.value(obj).lower() == wanted)
    if filters.stale:
        tests.append(lambda obj: is_stale(kind, obj))
    return tests


def _by_status(kind: Kind, selector: str) -> Test:
    """``--status-selector``: any condition, compared without regard to case; of several of one type the last one counts."""
    negated = "!=" in selector
    type_, found, status = selector.partition("!=" if negated else "=")
    if not found:
        raise FluxError(f"expected status selector in type=status or type!=status format, but found: {selector}")
    type_, status = type_.lower(), status.lower()

    def matches(obj: Object) -> bool:
        if kind.static({}):  # Alert and Provider have no status at all: the Go CLI takes them for ready
            return (type_, status) == ("ready", "true")
        same = [c for c in conditions(obj) if text(c, "type").lower() == type_]
        return bool(same) and text(same[-1], "status").lower() == status

    return lambda obj: matches(obj) is not negated


def is_stale(kind: Kind, obj: Object) -> bool:
    """Does the status speak of an older spec, or is a reconciliation asked for that has not been answered? Not when suspended."""
    if kind.static(obj) or kind.suspended(obj):
        return False
    requested = str(annotations_of(obj).get("reconcile.fluxcd.io/requestedAt", ""))
    if requested and requested != text(obj, "status.lastHandledReconcileAt"):
        return True
    generation = dig(obj, "metadata.generation")
    return generation is not None and dig(obj, "status.observedGeneration") != generation


class Shape(Record):
    """How a table is laid out. ``prefix``: the name cell starts with the kind; ``now``: for ages in wide tables."""

    all_namespaces: bool = False
    prefix: bool = False
    show_source: bool = False
    wide: bool = False
    now: float = 0.0


def table(kind: Kind, objects: list[Object], shape: Shape) -> Table:
    """One row an object."""
    row = row_of(kind, Filters(), shape)
    return of_rows(kind, [row(obj) for obj in objects], shape)


def of_rows(kind: Kind, rows: Sequence[Row | None], shape: Shape) -> Table:
    """The rows that ``row_of`` made, under their headers."""
    return Table(tuple(column.header for column in columns_of(kind, shape)), [row for row in rows if row is not None])


def columns_of(kind: Kind, shape: Shape) -> list[Column]:
    shown = {"show_source"} if shape.show_source or shape.wide else set()
    columns = [column for column in kind.columns if not column.only or column.only in shown]
    if shape.prefix:
        name = columns[0].value
        word = kind.kind.lower()
        columns[0] = Column("Name", lambda obj: f"{word}/{name(obj)}")
    if shape.all_namespaces:
        columns.insert(0, Column("Namespace", namespace_of))
    if shape.wide:
        columns.append(Column("Changed", lambda obj: _age(text(condition(obj), "lastTransitionTime"), shape.now)))
        columns.append(Column("Age", lambda obj: _age(text(obj, "metadata.creationTimestamp"), shape.now)))
    return columns


def _age(stamp: str, now: float) -> str:
    from flux_cli.core import rfc3339
    from flux_cli.core.durations import age

    seconds = rfc3339.seconds(stamp)
    return age(now - seconds) if seconds else ""


def joint_table(found: Sequence[tuple[Kind, list[Object]]]) -> Table:
    """Objects of several kinds in one table, for formats that cannot hold several: the columns that most kinds share."""
    shared = ("Revision", "Suspended", "Ready", "Message")
    rows = []
    for kind, objects in found:
        columns = {column.header: column.value for column in kind.columns}
        for obj in objects:
            cells = [columns[header](obj) if header in columns else "" for header in shared]
            rows.append((namespace_of(obj), kind.kind, text(obj, "metadata.name"), *cells))
    return Table(("Namespace", "Kind", "Name", *shared), rows)


def ordered(kind: Kind, objects: list[Object], by: str) -> list[Object]:
    """Sorted by a column of the wide table, or by a field where ``by`` starts with a dot (``.metadata.creationTimestamp``).

    In the server's order where the kind does not have the column.
    """
    if by.startswith("."):
        return sorted(objects, key=lambda obj: _comparable(dig(obj, by[1:])))
    column = _sortable(kind).get(_header(by))
    if column is None:
        return objects
    if column.header == "Age":
        return sorted(objects, key=lambda obj: text(obj, "metadata.creationTimestamp"), reverse=True)
    if column.header == "Changed":
        return sorted(objects, key=lambda obj: text(condition(obj), "lastTransitionTime"), reverse=True)
    return sorted(objects, key=lambda obj: column.value(obj))


def check_order(kinds: Sequence[Kind], by: str) -> None:
    """Raises UsageError where no kind has the column ``by``."""
    columns = list(dict.fromkeys(header for kind in kinds for header in _sortable(kind)))
    if by and not by.startswith(".") and _header(by) not in columns:
        known = ", ".join(header.replace(" ", "-") for header in columns)
        raise UsageError(f"--sort-by: there is no column {by}", hint=f"Columns: {known}; or a field such as .metadata.name")


def _sortable(kind: Kind) -> dict[str, Column]:
    return {c.header.lower(): c for c in columns_of(kind, Shape(all_namespaces=True, wide=True, now=time.time()))}


def _header(by: str) -> str:
    return by.lower().replace("-", " ")


def _comparable(value: object) -> tuple[int, float, str]:
    """Nothing first, then numbers, then text."""
    if isinstance(value, int | float):
        return (1, float(value), "")
    return (0, 0.0, "") if value is None else (2, 0.0, str(value))


def as_list(objects: Sequence[Object]) -> Object:
    """The real objects in a ``v1`` ``List``, as kubectl gives them."""
    return {"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": list(objects)}
