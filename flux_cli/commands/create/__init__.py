"""``flux create``: an object from flags, as YAML or straight into the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands.create import deployments, images, notifications, secrets, sources, tenant

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.create import Export, Interval, Labels
    from flux_cli.commands.flags.preview import Diff, DryRun
    from flux_cli.core.app import App

LONG = """Create or update an object from flags, wait until it is ready, and say what it stands at.
With --export the object is printed as YAML instead, ready for a Git repository, and no cluster is asked."""


def declare(root: Group) -> None:
    verb = root.group("create", "Create or update an object from flags", flags=persistent, long=LONG, checks_namespace=False)
    for part in (sources, deployments, images, notifications, secrets, tenant):
        part.declare(verb)


def persistent(
    app: App, interval: Interval = 60.0, export: Export = False, label: Labels = (), dry_run: DryRun = "", diff: Diff = False
) -> None:
    """Declares the flags that every ``create`` command has."""
