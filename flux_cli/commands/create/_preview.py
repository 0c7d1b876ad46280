"""What an object would become in the cluster, without storing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.core.objects import name_of, namespace_of

if TYPE_CHECKING:
    from flux_cli.core.app import App
    from flux_cli.services.creating.upsert import Outcome


def tell(app: App, outcome: Outcome, *, diff: bool, unchecked: bool = False) -> None:
    """Say what a write would do; with ``diff`` show it on stdout. ``unchecked``: the server could not be asked about it yet."""
    from flux_cli.services.previewing import difference

    obj = outcome.object
    subject = "/".join(part for part in (obj["kind"], namespace_of(obj), name_of(obj)) if part)
    lines = difference(outcome.before, obj)
    how = "its namespace is new" if unchecked else "server dry run"
    app.log.success(f"{subject} would be {outcome.verb} ({how})" if lines else f"{subject} would not change")
    if diff:
        app.streams.out.write("".join(lines))
