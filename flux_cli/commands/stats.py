"""``flux stats``: how many objects there are, and how they are doing."""

from __future__ import annotations

from flux_cli.core.errors import UsageError
from flux_cli.printers import progress, table, width
from flux_cli.services import counting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.common import AllNamespaces, From
    from flux_cli.commands.flags.reading import Document
    from flux_cli.core.app import App

API_VERSION = "output.flux-cli.dev/v1"


def declare(root: Group) -> None:
    root.leaf("stats", stats, args="none", flags=offline)


def offline(app: App, from_: From = "") -> None:
    """Declares that files may be read instead of a cluster."""


def stats(app: App, all_namespaces: AllNamespaces = False, output: Document = "") -> None:
    """Count objects by kind: running, failing, suspended, and the storage of artifacts

    Kinds that cannot be read count as nothing; on a terminal they are named.

    Examples:
    # Of one namespace
    flux stats -n apps

    # Of all
    flux stats -A
    """
    if output not in ("", "json", "yaml"):
        raise UsageError(f"--output must be json or yaml, not {output}")
    counts = counting.count(app.kube, "" if all_namespaces else app.settings.namespace)
    if output:
        app.streams.out.write(_document(counts, output))
        return
    app.streams.out.write(table.render(counting.table(counts), measure=width.measure(app.environ)))
    if progress.explains(app):
        for count in counts:
            if count.unread:
                app.log.plain(f"{count.kind} not counted: {count.unread}")


def _document(counts: Sequence[counting.Count], output: str) -> str:
    items = []
    for count in counts:
        item = {"kind": count.kind, "running": count.running, "failing": count.failing, "suspended": count.suspended}
        items.append(item | {"storageBytes": count.storage} | ({"unread": count.unread} if count.unread else {}))
    value = {"apiVersion": API_VERSION, "kind": "Stats", "items": items}
    if output == "yaml":
        from flux_cli.printers import yaml

        return yaml.dump(value)
    from flux_cli.printers import json

    return json.dump(value)
