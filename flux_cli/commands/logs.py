"""``flux logs``: what the controllers wrote about Flux objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.core.errors import ConfigError, FluxError, UsageError
from flux_cli.core.text import clean
from flux_cli.printers import logline
from flux_cli.services import log_following, log_reading

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.common import AllNamespaces, From, Words
    from flux_cli.commands.flags.reading import (
        EveryPod,
        FluxNamespace,
        FollowLogs,
        Grep,
        Kind,
        Level,
        LogOutput,
        ObjectName,
        Previous,
        Since,
        SinceTime,
        Tail,
    )  # fmt: skip
    from flux_cli.commands.flags.root import Timeout
    from flux_cli.core.api import Cluster
    from flux_cli.core.app import App


def declare(root: Group) -> None:
    root.leaf("logs", logs, usage=" ", flags=offline)


def offline(app: App, from_: From = "") -> None:
    """Declares that files may be read instead of a cluster."""


def logs(
    app: App, words: Words = (), level: Level = "", kind: Kind = "", name: ObjectName = "", follow: FollowLogs = False,
    tail: Tail = -1, flux_namespace: FluxNamespace = "flux-system", all_namespaces: AllNamespaces = False,
    since: Since = 0.0, since_time: SinceTime = "", grep: Grep = "", previous: Previous = False, all_pods: EveryPod = False,
    output: LogOutput = "", timeout: Timeout = None,
) -> None:  # fmt: skip
    """Print what the controllers wrote about Flux objects, in the order of time

    Shows lines about objects of one namespace (-n), or of all with -A.

    Examples:
    # What went wrong, anywhere
    flux logs -A --level=error

    # About one Kustomization, as it happens
    flux logs -f --kind Kustomization --name podinfo -n apps

    # A controller that crashed: its last words
    flux logs --previous -o raw -A
    """
    if words:
        raise UsageError("no argument required")
    if output not in ("", "raw", "json"):
        raise UsageError(f"--output must be raw or json, not {output}")
    wanted = log_reading.Wanted(
        level, kind, name, "" if all_namespaces else app.settings.namespace, _pattern(grep), raw=bool(output)
    )  # fmt: skip
    endless = follow and timeout is None
    cluster = _cluster(app, endless)
    pods = log_reading.pods(cluster, flux_namespace, all_pods)
    part = log_reading.window(tail, since, since_time, previous)
    if follow:
        lines = log_following.follow(cluster, pods, part, wanted, app.clock.sleep)
    else:
        lines = log_reading.read(cluster, pods, part, wanted)
    failed = False
    for line in lines:
        if isinstance(line, log_reading.Failure):
            failed = True
            app.log.plain(f"failed getting logs: {line.error}")
        else:
            app.streams.out.write(_text(line, output, app.streams.color))
            if follow:
                app.streams.out.flush()
    if failed and not follow:
        raise FluxError("failed to collect logs from all Flux pods")


def _cluster(app: App, endless: bool) -> Cluster:
    """Without a deadline where lines are followed until somebody stops it."""
    try:
        return app.connect(app.settings, app.environ) if endless else app.kube
    except ConfigError as err:
        raise ConfigError(f"kubernetes configuration load failed: {err}", hint=err.hint) from err


def _pattern(grep: str) -> log_reading.Pattern | None:
    import re

    try:
        return re.compile(grep) if grep else None
    except re.error as err:
        raise UsageError(f"--grep: {err}") from None


def _text(line: log_reading.Line, output: str, color: bool) -> str:
    if output == "json":
        from flux_cli.printers import json

        return json.line({"pod": line.pod, **(line.entry if line.entry is not None else {"raw": line.raw})})
    return clean(line.raw) + "\n" if output == "raw" else logline.line(log_reading.parts(line), color)
