"""``flux snapshot``: what a diagnosis reads, in one file, without secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.snapshot import Path, Tail
    from flux_cli.core.app import App


def declare(root: Group) -> None:
    from flux_cli.commands.flags.common import reading

    root.leaf("snapshot", snapshot, flags=reading)


def snapshot(app: App, path: Path = "", tail: Tail = 2000) -> None:
    """Keep what a diagnosis reads in one file, without secrets: a bug report to hand on

    Reads all Flux objects, and workloads, pods, events, quotas and logs of the namespaces that they deploy to, and writes
    them to a folder, or to an archive where the path ends in .tar.gz. Values of Secrets and ConfigMaps, environment
    variables, arguments, Helm values and substitutions stay behind; passwords and tokens in URLs, annotations, messages
    and logs are masked. Every command that reads takes the snapshot back with --from.

    Examples:
    # Into an archive with the time in its name
    flux snapshot

    # Look at it later, or elsewhere
    flux snapshot incident.tar.gz
    flux troubleshoot --from incident.tar.gz
    """
    from datetime import UTC, datetime

    from flux_cli.services import snapshotting

    now = datetime.fromtimestamp(app.clock.now(), UTC)
    target = path or f"flux-snapshot-{now:%Y%m%dT%H%M%SZ}.tar.gz"
    app.log.action("reading the cluster")
    found = snapshotting.take(app.kube, tail=tail, now=f"{now:%Y-%m-%dT%H:%M:%SZ}")
    snapshotting.write(found, target)
    for note in found.notes:
        app.log.warning(note)
    app.log.success(f"{found.objects} objects and {sum(n.endswith('.log') for n in found.files)} logs kept")
    app.streams.out.write(target + "\n")
