"""``flux create tenant``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands.create._flow import export as export_object
from flux_cli.commands.create._flow import order
from flux_cli.services.creating import tenants

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags import create as flags
    from flux_cli.commands.flags.common import Name
    from flux_cli.core.app import App


def declare(create: Group) -> None:
    create.leaf("tenant", tenant, usage="")


def tenant(
    app: App, name: Name = "", with_namespace: flags.WithNamespace = (), cluster_role: flags.ClusterRole = "cluster-admin",
    with_service_account: flags.WithServiceAccount = "", skip_namespace: flags.SkipNamespace = False,
    interval: flags.Interval = 60.0, export: flags.Export = False, label: flags.Labels = (), dry_run: flags.DryRun = "",
    diff: flags.Diff = False,
) -> None:  # fmt: skip
    """Create or update a tenant

    A tenant has namespaces, and in each an account that Flux acts as, so that what it deploys stays inside of them.

    Examples:
    # A team with two namespaces
    flux create tenant dev-team --with-namespace=frontend --with-namespace=backend

    # As YAML
    flux create tenant dev-team --with-namespace=apps --export > dev-team.yaml
    """
    wanted = order(app, name, label, interval, export, dry_run, diff)
    parts = tenants.tenant(
        name, namespaces=with_namespace, cluster_role=cluster_role, account=with_service_account, skip_namespace=skip_namespace,
        label_pairs=label,
    )  # fmt: skip
    if export:
        for part in parts:
            export_object(app, part.object)
        return
    cluster = app.kube
    for part in parts:
        if wanted.preview:
            from flux_cli.commands.create._preview import preview

            preview(app, part.resource, part.object, diff=wanted.diff)
            continue
        app.log.action(f"applying {part.title}")
        tenants.put(cluster, part)
    if not wanted.preview:
        app.log.success("tenant setup completed")
