"""``flux delete``: objects out of the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands.prompting import confirm
from flux_cli.core.errors import FluxError, Silent, UsageError
from flux_cli.core.objects import name_of
from flux_cli.kinds import every, named
from flux_cli.services import deleting

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.common import Names
    from flux_cli.commands.flags.delete import All, DryRun, Selector
    from flux_cli.commands.flags.delete import Silent as SilentFlag
    from flux_cli.core.app import App
    from flux_cli.core.objects import Object
    from flux_cli.kinds import Kind

_NOUNS = {"source": "Delete sources", "image": "Delete image automation objects"}


def declare(root: Group) -> None:
    verb = root.group("delete", "Delete objects from the cluster", flags=persistent)
    for kind in every():
        if "delete" not in kind.verbs:
            continue
        noun, aliases = kind.names.noun("delete")
        group = verb.group(noun, _NOUNS[noun], aliases=aliases) if noun else verb
        name, short_names = kind.names.leaf("delete")
        path = f"{noun} {name}".strip()
        group.leaf(
            name, run, aliases=short_names, bind={"kind": kind.kind}, usage="[name]",
            short=f"Delete {kind.kind} objects",
            long=f"Delete a {kind.kind}, several by name, or with --all or --selector those of the namespace, after asking.",
            example=f"# One, after asking\nflux delete {path} my-{name}\n\n"
            f"# All with a label, without asking\nflux delete {path} -l team=a -s",
        )  # fmt: skip


def persistent(app: App, silent: SilentFlag = False, all: All = False, selector: Selector = "", dry_run: DryRun = "") -> None:
    """Declares the flags that every ``delete`` has."""


def run(
    app: App,
    kind: str,
    names: Names = (),
    silent: SilentFlag = False,
    all: All = False,
    selector: Selector = "",
    dry_run: DryRun = "",
) -> None:
    found = named(kind)
    human = found.names.human
    if not names and not all and not selector:
        raise UsageError(f"{human} name is required")
    if dry_run not in ("", "none", "server"):
        raise UsageError(f"--dry-run must be server or none, not {dry_run}")
    objects, errors = deleting.find(app.kube, found, app.settings.namespace, names, selector=selector)
    if len(names) == 1 and errors:
        raise errors[0]
    for err in errors:
        app.log.failure(str(err))
    if not objects:
        raise Silent(1) if errors else FluxError(f"no objects found in {app.settings.namespace} namespace")
    if not silent and dry_run != "server":
        confirm(app, _question(human, objects))
    if _delete(app, found, objects, dry_run == "server") or errors:
        raise Silent(1)


def _question(human: str, objects: list[Object]) -> str:
    if len(objects) == 1:
        return f"Are you sure you want to delete this {human}"
    listed = ", ".join(name_of(obj) for obj in objects)
    return f"Are you sure you want to delete {len(objects)} objects of {human} ({listed})"


def _delete(app: App, kind: Kind, objects: list[Object], dry_run: bool) -> int:
    """Delete and say so; how many could not be deleted. A single one raises what the server says."""
    failed = 0
    tail = " (server dry run)" if dry_run else ""
    for group in deleting.waves(objects):
        for obj in group:
            app.log.action(f"deleting {kind.names.human} {name_of(obj)} in {app.settings.namespace} namespace")
        for err in deleting.delete(app.kube, kind, group, dry_run=dry_run):
            if err is None:
                app.log.success(f"{kind.names.human} deleted{tail}")
            elif len(objects) == 1:
                raise err
            else:
                failed += 1
                app.log.failure(str(err))
    return failed
