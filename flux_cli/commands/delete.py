"""``flux delete``: objects out of the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands import preview, undo
from flux_cli.commands.prompting import confirm
from flux_cli.core.errors import FluxError, Silent, UsageError
from flux_cli.core.objects import name_of
from flux_cli.kinds import named
from flux_cli.printers import progress
from flux_cli.services import deleting

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.common import Names
    from flux_cli.commands.flags.delete import All
    from flux_cli.commands.flags.delete import Silent as SilentFlag
    from flux_cli.commands.flags.preview import Diff, DryRun
    from flux_cli.commands.flags.reconcile import LabelSelector
    from flux_cli.core.app import App
    from flux_cli.core.objects import Object

_NOUNS = {"source": "Delete sources", "image": "Delete image automation objects"}
_TOO = {  # what goes with the object
    "Kustomization": "What it applied is deleted, too, where spec.prune or spec.deletionPolicy says so and it is not suspended.",
    "HelmRelease": "Its release is uninstalled, too, unless it is suspended.",
}


def declare(root: Group) -> None:
    from flux_cli.commands.leaves import of_kinds

    verb = root.group("delete", "Delete objects from the cluster", flags=persistent)
    for kind, group, _, name, aliases, path in of_kinds(verb, _NOUNS):
        group.leaf(
            name, run, aliases=aliases, bind={"kind": kind.kind}, usage="[name]",
            short=f"Delete {kind.kind} objects",
            long=f"Delete {kind.kind} objects by name, or with --all or -l those of the namespace, after asking.\n\n"
            f"{_TOO.get(kind.kind, '')}",
            example=f"# One, after asking\nflux delete {path} my-{name}\n\n"
            f"# All with a label, without asking\nflux delete {path} -l team=a -s",
        )  # fmt: skip


def persistent(
    app: App, silent: SilentFlag = False, all: All = False, label_selector: LabelSelector = "", dry_run: DryRun = "",
    diff: Diff = False,
) -> None:  # fmt: skip
    """Declares the flags that every ``delete`` has."""


def run(
    app: App, kind: str, names: Names = (), silent: SilentFlag = False, all: All = False, label_selector: LabelSelector = "",
    dry_run: DryRun = "", diff: Diff = False,
) -> None:  # fmt: skip
    found = named(kind)
    human = found.names.human
    if not names and not all and not label_selector:
        raise UsageError(f"{human} name is required")
    trial = preview.asked(dry_run, diff)
    objects, errors = deleting.find(app.kube, found, app.settings.namespace, names, labels=label_selector)
    if len(names) == 1 and errors:
        raise errors[0]
    for err in errors:
        app.log.failure(str(err))
    if not objects:
        raise Silent(1) if errors else FluxError(f"no objects found in {app.settings.namespace} namespace")
    if not silent and not trial:
        confirm(app, _question(human, objects))
    tally = progress.told(app, deleting.delete(app.kube, found, objects, dry_run=trial))
    gone = [obj for obj, _ in tally.done]
    if diff:
        preview.show(app, ((obj, None) for obj in gone))
    elif not trial:
        undo.of_deletion(app, found, gone)
    if tally.failed or errors:
        raise Silent(1)


def _question(human: str, objects: list[Object]) -> str:
    if len(objects) == 1:
        return f"Are you sure you want to delete this {human}"
    listed = ", ".join(name_of(obj) for obj in objects)
    return f"Are you sure you want to delete {len(objects)} objects of {human} ({listed})"
