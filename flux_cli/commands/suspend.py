"""``flux suspend``: stop the reconciliation of objects."""

from __future__ import annotations

from flux_cli.core.errors import FluxError
from flux_cli.kinds import every, named
from flux_cli.printers import progress
from flux_cli.services import suspension

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.common import Names
    from flux_cli.commands.flags.reconcile import SuspendAll
    from flux_cli.core.app import App

_NOUNS = {"source": "Stop fetching sources", "image": "Stop image automation"}


def declare(root: Group) -> None:
    verb = root.group("suspend", "Stop the reconciliation of objects", flags=persistent)
    for kind in every():
        if "suspend" not in kind.verbs:
            continue
        noun, aliases = kind.names.noun("suspend")
        group = verb.group(noun, _NOUNS[noun], aliases=aliases) if noun else verb
        name, short_names = kind.names.leaf("suspend")
        path = f"{noun} {name}".strip()
        group.leaf(
            name, run, aliases=short_names, bind={"kind": kind.kind}, usage="[name]",
            short=f"Stop the reconciliation of {kind.kind} objects",
            long=f"Stop the reconciliation of {kind.kind} objects: what they made stays, changes are no longer followed.",
            example=f"# One or more\nflux suspend {path} my-{name} my-other-{name}\n\n"
            f"# All of the namespace\nflux suspend {path} --all",
        )  # fmt: skip


def persistent(app: App, all: SuspendAll = False) -> None:
    """Declares the flags that every ``suspend`` has."""


def run(app: App, kind: str, names: Names, all: SuspendAll = False) -> None:
    found = named(kind)
    if not names and not all:
        raise FluxError(f"{found.names.human} name is required")
    progress.tell(app.log, suspension.suspend(app.kube, found, app.settings.namespace, names))
