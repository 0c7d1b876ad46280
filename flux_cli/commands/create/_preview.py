"""What an object would become in the cluster, without storing it: the server runs its defaults, checks and admission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.core.objects import name_of, namespace_of
from flux_cli.services.creating.upsert import changes, upsert

if TYPE_CHECKING:
    from flux_cli.core.api import Resource
    from flux_cli.core.app import App
    from flux_cli.core.objects import Object


def preview(app: App, resource: Resource, obj: Object, *, diff: bool) -> None:
    """Say what a write would do; with ``diff`` show it on stdout. Raises what the API server says of the object."""
    outcome = upsert(app.kube, resource, obj, dry_run=True)
    subject = "/".join(part for part in (resource.kind, namespace_of(obj), name_of(obj)) if part)
    lines = changes(outcome)
    verb = outcome.verb if lines else "unchanged"
    app.log.success(f"{subject} would be {verb} (server dry run)" if verb != "unchanged" else f"{subject} would not change")
    if diff:
        app.streams.out.write("".join(lines))
