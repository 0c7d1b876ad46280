"""``make bench``: the commands that people wait for, each against something that anyone has, at 0, 20 and 100 ms a round trip.

    FLUX_TEST_ASSETS   folder with kube-apiserver, and etcd-3.6 where Go could build it: measure against a real API server
                       (else the embedded one)
    FLUX_REFERENCE     path of a Go CLI: each figure is paired with it too
    BENCH_PAIRS        runs of each command (20)

Prints a table, and writes docs/performance.json and the figures of docs/performance.md.
"""

import contextlib
import json
import os
import pathlib
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from typing import NamedTuple

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from real_cluster import RealCluster, assets

from bench import failing, latency, objects, plugin, reacting, report, sandbox
from bench.measure import Pair, limit, pair

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FLUX = [str(pathlib.Path(sys.executable).parent / "flux")]
PYTHON = [sys.executable, "-I", "-c", "pass"]
PAIRS = int(os.environ.get("BENCH_PAIRS", "20"))
ETCD = "etcd-3.6"  # lets an API server answer lists from its cache, as those of today do
RUNS = 10  # of a reconciliation
TRACE = f"flux trace {objects.APPLIED} --kind ConfigMap --api-version v1"
TRIPS = {  # round trips that a command may take
    "flux get ks -A": 3, "flux get sources git -A": 3, "flux get all -A": 3, "flux stats -A": 3, "flux events -A": 3,
    "flux suspend ks app-00001": 4, "flux resume ks app-00001 --wait=false": 4, "flux tree ks app-00001": 4,
    TRACE: 4 + 2,  # what has applied the object, and the source of that
}  # fmt: skip
KUSTOMIZATIONS = "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations"


class Far(NamedTuple):
    """A command with latency: its median, and what its own time without latency allows it with so many round trips."""

    name: str
    ours_ms: float
    allowed_ms: float
    trips: int


@contextlib.contextmanager
def cluster(folder: pathlib.Path, content: list[dict[str, object]]) -> Iterator[pathlib.Path]:
    """A kubeconfig of an API server that holds ``content``."""
    binaries = assets()
    if binaries:
        real = RealCluster(binaries, folder / "real", etcd=ETCD)
        try:
            namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "flux-system"}}
            real.load([namespace, *objects.crds(), *content])
            yield real.kubeconfig
        finally:
            real.stop()
        return
    manifest, config = folder / "objects.json", folder / "kubeconfig"
    manifest.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": content}))
    with subprocess.Popen([*FLUX, "sandbox", "start", "--load", str(manifest), "--write-kubeconfig", str(config)]) as server:
        try:
            while not config.exists():
                time.sleep(0.05)
            yield config
        finally:
            server.terminate()


@contextlib.contextmanager
def slow(config: pathlib.Path, round_trip: float) -> Iterator[dict[str, str]]:
    """The environment of a command that reaches the cluster with this much latency."""
    env = {"PATH": os.environ["PATH"], "HOME": str(config.parent), "KUBECONFIG": str(config)}
    if not round_trip:
        yield env
        return
    parsed = yaml.safe_load(config.read_text())
    entry = parsed["clusters"][0]["cluster"]
    server = urllib.parse.urlsplit(entry["server"])
    with latency.proxy(str(server.hostname), int(server.port or 443), round_trip) as port:
        entry["server"] = f"https://127.0.0.1:{port}"
        other = config.with_name(f"kubeconfig-{port}")
        other.write_text(yaml.safe_dump(parsed))
        yield env | {"KUBECONFIG": str(other)}


def starting(env: dict[str, str]) -> list[Pair]:
    """What needs no cluster, against an interpreter that does nothing."""
    lines = {"--version": 2.0, "--help": 3.0, "get --help": 3.0, "get kustomizations --help": 3.0}
    return [
        pair(f"flux {line}", [*FLUX, *shlex.split(line)], PYTHON, env, pairs=PAIRS, goal=goal) for line, goal in lines.items()
    ]


def reading(env: dict[str, str], label: str, goals: dict[str, float | None]) -> list[Pair]:
    """Commands on the cluster, against kubectl reading the same list once."""
    kubectl = shutil.which("kubectl")
    other = [kubectl, "get", "--raw", KUSTOMIZATIONS] if kubectl else PYTHON
    return [
        pair(f"flux {line}{label}", [*FLUX, *shlex.split(line)], other, env, pairs=PAIRS, goal=goal)
        for line, goal in goals.items()
    ]


def completing(env: dict[str, str], label: str) -> list[Pair]:
    """A name being completed, against the list that it is chosen from."""
    complete, listed = [*FLUX, "__complete", "get", "ks", ""], [*FLUX, "get", "ks"]
    return [pair(f"flux __complete get ks ''{label}", complete, listed, env, pairs=PAIRS, goal=1.2)]


def kept(env: dict[str, str]) -> Pair:
    """What a credential plugin hands out, kept between runs, against asking it each time."""
    command = [*FLUX, "get", "ks", "-A"]
    with plugin.behind(env) as environment:
        name = "flux get ks -A, FLUX_EXEC_CACHE=1"
        return pair(name, command, command, environment, pairs=PAIRS, goal=0.5, extra={"FLUX_EXEC_CACHE": "1"})


def waited(near: list[Pair], far: list[Pair], delay: float) -> list[Far]:
    """Each command with latency, against its own time without any, a fifth more, and the round trips it may take."""
    before = {row.name.partition(" at ")[0]: row.ours_ms for row in near}
    found = []
    for row in far:
        name = row.name.partition(" at ")[0]
        if trips := TRIPS.get(name):
            found.append(Far(row.name, row.ours_ms, before[name] * 1.2 + trips * delay * 1000, trips))
    return found


def triage(env: dict[str, str]) -> Pair:
    """The triage of 2,000 objects that fail for one reason, against a plain look at them."""
    ours, other = [*FLUX, "troubleshoot", "-A"], [*FLUX, "get", "all", "-A"]
    return pair("flux troubleshoot -A of 2,000 failing", ours, other, env, pairs=PAIRS, goal=3.0)


def against_reference(env: dict[str, str], label: str, lines: list[str]) -> list[Pair]:
    reference = os.environ.get("FLUX_REFERENCE")
    return (
        [pair(f"flux {x}{label}", [*FLUX, *x.split()], [reference, *x.split()], env, pairs=PAIRS) for x in lines]
        if reference
        else []
    )


def measure() -> tuple[list[Pair], list[Far], list[float]]:
    goals: dict[str, float | None] = {
        "get ks -A": 0.8, "get sources git -A": 0.8, "tree ks app-00001": 0.8, "suspend ks app-00001": 0.8, "get all -A": 1.2,
        "stats -A": None, "events -A": None, "resume ks app-00001 --wait=false": None, TRACE.removeprefix("flux "): None,
    }  # fmt: skip
    rows: list[Pair] = []
    near: list[Pair] = []
    far: list[Far] = []
    late: list[float] = []
    with tempfile.TemporaryDirectory() as name, cluster(pathlib.Path(name), objects.objects(30)) as config:
        for delay in (0.0, 0.02, 0.1):
            label = f" at {delay * 1000:.0f} ms"
            with slow(config, delay) as env:
                rows += starting(env) if not delay else []
                these = reading(env, label, goals if not delay else dict.fromkeys(goals))
                near = these if not delay else near
                far += waited(near, these, delay) if delay else []
                rows += these + completing(env, label)
                rows += against_reference(env, label, list(goals))
                rows += [kept(env)] if not delay else []
                late = reacting.latencies(FLUX, env, config, RUNS) if not delay else late
    with (
        tempfile.TemporaryDirectory() as name,
        cluster(pathlib.Path(name), objects.objects(3)) as config,
        slow(config, 0.0) as env,
    ):
        rows += reading(env, " of 3 each", {"get all -A": 1.2})
    many = [objects.make("Kustomization", n) for n in range(10_000)]
    with tempfile.TemporaryDirectory() as name, cluster(pathlib.Path(name), many) as config, slow(config, 0.0) as env:
        rows += reading(env, " of 10,000", {"get ks -A": 1.5})
    failed = failing.cluster()
    with tempfile.TemporaryDirectory() as name, cluster(pathlib.Path(name), failed) as config, slow(config, 0.0) as env:
        rows.append(triage(env))
    return rows, far, late


def main() -> None:
    limit()
    rows, far, late = measure()
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    print(f"\n{machine}; medians of {PAIRS} pairs; {'kube-apiserver' if assets() else 'the embedded cluster'}\n")
    print(f"{'command':44} {'ours':>9} {'other':>9} {'ratio':>6} {'goal':>5} {'memory':>8}  against")
    for row in rows:
        goal = f"{row.goal:.1f}" if row.goal else ""
        times = f"{row.ours_ms:6.1f} ms {row.other_ms:6.1f} ms {row.ratio:6.2f}"
        print(f"{row.name:44} {times} {goal:>5} {row.ours_mib:4.0f} MiB  {row.other}")
    print(f"\n{'with latency':44} {'ours':>9} {'allowed':>9}  round trips")
    for one in far:
        print(f"{one.name:44} {one.ours_ms:6.1f} ms {one.allowed_ms:6.1f} ms  {one.trips}")
    print(
        f"\nflux reconcile ks returns {statistics.median(late):.1f} ms after the status it waits for ({max(late):.1f} at most, goal 100)"
    )
    many = [objects.make("Kustomization", n) for n in range(10_000)]
    loaded = sandbox.loading(FLUX, many, dict(os.environ))
    print(f"\n{loaded}")
    server = "the embedded cluster"
    if binaries := assets():
        store = "etcd 3.6" if (binaries / ETCD).exists() else "the system's etcd"
        server = f"kube-apiserver with {store} on loopback, 30 objects of each kind"
    figures = {"machine": machine, "server": server, "pairs": PAIRS, "rows": [row._asdict() for row in rows]}
    figures |= {"far": [one._asdict() for one in far], "reconcile_ms": late, "sandbox": loaded._asdict()}
    (ROOT / "docs" / "performance.json").write_text(json.dumps(figures, indent=1) + "\n")
    report.write(figures, ROOT / "docs" / "performance.md")


if __name__ == "__main__":
    main()
