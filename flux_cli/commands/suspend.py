"""``flux suspend``: stop the reconciliation of objects."""

from __future__ import annotations

from flux_cli.commands import preview, undo
from flux_cli.core.errors import Silent
from flux_cli.kinds import named
from flux_cli.printers import progress
from flux_cli.services import suspension

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.common import Names
    from flux_cli.commands.flags.preview import Diff, DryRun
    from flux_cli.commands.flags.reconcile import LabelSelector, SuspendAll
    from flux_cli.core.app import App

_NOUNS = {"source": "Stop fetching sources", "image": "Stop image automation"}

_STAYS = "what they made stays, changes are no longer followed"
_MEANS = {
    "Alert": "events are no longer sent",
    "Provider": "events are no longer sent",
    "Receiver": "calls of their webhooks do nothing",
}


def declare(root: Group) -> None:
    from flux_cli.commands.leaves import of_kinds

    verb = root.group("suspend", "Stop the reconciliation of objects", flags=persistent)
    for kind, group, _, name, aliases, path in of_kinds(verb, _NOUNS):
        group.leaf(
            name, run, aliases=aliases, bind={"kind": kind.kind}, usage="[name]",
            short=f"Stop the reconciliation of {kind.kind} objects",
            long=f"Stop the reconciliation of {kind.kind} objects: {_MEANS.get(kind.kind, _STAYS)}.",
            example=f"# One or more\nflux suspend {path} my-{name} my-other-{name}\n\n"
            f"# All of the namespace, first to look\nflux suspend {path} --all --diff\nflux suspend {path} --all",
        )  # fmt: skip


def persistent(
    app: App, all: SuspendAll = False, label_selector: LabelSelector = "", dry_run: DryRun = "", diff: Diff = False
) -> None:
    """Declares the flags that every ``suspend`` has."""


def run(
    app: App, kind: str, names: Names, all: SuspendAll = False, label_selector: LabelSelector = "", dry_run: DryRun = "",
    diff: Diff = False,
) -> None:  # fmt: skip
    found = named(kind)
    which = suspension.chosen(found, app.settings.namespace, names, label_selector, all=all)
    trial = preview.asked(dry_run, diff)
    tally = progress.told(app, suspension.suspend(app.kube, found, which, dry_run=trial))
    if diff:
        preview.show(app, tally.done)
    elif not trial:
        changed = [obj for obj, _ in tally.done if not suspension.is_suspended(obj)]
        undo.note(app, lambda: [undo.by_verb("resume", found, changed)])
    if tally.failed and not names:
        raise Silent(1)
