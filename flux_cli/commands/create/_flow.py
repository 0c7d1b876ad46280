"""From an object to a ready object in the cluster, with the lines that say so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from flux_cli.commands import preview, undo
from flux_cli.core.errors import FluxError
from flux_cli.core.objects import name_of, text
from flux_cli.kinds import named
from flux_cli.printers.yaml import document
from flux_cli.services.creating.shape import Meta, check_name

if TYPE_CHECKING:
    from flux_cli.core.app import App
    from flux_cli.core.objects import Object
    from flux_cli.kinds import Kind
    from flux_cli.services.creating.upsert import Outcome


class Order(NamedTuple):
    """What the flags of every ``create`` command ask for. ``preview``: nothing is written, only told."""

    meta: Meta
    export: bool = False
    diff: bool = False
    preview: bool = False


class Words(NamedTuple):
    """How a kind is named in progress: ``applying <noun>``, ``<stored> created``.

    ``ready`` is the line once it is ready, ``{}`` is its name; ``result`` the line after it, and ``missing`` the error where
    there is
    none. ``quiet_when_equal``: nothing is sent or said of an object that is as wanted.
    """

    noun: str
    stored: str
    ready: str
    result: Callable[[Object], str] | None = None
    missing: str = ""
    quiet_when_equal: bool = False


def order(app: App, name: str, label: Sequence[str], interval: float, export: bool, dry_run: str, diff: bool) -> Order:
    """Raises UsageError for a name or a mode that there is not."""
    check_name(name)
    return Order(Meta(name, app.settings.namespace, label, interval), export, diff, preview.asked(dry_run, diff))


def generating(app: App, wanted: Order, noun: str) -> None:
    """The line before an object is made for the cluster; an export says nothing."""
    if not wanted.export:
        app.log.generate(f"generating {noun}")


def fetched(obj: Object) -> str:
    """The line about a source's artifact, empty where it has none."""
    revision = text(obj, "status.artifact.revision")
    return f"fetched revision: {revision}" if revision else ""


def export(app: App, obj: Object) -> None:
    app.streams.out.write(document(obj))


def deliver(app: App, wanted: Order, obj: Object, words: Words, undo_also: str = "") -> None:
    """Export it, or send it and wait until its controller says that it is ready.

    ``undo_also`` takes back what was written before it. Raises what the API server says, NotReady with the controller's
    message, and Timeout.
    """
    if wanted.export:
        export(app, obj)
        return
    from flux_cli.services.creating.upsert import upsert

    kind, cluster = named(obj["kind"]), app.kube
    if wanted.preview:
        from flux_cli.commands.create import _preview

        _preview.tell(app, upsert(cluster, kind.resource, obj, dry_run=True), diff=wanted.diff)
        return
    app.log.action(f"applying {words.noun}")
    outcome = upsert(cluster, kind.resource, obj, skip_equal=words.quiet_when_equal)
    if outcome.verb != "unchanged":
        app.log.success(f"{words.stored} {outcome.verb}")
    try:
        app.log.waiting(f"waiting for {words.noun} reconciliation")
        _tell(app, words, _ready(app, outcome.object))
    finally:  # what did not become ready is what people want to take back
        undo.note(app, lambda: (_back(kind, outcome), undo_also))


def _back(kind: Kind, outcome: Outcome) -> str:
    if outcome.before is None:
        return undo.by_verb("delete", kind, [outcome.object])
    return undo.by_patch(kind, outcome.before, outcome.object)


def _tell(app: App, words: Words, obj: Object) -> None:
    app.log.success(words.ready.format(name_of(obj)))
    line = words.result(obj) if words.result else ""
    if words.missing and not line:
        raise FluxError(words.missing)
    if line:
        app.log.success(line)


def _ready(app: App, obj: Object) -> Object:
    from flux_cli.services.waiting import resumed, until

    kind = named(obj["kind"])
    return until(app.kube, kind.resource, obj, resumed(kind), app.clock.sleep)
