"""``flux sandbox``: a cluster in this process, to try commands on, to look at snapshots and to test against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flux_cli.core.errors import FluxError, UsageError

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.sandbox import (
        Controllers,
        Fetch,
        Load,
        Logs,
        Paths,
        Port,
        Scenario,
        StatusOutput,
        WriteKubeconfig,
    )
    from flux_cli.core.app import App

PLATFORM = "flux-sandbox"


def declare(root: Group) -> None:
    verb = root.group(
        "sandbox", "Run a small Kubernetes API server with stand-ins of the Flux controllers, on this machine alone"
    )
    verb.leaf("start", start, args="none")
    verb.leaf("load", load, args="min:1")
    verb.leaf("status", status, args="none")
    verb.leaf("run-controllers", run_controllers, args="none")


def start(
    app: App,
    load: Load = (),
    logs: Logs = "",
    scenario: Scenario = "",
    controllers: Controllers = False,
    fetch: Fetch = False,
    port: Port = 0,
    write_kubeconfig: WriteKubeconfig = "",
) -> None:
    """Start the sandbox and serve until it is interrupted

    The API server is real enough for flux and kubectl; nothing runs in it and it listens on 127.0.0.1 only. It is gone,
    with all that was in it, when the command ends. The kubeconfig has the contexts admin (current) and viewer, who may do
    nothing. With --controllers, stand-ins answer reconcile requests, set statuses and play the faults of a scenario.
    Revisions are derived from URLs and refs; with --fetch those of GitRepositories are the Git servers' own, so that
    flux bootstrap completes.

    Examples:
    # A cluster with a deployment that is stuck, to find out why
    flux sandbox start --scenario seed --controllers

    # A cluster to bootstrap
    flux sandbox start --controllers --fetch

    # What was saved from another cluster
    flux sandbox start --load snapshot.tar.gz --write-kubeconfig /tmp/kubeconfig
    """
    import gc

    from flux_cli.sandbox.running import Running

    if not 0 <= port < 1 << 16:
        raise UsageError(f"--port must be between 0 (any that is free) and 65535, not {port}")
    if fetch and not controllers:
        raise UsageError("--fetch is for the stand-ins: it needs --controllers")
    running = Running(port)
    try:
        with _until_stopped() as wait:
            _fill(app, running, list(load), logs, scenario)
            gc.freeze()  # what was loaded stays
            gc.enable()  # this one lives long
            if controllers:
                running.run_controllers(app.environ if fetch else None)
            path = running.publish(write_kubeconfig)
            app.log.success(f"sandbox ready at {running.server.url}")
            app.log.plain(f"  export KUBECONFIG={path}")
            wait()
    finally:
        running.stop()
    app.log.success("sandbox stopped")


def _fill(app: App, running: Any, paths: list[str], logs: str, scenario: str) -> None:
    import os

    if logs and not os.path.isdir(logs):
        raise FluxError(f"--logs: {logs} is not a folder")
    running.sandbox.logs.folder = logs
    if scenario:
        running.play(scenario)
    if paths:
        _told(app, running.load(paths))


def _until_stopped() -> Any:
    """A context whose value waits for SIGINT or SIGTERM, both of which end the sandbox in good order."""
    import contextlib
    import signal
    import threading

    @contextlib.contextmanager
    def guard() -> Any:
        stopped = threading.Event()
        before = {s: signal.signal(s, lambda *_: stopped.set()) for s in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield stopped.wait
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    return guard()


def load(app: App, paths: Paths = ()) -> None:
    """Load manifests into the cluster of the current context

    Lists, several documents in a file, folders and archives are read. Each object is created, or patched where it exists,
    and given its status; *.log files become the logs of the pods that they are named after.

    Examples:
    flux sandbox load snapshot.tar.gz
    """
    from flux_cli.sandbox.populate import load_paths

    _sandbox_version(app)
    loaded = load_paths(app.kube, paths)
    _told(app, loaded)
    if loaded.refused:
        raise FluxError(f"{len(loaded.refused)} of {loaded.total} objects were not loaded")


def _told(app: App, loaded: Any) -> None:
    for line in loaded.refused:
        app.log.warning(f"not loaded: {line}")
    count = loaded.total - len(loaded.refused)
    app.log.success(f"{count} object{'s' if count != 1 else ''} loaded")


def status(app: App, output: StatusOutput = "") -> None:
    """Show what is in the sandbox of the current context

    Examples:
    flux sandbox status -o json
    """
    import json

    if output not in ("", "json"):
        raise UsageError(f"unsupported output format {output!r}, must be json")
    version = _sandbox_version(app)
    counts = _counts(app)
    if output == "json":
        found = {
            "apiVersion": "sandbox.flux-cli.dev/v1",
            "kind": "SandboxStatus",
            "server": app.kube.server,
            "version": version,
            "objects": counts,
        }
        app.streams.out.write(json.dumps(found, indent=2) + "\n")
        return
    app.streams.out.write(f"sandbox {version} at {app.kube.server}\n")
    for kind, count in counts.items():
        app.streams.out.write(f"{count:6} {kind}\n")


def _counts(app: App) -> dict[str, int]:
    """Objects by resource, only what there is."""
    from flux_cli.core.parallel import later, side_by_side

    resources = list({(r.group, r.plural): r for r in reversed(app.kube.resources())}.values())

    found = zip(resources, side_by_side([later(app.kube.list, r, metadata_only=True) for r in resources]), strict=True)
    counts = {r.name: 0 if isinstance(answer, Exception) else len(answer.items) for r, answer in found}
    return {name: count for name, count in sorted(counts.items()) if count}


def _sandbox_version(app: App) -> str:
    """The version that the sandbox says; refuses any other cluster."""
    version = app.kube.raw("/version")
    if not isinstance(version, dict) or version.get("platform") != PLATFORM:
        raise FluxError("the cluster of the current context is not a sandbox", hint="Start one: flux sandbox start")
    return str(version.get("gitVersion", ""))


def run_controllers(app: App, fetch: Fetch = False) -> None:
    """Run stand-ins of the Flux controllers on the cluster of the current context, until interrupted

    They set statuses as the real controllers do, but fetch nothing: revisions are derived from URLs and refs. With
    --fetch a GitRepository has the commit that its Git server says, asked for with the credentials of its Secret. On a cluster
    without nodes, such as an API server alone, Deployments come up as well. Never run them on a cluster where Flux itself runs.

    Examples:
    flux sandbox run-controllers --context admin
    """
    import gc

    from flux_cli.core.api import NODE
    from flux_cli.sandbox.controllers.stand import controllers
    from flux_cli.sandbox.controllers.workloads import Workloads
    from flux_cli.sandbox.world import World

    gc.enable()  # this one lives long
    cluster, world = app.kube.within(float("inf")), World()
    world.environ = app.environ if fetch else None
    stands: list[Any] = [controllers(cluster, world)]
    if not cluster.list(NODE).items:
        stands.append(Workloads(cluster, world))
    with _until_stopped() as wait:
        for stand in stands:
            stand.start()
        app.log.success("controllers run")
        wait()
        for stand in stands:
            stand.stop()
