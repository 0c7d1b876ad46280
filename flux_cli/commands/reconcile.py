"""``flux reconcile``: have a controller look at objects now."""

from __future__ import annotations

from flux_cli.commands import preview
from flux_cli.core.errors import FluxError, NotReady
from flux_cli.kinds import named
from flux_cli.printers import progress
from flux_cli.services import reconciliation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.common import Names
    from flux_cli.commands.flags.preview import Diff, DryRun
    from flux_cli.commands.flags.reconcile import Force, LabelSelector, ReconcileAll, Reset, Wait, WithSource
    from flux_cli.core.app import App
    from flux_cli.core.objects import Object
    from flux_cli.kinds import Kind

_NOUNS = {"source": "Reconcile sources now", "image": "Reconcile image automation objects now"}
_LONG = """Ask the controller to reconcile {kind} objects now, and wait until it is done.

Several names, --all and -l are asked for together, what others depend on before them, and each is told as soon as it is done."""

_SPECIAL = {
    "Kustomization": "# Fetch its source first\nflux reconcile kustomization my-kustomization --with-source\n\n",
    "HelmRelease": "# Fetch its chart first\nflux reconcile helmrelease my-helmrelease --with-source\n\n"
    "# One that gave up after its retries\nflux reconcile helmrelease my-helmrelease --reset\n\n"
    "# Upgrade once more, though nothing changed\nflux reconcile helmrelease my-helmrelease --force\n\n",
}


def declare(root: Group) -> None:
    from flux_cli.commands.leaves import of_kinds

    verb = root.group("reconcile", "Reconcile objects now instead of at their next interval")
    for kind, group, _, name, aliases, path in of_kinds(verb, _NOUNS):
        without = () if kind.kind in reconciliation.SOURCES else ("with_source",)
        group.leaf(
            name, run, aliases=aliases, bind={"kind": kind.kind}, usage="[name]",
            without=without if kind.kind == "HelmRelease" else (*without, "force", "reset"),
            short=f"Reconcile {kind.kind} objects now", long=_LONG.format(kind=kind.kind),
            example=f"# Now, and wait for the result\nflux reconcile {path} my-{name}\n\n{_SPECIAL.get(kind.kind, '')}"
            f"# All of the namespace, without waiting\nflux reconcile {path} --all --wait=false",
        )  # fmt: skip


def run(
    app: App, kind: str, names: Names, with_source: WithSource = False, force: Force = False, reset: Reset = False,
    wait: Wait = True, all: ReconcileAll = False, label_selector: LabelSelector = "", dry_run: DryRun = "", diff: Diff = False,
) -> None:  # fmt: skip
    found = named(kind)
    order = reconciliation.Order(
        app.settings.timeout, app.clock.now, with_source, force, reset, wait=wait, sleep=app.clock.sleep,
        dry_run=preview.asked(dry_run, diff),
    )  # fmt: skip
    wanted = list(dict.fromkeys(names))
    if not wanted and not all and not label_selector:
        raise FluxError(f"{kind} name is required")
    try:
        if len(wanted) == 1 and not label_selector:
            steps = reconciliation.reconcile(app.kube, found, app.settings.namespace, wanted[0], order)
        else:
            steps = reconciliation.reconcile_many(app.kube, found, _objects(app, found, wanted, label_selector), order)
        written = progress.told(app, steps)
    except NotReady as err:  # the message is the object's own already
        if not progress.explains(app):
            err.hint = ""
        raise
    if diff:
        preview.show(app, written)


def _objects(app: App, kind: Kind, names: list[str], label_selector: str) -> list[Object]:
    """The named objects, or those that the selector chooses. Raises FluxError where one does not exist, or none does."""
    from flux_cli.services import listing

    namespace = app.settings.namespace
    if names:
        return [app.kube.get(kind.resource, namespace, name) for name in names]
    where = listing.scope(namespace, False, None, label_selector)
    objects = listing.fetch(app.kube, kind, where)
    if not objects:
        raise listing.nothing(kind, where)
    return objects
