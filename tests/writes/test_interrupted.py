"""Commands whose connection is cut at any of their writes: the cluster is in the old or the new state, the command says in which
and can be run again. On the embedded cluster's own server and on a real API server, through a proxy that cuts."""

import contextlib
import pathlib
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import yaml
from front_door import Flux, Result
from kube.loopback import kubeconfig
from real_cluster import RealCluster

from flux_cli.core.api import CRD, NAMESPACE, SECRET, Cluster, Resource
from flux_cli.core.app import Settings
from flux_cli.core.errors import ApiError, Conflict
from flux_cli.core.objects import dig, name_of, text
from flux_cli.kinds import named
from flux_cli.kube.session import connect
from flux_cli.sandbox.access import ADMIN
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.controllers.stand import controllers
from flux_cli.sandbox.server import Server
from flux_cli.sandbox.world import World
from tests.writes.cutting import CuttingProxy
from tests.writes.test_delete import kustomization
from tests.writes.test_migrate import definition

KS = named("Kustomization").resource
NAMES = ["apps", "crds", "infra", "other"]
AGAIN = "Run the command again"


class Bench(NamedTuple):
    """The command line through the proxy, and the way past it."""

    flux: Flux
    kube: Cluster
    proxy: CuttingProxy

    def cut_at(self, line: str, at: int, arrives: bool) -> Result:
        self.proxy.writes.clear()
        self.proxy.cut, self.proxy.arrives = at, arrives
        answer = self.flux(line)
        self.proxy.cut = 0
        return answer


def through(server: str, token: str, kube: Cluster, folder: pathlib.Path) -> Iterator[Bench]:
    """With the namespace ``live`` and controllers at work."""
    proxy, loop = CuttingProxy(server, token), controllers(kube, World())
    loop.start()
    yield Bench(Flux(str(folder), KUBECONFIG=kubeconfig(folder, proxy.server)), kube, proxy)
    loop.stop()
    proxy.close()


@pytest.fixture
def embedded(tmp_path: pathlib.Path) -> Iterator[Bench]:
    server = Server(Sandbox())
    server.start()
    settings = Settings(server=server.url, token=server.token(ADMIN), insecure_skip_tls_verify=True)
    kube = connect(settings, {"HOME": str(tmp_path)})
    prepare(kube)
    yield from through(server.url, server.token(ADMIN), kube, tmp_path)
    server.stop()


@pytest.fixture
def real(real_cluster: RealCluster, shared: pathlib.Path, tmp_path: pathlib.Path) -> Iterator[Bench]:
    manifests = yaml.safe_load_all((shared / "conformance" / "cluster" / "install.yaml").read_text())
    real_cluster.load([obj for obj in manifests if obj["kind"] == "CustomResourceDefinition"])
    kube = connect(Settings(kubeconfig=str(real_cluster.kubeconfig)), {"HOME": str(tmp_path)})
    prepare(kube)
    yield from through(real_cluster.server, "admintoken", kube, tmp_path)


def prepare(kube: Cluster) -> None:
    """The namespace and four Kustomizations."""
    made: list[tuple[Any, str, dict[str, Any]]] = [
        (NAMESPACE, "", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "live"}}),
        *((KS, "live", kustomization(name, *needs)) for name, *needs in (("apps", "infra"), ("infra", "crds"), ("crds",), ("other",))),
    ]  # fmt: skip
    for resource, namespace, obj in made:
        with contextlib.suppress(Conflict):  # there from the test before
            kube.create(resource, namespace, obj)


@pytest.fixture(params=["embedded", pytest.param("real", marks=pytest.mark.real)])
def bench(request: pytest.FixtureRequest) -> Bench:
    found: Bench = request.getfixturevalue(request.param)
    return found


def suspended(bench: Bench) -> set[str]:
    return {name_of(obj) for obj in bench.kube.list(KS, "live").items if dig(obj, "spec.suspend") is True}


@pytest.mark.parametrize("arrives", [False, True])
@pytest.mark.parametrize("verb", ["suspend", "resume"])
def test_bulk_suspend_and_resume(bench: Bench, verb: str, arrives: bool) -> None:
    """Every object but the one whose write was cut is in the new state; that one is where the line below it says."""
    for at in range(1, len(NAMES) + 1):
        for name in NAMES:
            bench.kube.patch(KS, "live", name, {"spec": {"suspend": True if verb == "resume" else None}})
        answer = bench.cut_at(f"{verb} ks --all -n live", at, arrives)
        assert answer.code == 1, answer.err
        assert len(bench.proxy.writes) == len(NAMES), answer.err  # one failure does not stop the rest
        cut = bench.proxy.writes[at - 1].rpartition("/")[2].partition("?")[0]
        told = next(line for line in answer.err.splitlines() if line.startswith(f"Kustomization live/{cut} "))
        assert told.startswith(
            f"Kustomization live/{cut} was " + ("updated, although its answer got lost." if arrives else "not changed.")
        )
        assert AGAIN in told
        changed = set(NAMES) - (set() if arrives else {cut})
        assert suspended(bench) == (changed if verb == "suspend" else set(NAMES) - changed)
        assert bench.flux(f"{verb} ks --all -n live").code == 0
        assert suspended(bench) == (set(NAMES) if verb == "suspend" else set())


@pytest.mark.parametrize("arrives", [False, True])
def test_create_with_credentials(bench: Bench, arrives: bool) -> None:
    """Two writes, the Secret and the source: both are there or the first alone, never a source without its Secret."""
    source = named("GitRepository").resource
    for at, kind in ((1, "Secret"), (2, "GitRepository")):
        name = f"pw{at}{int(arrives)}"
        line = f"create source git {name} -n live --url https://example.com/r --branch main -u git -p s3cret --timeout 30s"
        answer = bench.cut_at(line, at, arrives)
        assert answer.code == 1
        state = "created, although its answer got lost" if arrives else "not created"
        assert answer.err.splitlines()[-1].startswith(f"{kind} live/{name} was {state}. {AGAIN}")
        assert "s3cret" not in answer.err
        secrets = {name_of(obj) for obj in bench.kube.list(SECRET, "live").items}
        sources = {name_of(obj) for obj in bench.kube.list(source, "live").items}
        assert (name in secrets, name in sources) == (at == 2 or arrives, at == 2 and arrives)
        again = bench.flux(line)
        assert again.code == 0, again.err
        assert text(bench.kube.get(source, "live", name), "spec.secretRef.name") == name


def test_migrate(bench: Bench) -> None:
    """Objects first, then the definition; whatever was cut, a second run ends with one stored version."""
    for at in (1, 2, 3):
        kind, plural = f"Thing{at}", f"things{at}"
        bench.proxy.writes.clear()
        assert bench.flux("migrate").code == 0
        others = len(bench.proxy.writes)  # they come first: kinds go by name
        store(bench.kube, kind, plural)
        answer = bench.cut_at("migrate", others + at, False)
        assert answer.code == 1
        assert answer.err.splitlines()[-1].startswith("What is listed above is migrated, the rest is as it was. Run the command")
        assert answer.err.count(f"✔ {kind}/live/") == min(at - 1, 2)
        assert bench.flux("migrate").err.endswith("✔ custom resources migrated successfully\n")
        assert dig(bench.kube.get(CRD, "", f"{plural}.demo.example.com"), "status.storedVersions") == ["v1"]


def store(kube: Cluster, kind: str, plural: str) -> None:
    """Two objects of a new kind whose old version counts as stored."""
    kube.create(CRD, "", definition(plural, kind, []))
    resource = Resource("demo.example.com", "v1", plural, kind)
    for _ in range(300):
        try:
            kube.list(resource, "live")
            break
        except ApiError:
            time.sleep(0.1)  # a definition that was just made takes a moment
    status = {"status": {"storedVersions": ["v1beta2", "v1"]}}
    kube.patch(CRD, "", f"{plural}.demo.example.com", status, subresource="status")
    for name in ("a", "b"):
        metadata = {"name": name, "namespace": "live"}
        kube.create(resource, "live", {"apiVersion": resource.api_version, "kind": kind, "metadata": metadata})
