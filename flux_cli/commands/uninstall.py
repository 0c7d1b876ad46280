"""``flux uninstall``: Flux off a cluster, what it deployed stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.uninstall import DryRun, KeepNamespace, Silent
    from flux_cli.core.app import App


def declare(root: Group) -> None:
    root.leaf("uninstall", uninstall, args="none")


def uninstall(app: App, keep_namespace: KeepNamespace = False, dry_run: DryRun = False, silent: Silent = False) -> None:
    """Remove Flux and its custom resource definitions

    Deletes the controllers, frees Flux' objects of their finalizers, and deletes its definitions, and with them the objects.
    The workloads that Flux deployed stay as they are.

    Examples:
    # What would be deleted
    flux uninstall --dry-run

    # Without being asked
    flux uninstall --silent

    # The namespace stays, for secrets that are needed again
    flux uninstall --keep-namespace
    """
    from flux_cli.services.uninstalling import ask
    from flux_cli.services.uninstalling import uninstall as remove

    if not dry_run and not silent:
        from flux_cli.commands.prompting import confirm
        from flux_cli.services.installing import installed

        found = installed(app.kube)
        confirm(app, ask(found.manager if found else ""))
    remove(app.kube, app.clock, app.log, app.settings.namespace, dry_run=dry_run, keep_namespace=keep_namespace)
