"""``get --watch`` and ``get --follow``: what exists, then every change."""

from collections.abc import Iterator

from flux_cli.core.api import Cluster, Event
from flux_cli.core.app import App
from flux_cli.core.errors import FluxError, Timeout
from flux_cli.core.objects import Object, name_of, namespace_of
from flux_cli.kinds import Kind
from flux_cli.services.listing import Scope


class Present:
    """What there is after the events so far."""

    def __init__(self) -> None:
        self._objects: dict[tuple[str, str], Object] = {}

    def take(self, event: Event) -> None:
        key = (namespace_of(event.object), name_of(event.object))
        if event.type == "DELETED":
            self._objects.pop(key, None)
        else:
            self._objects[key] = event.object

    def objects(self) -> list[Object]:
        """By namespace and name, as the server lists them. May be asked while another thread takes events."""
        there = list(self._objects.items())
        return [obj for _, obj in sorted(there, key=lambda entry: entry[0])]


def until_timeout(cluster: Cluster, kind: Kind, where: Scope) -> Iterator[Event]:
    """Events until ``--timeout``, then an error, as in the Go CLI; also where the server ends the watch."""
    try:
        for event in cluster.watch(kind.resource, where.namespace, labels=where.labels, fields=where.fields):
            if event.type != "BOOKMARK":
                yield event
    except Timeout:
        raise Timeout("timed out waiting for the condition") from None
    raise FluxError("watch closed before UntilWithoutRetry timeout")


def forever(app: App, kind: Kind, where: Scope) -> Iterator[Event]:
    """Events until somebody stops the command; there is no deadline."""
    from flux_cli.services.waiting import changes

    cluster = app.connect(app.settings, app.environ)
    return changes(cluster, kind.resource, where.namespace, labels=where.labels, fields=where.fields, sleep=app.clock.sleep)
