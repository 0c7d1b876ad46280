"""``flux get``: objects of one kind, or of many, and how they are doing."""

from __future__ import annotations

from flux_cli.core.errors import FluxError, NoMatch, UsageError
from flux_cli.core.objects import text
from flux_cli.core.record import Record
from flux_cli.kinds import NAMES, named
from flux_cli.printers import table, width
from flux_cli.services import listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.common import AllNamespaces, From, GivenName
    from flux_cli.commands.flags.get import (
        Follow,
        LabelSelector,
        NoHeader,
        Output,
        ReadyIs,
        ShowSource,
        SortBy,
        Stale,
        StatusSelector,
        Suspended,
        Watch,
    )  # fmt: skip
    from flux_cli.core.api import Event
    from flux_cli.core.app import App
    from flux_cli.core.objects import Object
    from flux_cli.core.view import Table
    from flux_cli.kinds import Kind

_NOUNS = {
    "sources": "List sources and their state",
    "images": "List image automation objects and their state",
    "artifacts": "List artifact objects and their state",
}
_FAILING = ("not ready", "--status-selector ready=false")
_STATES = dict.fromkeys(("Alert", "Provider"), ("suspended", "--suspended"))  # these have no status
_SOURCES, _IMAGES = NAMES[:6], NAMES[6:9]
_ALL = tuple(name for name in NAMES if name != "ArtifactGenerator")  # as the Go CLI leaves it out
_FORMATS = ("", "table", "json", "yaml", "wide", "name", "markdown", "csv")
_STREAMED = ("", "table", "wide", "json", "yaml", "name")


class Wish(Record):
    """What a command line asks for, beside the kinds."""

    where: listing.Scope
    filters: listing.Filters
    shape: listing.Shape
    output: str
    header: bool
    sort_by: str
    measure: width.Measure

    @property
    def in_rows(self) -> bool:
        """Whether rows will do: a table in the order of the server."""
        return self.output in ("", "table", "wide") and not self.sort_by


def declare(root: Group) -> None:
    from flux_cli.commands.leaves import of_kinds

    verb = root.group(
        "get", "List Flux objects and their state", flags=persistent,
        example="# Everything, in every namespace\nflux get all -A\n\n# What is not ready\nflux get all -A --ready false",
    )  # fmt: skip
    verb.leaf(
        "all", many, bind={"kinds": _ALL}, short="List objects of every kind and their state",
        example="# Everything in every namespace that is not ready\nflux get all -A --status-selector ready=false",
    )  # fmt: skip
    for kind, group, _, name, aliases, path in of_kinds(verb, _NOUNS):
        has_source = any(column.only == "show_source" for column in kind.columns)
        group.leaf(
            name, one, aliases=aliases, bind={"kind": kind.kind}, without=() if has_source else ("show_source",),
            short=f"List {kind.kind} objects and their state", usage=" ",
            example=f"# Those of one namespace\nflux get {path} -n my-team\n\n"
            f"# Those that are {_STATES.get(kind.kind, _FAILING)[0]}, in every namespace\n"
            f"flux get {path} -A {_STATES.get(kind.kind, _FAILING)[1]}\n\n# As JSON, for a script\nflux get {path} -A -o json",
        )  # fmt: skip
    for noun, names in (("sources", _SOURCES), ("images", _IMAGES)):
        verb.group(noun, _NOUNS[noun]).leaf(
            "all", many, bind={"kinds": names}, short=_NOUNS[noun], usage=" ",
            example=f"# In every namespace\nflux get {noun} all -A",
        )  # fmt: skip


def persistent(
    app: App, all_namespaces: AllNamespaces = False, no_header: NoHeader = False, watch: Watch = False,
    status_selector: StatusSelector = "", label_selector: LabelSelector = "", output: Output = "", from_: From = "",
    suspended: Suspended = None, ready: ReadyIs = "", stale: Stale = False, sort_by: SortBy = "", follow: Follow = False,
) -> None:  # fmt: skip
    """Declares the flags that every ``get`` has."""


def one(
    app: App, kind: str, name: GivenName = None, all_namespaces: AllNamespaces = False, no_header: NoHeader = False,
    watch: Watch = False, status_selector: StatusSelector = "", label_selector: LabelSelector = "",
    show_source: ShowSource = False, output: Output = "", suspended: Suspended = None, ready: ReadyIs = "",
    stale: Stale = False, sort_by: SortBy = "", follow: Follow = False,
) -> None:  # fmt: skip
    found = named(kind)
    cluster = app.kube  # where no way leads to a cluster, that is told first
    where = listing.scope(app.settings.namespace, all_namespaces, name, label_selector)
    filters = listing.Filters(status_selector, suspended, ready, stale)
    shape = listing.Shape(all_namespaces, False, show_source, output == "wide", app.clock.now())
    wish = Wish(where, filters, shape, _known(output, _FORMATS), not no_header, sort_by, width.measure(app.environ))
    listing.check_order([found], sort_by)
    if watch or follow:
        _known(output, _STREAMED)
        _watch(app, found, wish, forever=follow)
        return
    objects = listing.fetch(cluster, found, where, _keep(found, wish))
    if not objects and (name is not None or output in ("", "table", "wide")):
        raise listing.nothing(found, where)
    app.streams.out.write(_text([(found, _chosen(found, objects, wish))], wish))


def many(
    app: App, kinds: Sequence[str], name: GivenName = None, all_namespaces: AllNamespaces = False, no_header: NoHeader = False,
    watch: Watch = False, status_selector: StatusSelector = "", label_selector: LabelSelector = "", output: Output = "",
    suspended: Suspended = None, ready: ReadyIs = "", stale: Stale = False, sort_by: SortBy = "", follow: Follow = False,
) -> None:  # fmt: skip
    if watch or follow:
        raise UsageError("expected a single resource type, but found all")
    models = [named(kind) for kind in kinds]
    _known(output, _FORMATS)
    listing.check_order(models, sort_by)
    try:
        cluster = app.kube
        where = listing.scope(app.settings.namespace, all_namespaces, name, label_selector)
    except FluxError as err:
        if output not in ("", "table", "wide") or app.settings.from_path:
            raise
        for _ in models:  # the Go CLI asks kind by kind, and no kind's error ends it
            app.log.failure(str(err))
        return
    filters = listing.Filters(status_selector, suspended, ready, stale)
    shape = listing.Shape(all_namespaces, True, False, output == "wide", app.clock.now())
    wish = Wish(where, filters, shape, output, not no_header, sort_by, width.measure(app.environ))
    together: list[tuple[Kind, list[Any]]] = []
    keeps = [_keep(kind, wish) for kind in models]
    for kind, answer in zip(models, listing.fetch_each(cluster, models, where, keeps), strict=True):
        objects = _told(app, kind, answer, wish)
        if objects and output in ("", "table", "wide"):
            app.streams.out.write(_text([(kind, objects)], wish) + "\n")
        elif objects:
            together.append((kind, objects))
    if output not in ("", "table", "wide"):
        app.streams.out.write(_text(together, wish))


def _told(app: App, kind: Kind, answer: list[Any] | Exception, wish: Wish) -> list[Any]:
    """The objects to print. A kind that is not served is passed over; one that cannot be read is told and passed over."""
    if isinstance(answer, NoMatch):
        return []
    try:
        if isinstance(answer, Exception):
            raise answer
        if not answer and wish.where.name is not None:
            raise listing.nothing(kind, wish.where)
        return _chosen(kind, answer, wish)
    except UsageError:
        raise
    except FluxError as err:
        app.log.failure(str(err))
        return []


def _keep(kind: Kind, wish: Wish) -> Callable[[Object], Any] | None:
    """A table keeps rows, not objects: of ten thousand that is a tenth of the memory."""
    return listing.row_of(kind, wish.filters, wish.shape) if wish.in_rows else None


def _chosen(kind: Kind, found: list[Any], wish: Wish) -> list[Any]:
    """The rows, or objects, that are asked for, in the order that is asked for."""
    if wish.in_rows:
        return [row for row in found if row is not None]
    objects = listing.chosen(kind, found, wish.filters)
    return listing.ordered(kind, objects, wish.sort_by) if wish.sort_by else objects


def _known(output: str, formats: Sequence[str]) -> str:
    if output not in formats:
        raise UsageError(f"--output must be one of {', '.join(formats[1:])}, not {output}")
    return output


def _text(found: Sequence[tuple[Kind, list[Any]]], wish: Wish) -> str:
    """The objects in the format asked for; tables hold one kind, the other formats all."""
    if wish.output in ("", "table", "wide"):
        make = listing.of_rows if wish.in_rows else listing.table
        return "".join(_table(make(kind, objects, wish.shape), wish) for kind, objects in found)
    if wish.output == "name":
        return "".join(f"{_name(kind, obj)}\n" for kind, objects in found for obj in objects)
    if wish.output in ("markdown", "csv"):
        from flux_cli.printers import markdown

        write = markdown.csv if wish.output == "csv" else markdown.markdown
        return write(_one_table(found, wish))
    return _document(listing.as_list([obj for _, objects in found for obj in objects]), wish.output)


def _table(made: Table, wish: Wish, least: list[int] | None = None) -> str:
    return table.render(made, wish.header, least, wish.measure)


def _one_table(found: Sequence[tuple[Kind, list[Object]]], wish: Wish) -> Table:
    if wish.shape.prefix:
        return listing.joint_table(found)
    return listing.table(*found[0], wish.shape)


def _document(value: Object, output: str) -> str:
    if output == "yaml":
        from flux_cli.printers import yaml

        return yaml.dump(value)
    from flux_cli.printers import json

    return json.dump(value)


def _name(kind: Kind, obj: Object) -> str:
    """``kustomization.kustomize.toolkit.fluxcd.io/apps``, as kubectl writes it."""
    from flux_cli.core.text import one_line

    return one_line(f"{kind.kind.lower()}.{kind.resource.group}/{text(obj, 'metadata.name')}")


def _watch(app: App, kind: Kind, wish: Wish, forever: bool) -> None:
    """One small table an event, as in the Go CLI, the header once; records or names in the other formats.

    The Go CLI lays each table out for itself; the columns of one that goes on for ever stay where they are, or get wider.
    """
    from flux_cli.services import watching

    source = watching.forever(app, kind, wish.where) if forever else watching.until_timeout(app.kube, kind, wish.where)
    if forever and app.streams.tty and wish.output in ("", "table", "wide"):
        _redraw(app, kind, wish, source)
        return
    least: list[int] | None = [] if forever else None
    for event in source:
        objects = listing.chosen(kind, [event.object], wish.filters)
        if wish.output in ("", "table", "wide"):
            lines = _table(listing.table(kind, objects, wish.shape._replace(now=app.clock.now())), wish, least)
        else:
            lines = "".join(_record(kind, event, wish) for _ in objects)
        wish = wish._replace(header=False)
        app.streams.out.write(lines)
        app.streams.out.flush()


def _redraw(app: App, kind: Kind, wish: Wish, source: Iterator[Event]) -> None:
    """One table on the terminal, which follows what happens to the objects."""
    from flux_cli.printers import live
    from flux_cli.services.watching import Present

    present = Present()

    def now() -> Table:
        objects = listing.chosen(kind, present.objects(), wish.filters)
        objects = listing.ordered(kind, objects, wish.sort_by) if wish.sort_by else objects
        return listing.table(kind, objects, wish.shape._replace(now=app.clock.now()))

    with live.redrawn(app.streams, now):
        for event in source:
            present.take(event)


def _record(kind: Kind, event: Event, wish: Wish) -> str:
    if wish.output == "json":
        from flux_cli.printers import json

        return json.line({"type": event.type, "object": event.object})
    if wish.output == "yaml":
        from flux_cli.printers import yaml

        return yaml.document(event.object)
    return _text([(kind, [event.object])], wish)
