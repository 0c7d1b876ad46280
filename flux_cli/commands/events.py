"""``flux events``: what the controllers told about Flux objects."""

from __future__ import annotations

from flux_cli.core.errors import FluxError, UsageError
from flux_cli.printers import table, width
from flux_cli.services import events as telling

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.common import AllNamespaces, From
    from flux_cli.commands.flags.reading import About, Document, Follow, Types, WatchEvents
    from flux_cli.core.app import App
    from flux_cli.core.objects import Object


def declare(root: Group) -> None:
    root.leaf("events", events, flags=offline)


def offline(app: App, from_: From = "") -> None:
    """Declares that files may be read instead of a cluster."""


def events(
    app: App, all_namespaces: AllNamespaces = False, about: About = "", types: Types = (), watch: WatchEvents = False,
    output: Document = "", follow: Follow = False,
) -> None:  # fmt: skip
    """List events of Flux objects, the newest last

    With --for kind/name also those of what the object refers to: its source, its chart, its provider.

    Examples:
    # About one Kustomization and its source
    flux events --for Kustomization/podinfo

    # What went wrong, anywhere, as it happens
    flux events -A --types Warning --follow
    """
    asked = telling.question(app.settings.namespace, all_namespaces, about, types)
    if output not in ("", "json", "yaml"):
        raise UsageError(f"--output must be json or yaml, not {output}")
    where = telling.places(app.kube, asked)
    namespaces = telling.shows_namespace(asked, where)
    if follow:
        cluster = app.connect(app.settings, app.environ)  # without a deadline
        _tell(app, telling.follow(cluster, asked, where, app.clock.sleep), namespaces, output, [])
        return
    if watch:
        _tell(app, telling.watch(app.kube, asked, where), namespaces, output, None)
        return
    _list(app, asked, where, output)


def _list(app: App, asked: telling.Question, where: Sequence[telling.Place], output: str) -> None:
    """What there is, and at the end which namespaces may not be read."""
    unread: list[FluxError] = []
    found = telling.read(app.kube, asked, where, unread)
    if unread and not found:
        raise unread[0]
    if output:
        app.streams.out.write(_document(found, output))
    elif found:
        shown = telling.table(found, telling.shows_namespace(asked, where), app.clock.now())
        app.streams.out.write(table.render(shown, measure=width.measure(app.environ)))
    else:
        app.log.failure(f"No events found in {asked.namespace} namespace." if asked.namespace else "No events found.")
    if unread:
        raise unread[0]


def _tell(app: App, events: Iterator[Object], namespaces: bool, output: str, least: list[int] | None) -> None:
    """One event after the other, a table each with the header once; with ``least`` the columns stay where they are."""
    header = True
    for event in events:
        if output == "json":
            from flux_cli.printers import json

            text = json.line(event)
        elif output:
            from flux_cli.printers import yaml

            text = yaml.document(event)
        else:
            shown = telling.table([event], namespaces, app.clock.now())
            text = table.render(shown, header, least, width.measure(app.environ))
        header = False
        app.streams.out.write(text)
        app.streams.out.flush()


def _document(found: Sequence[Object], output: str) -> str:
    from flux_cli.services.listing import as_list

    if output == "yaml":
        from flux_cli.printers import yaml

        return yaml.dump(as_list(found))
    from flux_cli.printers import json

    return json.dump(as_list(found))
