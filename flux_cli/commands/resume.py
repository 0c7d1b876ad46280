"""``flux resume``: let suspended objects be reconciled again."""

from __future__ import annotations

from flux_cli.commands import preview, undo
from flux_cli.core.errors import FluxError, Silent
from flux_cli.kinds import named
from flux_cli.printers import progress
from flux_cli.services import suspension

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.common import Names
    from flux_cli.commands.flags.preview import Diff, DryRun
    from flux_cli.commands.flags.reconcile import LabelSelector, ResumeAll, ResumeWait
    from flux_cli.core.app import App

_NOUNS = {"source": "Fetch suspended sources again", "image": "Let suspended image automation work again"}


def declare(root: Group) -> None:
    from flux_cli.commands.leaves import of_kinds

    verb = root.group("resume", "Let suspended objects be reconciled again", flags=persistent)
    for kind, group, _, name, aliases, path in of_kinds(verb, _NOUNS):
        group.leaf(
            name, run, aliases=aliases, bind={"kind": kind.kind}, usage="[name]",
            short=f"Let suspended {kind.kind} objects be reconciled again",
            long=f"Let suspended {kind.kind} objects be reconciled again. With one name it waits until the object is ready.",
            example=f"# One, and wait until it is ready\nflux resume {path} my-{name}\n\n"
            f"# All of the namespace, and wait for all\nflux resume {path} --all --wait",
        )  # fmt: skip


def persistent(
    app: App, all: ResumeAll = False, wait: ResumeWait = None, label_selector: LabelSelector = "", dry_run: DryRun = "",
    diff: Diff = False,
) -> None:  # fmt: skip
    """Declares the flags that every ``resume`` has."""


def run(
    app: App, kind: str, names: Names, all: ResumeAll = False, wait: ResumeWait = None, label_selector: LabelSelector = "",
    dry_run: DryRun = "", diff: Diff = False,
) -> None:  # fmt: skip
    found = named(kind)
    which = suspension.chosen(found, app.settings.namespace, names, label_selector, all=all)
    trial = preview.asked(dry_run, diff)
    tally = progress.told(app, suspension.resume(app.kube, found, which, dry_run=trial))
    if diff:
        preview.show(app, tally.done)
    elif not trial:
        changed = [obj for obj, _ in tally.done if suspension.is_suspended(obj)]
        undo.note(app, lambda: [undo.by_verb("suspend", found, changed)])
        if len(names) == 1 if wait is None else wait:
            written = [obj for _, obj in tally.done]
            progress.tell(app, suspension.await_ready(app.kube, found, written, progress.explains(app), app.clock.sleep))
    if tally.failed:
        raise Silent(1) if names else FluxError(f"failed patching objects: {tally.failed[0]}")
