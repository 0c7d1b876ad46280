"""``flux create tenant``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands import undo
from flux_cli.commands.create._flow import export as export_object
from flux_cli.commands.create._flow import order
from flux_cli.core.objects import name_of, namespace_of
from flux_cli.services.creating import tenants

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags import create as flags
    from flux_cli.commands.flags import preview
    from flux_cli.commands.flags.common import Name
    from flux_cli.core.app import App
    from flux_cli.core.objects import Object


def declare(create: Group) -> None:
    create.leaf("tenant", tenant, usage="")


def tenant(
    app: App, name: Name = "", with_namespace: flags.WithNamespace = (), cluster_role: flags.ClusterRole = "cluster-admin",
    with_service_account: flags.WithServiceAccount = "", skip_namespace: flags.SkipNamespace = False,
    interval: flags.Interval = 60.0, export: flags.Export = False, label: flags.Labels = (), dry_run: preview.DryRun = "",
    diff: preview.Diff = False,
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
    if wanted.preview:
        _preview_parts(app, parts, diff=wanted.diff)
        return
    cluster, new = app.kube, []
    for part in parts:
        app.log.action(f"applying {part.title}")
        if tenants.put(cluster, part):
            new.append(part.object)
    app.log.success("tenant setup completed")
    undo.note(app, lambda: _back(new))


def _back(new: list[Object]) -> list[str]:
    """A namespace that was made takes along what was made in it."""
    namespaces = [name_of(obj) for obj in new if obj["kind"] == "Namespace"]
    left = [obj for obj in new if obj["kind"] != "Namespace" and namespace_of(obj) not in namespaces]
    return [undo.by_kubectl_delete("namespace", name) for name in namespaces] + [
        undo.by_kubectl_delete(obj["kind"].lower(), name_of(obj), namespace_of(obj)) for obj in left
    ]


def _preview_parts(app: App, parts: list[tenants.Part], *, diff: bool) -> None:
    """What would be made in a namespace that is not there yet cannot be checked by the server."""
    from flux_cli.commands.create import _preview
    from flux_cli.services.creating.upsert import Outcome, upsert

    new: set[str] = set()
    for part in parts:
        if namespace_of(part.object) in new:
            _preview.tell(app, Outcome("created", part.object, None), diff=diff, unchecked=True)
            continue
        outcome = upsert(app.kube, part.resource, part.object, dry_run=True)
        _preview.tell(app, outcome, diff=diff)
        if part.object["kind"] == "Namespace" and outcome.verb == "created":
            new.add(name_of(part.object))
