"""Fixtures: a cluster in memory, alone or with stand-in controllers at work, and a real one with them."""

import pathlib
import time
from collections.abc import Iterator

import pytest
import yaml
from reads.stage import Cluster, Staffed
from real_cluster import RealCluster

from flux_cli.core.app import Settings
from flux_cli.core.errors import NoMatch
from flux_cli.kinds import Kind, every
from flux_cli.kube.config import access
from flux_cli.kube.session import open_wire
from flux_cli.kube.wire import Wire
from flux_cli.sandbox.controllers.stand import controllers


@pytest.fixture
def cluster(tmp_path: pathlib.Path) -> Iterator[Cluster]:
    made = Cluster(str(tmp_path))
    yield made
    made.sandbox.close()


@pytest.fixture
def staffed(cluster: Cluster) -> Iterator[Cluster]:
    """The same with the stand-ins of the controllers at work."""
    loop = controllers(cluster.kube, cluster.world)
    loop.start()
    yield cluster
    loop.stop()


@pytest.fixture
def real_staffed(real_cluster: RealCluster, shared: pathlib.Path, tmp_path: pathlib.Path) -> Iterator[Staffed]:
    """A real API server with Flux' kinds and the namespaces of the recording, and the stand-ins at work on it."""
    manifests = yaml.safe_load_all((shared / "conformance" / "cluster" / "install.yaml").read_text())
    namespaces = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in ("live", "flux-system")]
    real_cluster.load([*(obj for obj in manifests if obj["kind"] == "CustomResourceDefinition"), *namespaces])
    settings, environ = Settings(kubeconfig=str(real_cluster.kubeconfig)), {"HOME": str(tmp_path)}

    def wire() -> Wire:
        return open_wire(access(settings, environ), settings, environ)

    made = Staffed(str(tmp_path), wire(), wire())
    for kind in every():
        await_served(made, kind)
    loop = controllers(made.kube, made.world)
    loop.start()
    yield made
    loop.stop()


def await_served(cluster: Staffed, kind: Kind) -> None:
    """A definition that was just made takes a moment until its objects are served."""
    deadline = time.monotonic() + 30
    while True:
        try:
            cluster.kube.list(kind.resource)
            return
        except NoMatch:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
