"""A cluster in memory, and ways to it."""

import pathlib
from collections.abc import Callable, Iterator, Mapping

import pytest
from front_door import Flux

from flux_cli.core.api import Cluster
from flux_cli.core.app import Settings
from flux_cli.kube.client import KubeClient
from flux_cli.sandbox.access import ADMIN, Caller
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.controllers._loop import Loop
from flux_cli.sandbox.controllers.stand import controllers
from flux_cli.sandbox.server import Server
from flux_cli.sandbox.transport import SandboxTransport
from flux_cli.sandbox.world import World


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    yield made
    made.close()


@pytest.fixture
def server(sandbox: Sandbox) -> Iterator[Server]:
    """The cluster over the network."""
    made = Server(sandbox)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def client(sandbox: Sandbox) -> Callable[[Caller], KubeClient]:
    """``client(VIEWER)``: the cluster as that user."""
    return lambda caller: KubeClient(SandboxTransport(sandbox, caller))


@pytest.fixture
def kube(client: Callable[[Caller], KubeClient]) -> KubeClient:
    return client(ADMIN)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def running(kube: KubeClient, world: World) -> Iterator[Loop]:
    """The stand-in controllers, at work."""
    loop = controllers(kube, world)
    loop.start()
    yield loop
    loop.stop()


@pytest.fixture
def flux_here(kube: KubeClient, tmp_path: pathlib.Path) -> Flux:
    """The command line on the cluster in memory."""

    def connect(settings: Settings, environ: Mapping[str, str]) -> Cluster:
        del settings, environ
        return kube

    return Flux(str(tmp_path), connect)
