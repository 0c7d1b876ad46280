"""A cluster in memory with the controllers' stand-ins, and the front door on it; what was written is kept."""

import json
import pathlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pytest
import yaml
from front_door import Flux
from real_cluster import RealCluster

from flux_cli.core.api import NAMESPACE, Request, Response, Transport
from flux_cli.core.app import Settings
from flux_cli.core.errors import Unreachable
from flux_cli.kube.client import KubeClient
from flux_cli.kube.config import access
from flux_cli.kube.session import open_wire
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.controllers.stand import controllers
from flux_cli.sandbox.transport import SandboxTransport
from flux_cli.sandbox.world import World


class Write(NamedTuple):
    """A request that changes something; ``type`` is the body's."""

    method: str
    path: str
    type: str
    body: Any


class Recorder:
    """A transport that notes writes, and cuts the connection at the one that ``cut`` counts to: before it arrives, or after."""

    def __init__(self, inner: Transport) -> None:
        self.inner = inner
        self.server = inner.server
        self.writes: list[Write] = []
        self.cut = 0
        self.arrives = False
        self.dead = False

    def send(self, request: Request, *, timeout: float | None = None, stream: bool = False) -> Response:
        if request.method != "GET":
            body = json.loads(request.body) if request.body else None
            query = "&".join(f"{key}={value}" for key, value in request.query)
            path = request.path + (f"?{query}" if query else "")
            self.writes.append(Write(request.method, path, request.headers.get("content-type", ""), body))
            if len(self.writes) == self.cut:
                if self.arrives:
                    self.inner.send(request, timeout=timeout, stream=stream)
                raise Unreachable(f'{request.method} "{self.server}{request.path}": EOF')
        elif self.dead and self.cut and len(self.writes) >= self.cut:
            raise Unreachable(f'Get "{self.server}{request.path}": EOF')
        return self.inner.send(request, timeout=timeout, stream=stream)

    def together(self, requests: Sequence[Request], *, timeout: float | None = None) -> Iterator[None]:
        return iter([None] * len(requests))

    def close(self) -> None:
        pass


class Cluster(NamedTuple):
    """``flux`` is the front door, ``kube`` reads behind its back; what goes through the door is on the ``wire``."""

    flux: Flux
    kube: KubeClient
    wire: Recorder
    world: World


@pytest.fixture
def bare(tmp_path: pathlib.Path) -> Cluster:
    """Flux' kinds, the namespace ``live``, no controllers."""
    sandbox = Sandbox()
    wire = Recorder(SandboxTransport(sandbox))
    behind = KubeClient(SandboxTransport(sandbox))
    behind.create(NAMESPACE, "", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "live"}})

    return Cluster(door(tmp_path, wire), behind, wire, World())


def door(home: pathlib.Path, wire: Recorder) -> Flux:
    """The front door, all of whose clusters are behind this wire."""

    def connect(_settings: Settings, _environ: Mapping[str, str]) -> KubeClient:
        return KubeClient(wire)

    return Flux(str(home), connect)


@pytest.fixture
def live(bare: Cluster) -> Iterator[Cluster]:
    """The same, with controllers."""
    loop = controllers(bare.kube, bare.world)
    loop.start()
    yield bare
    loop.stop()


@pytest.fixture
def real_live(real_cluster: RealCluster, shared: pathlib.Path, tmp_path: pathlib.Path) -> Iterator[Cluster]:
    """A real API server with Flux' kinds and the namespace ``live``, and the stand-in controllers pointed at it."""
    manifests = yaml.safe_load_all((shared / "conformance" / "cluster" / "install.yaml").read_text())
    definitions = [obj for obj in manifests if obj["kind"] == "CustomResourceDefinition"]
    real_cluster.load([*definitions, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "live"}}])
    settings, environ = Settings(kubeconfig=str(real_cluster.kubeconfig)), {"HOME": str(tmp_path)}

    def transport() -> Transport:
        return open_wire(access(settings, environ), settings, environ)

    wire, kube, world = Recorder(transport()), KubeClient(transport()), World()
    loop = controllers(kube, world)
    loop.start()
    yield Cluster(door(tmp_path, wire), kube, wire, world)
    loop.stop()
