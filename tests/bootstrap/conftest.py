"""Fixtures of the tests on install, bootstrap and uninstall."""

import os
import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bootstrap import release
from bootstrap.git_servers import Bare, HttpServer, SshServer
from bootstrap.recorder import Recorder
from bootstrap.stand_in import Controllers
from front_door import Flux, Skipping
from real_cluster import RealCluster

from flux_cli.core.api import NAMESPACE, Cluster
from flux_cli.core.app import Settings
from flux_cli.kube.client import KubeClient
from flux_cli.main import connect
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.transport import SandboxTransport


@pytest.fixture(scope="session")
def small_release(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The files of a release, small ones of our own, which are read in no time."""
    return release.write(tmp_path_factory.mktemp("release") / "manifests")


@pytest.fixture(scope="session")
def whole_release(small_release: pathlib.Path) -> pathlib.Path:
    """The real files where the recordings are, else the small ones."""
    real = pathlib.Path(__file__).resolve().parents[3] / "shared" / "data" / "flux-v2.9.4-manifests"
    return real if real.is_dir() else small_release


@pytest.fixture
def manifests(small_release: pathlib.Path) -> pathlib.Path:
    """What is installed. Modules that hold what is in a release to something take the whole one."""
    return small_release


class Place:
    """An empty cluster, and the command line on it; no deadline passes there, and what is waited for is looked at all the time."""

    def __init__(self, home: pathlib.Path, manifests: pathlib.Path) -> None:
        self.recorder = Recorder(SandboxTransport(Sandbox()))
        self.cluster: Cluster = KubeClient(self.recorder)
        self.watcher: Cluster = KubeClient(self.recorder.inner)
        self.watcher.delete(NAMESPACE, "", "flux-system")
        self.flux = Flux(str(home), lambda *_: self.cluster, FLUX_MANIFESTS=str(manifests))
        self.flux.clock = Skipping(lambda: False)


@pytest.fixture
def place(tmp_path: pathlib.Path, manifests: pathlib.Path) -> Place:
    """An empty cluster in memory."""
    home = tmp_path / "home"
    home.mkdir()
    return Place(home, manifests)


@pytest.fixture
def bare(tmp_path: pathlib.Path) -> Bare:
    root = tmp_path / "srv"
    root.mkdir()
    return Bare(root)


@pytest.fixture
def http_server(bare: Bare) -> Iterator[Callable[..., HttpServer]]:
    """``http_server(user=…, ca=…)`` serves the repository; all end with the test."""
    started: list[HttpServer] = []

    def start(**options: Any) -> HttpServer:
        started.append(HttpServer(bare.path.parent, **options))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def ssh_server(bare: Bare, tmp_path: pathlib.Path) -> Iterator[SshServer]:
    if not any(os.access(f"{folder}/sshd", os.X_OK) for folder in [*os.environ["PATH"].split(":"), "/usr/sbin"]):
        pytest.skip("sshd is not installed")
    server = SshServer(bare.path.parent, tmp_path / "sshd")
    yield server
    server.stop()


@pytest.fixture
def controllers(place: Place, bare: Bare) -> Iterator[Controllers]:
    """Stand-ins on the cluster in memory, for the repository."""
    made = Controllers(place.watcher, bare.path)
    yield made
    made.stop()


@pytest.fixture
def real_flux(real_cluster: RealCluster, tmp_path: pathlib.Path, manifests: pathlib.Path) -> Flux:
    home = tmp_path / "home"
    home.mkdir()
    return Flux(str(home), KUBECONFIG=str(real_cluster.kubeconfig), FLUX_MANIFESTS=str(manifests))


@pytest.fixture
def real_client(real_cluster: RealCluster) -> Cluster:
    return connect(Settings(kubeconfig=str(real_cluster.kubeconfig)), {})
