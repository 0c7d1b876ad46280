"""A cluster in memory with the controllers' stand-ins, and the front door on it; what was written is kept."""

import json
import pathlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from front_door import Flux

from flux_cli.core.api import NAMESPACE, Request
from flux_cli.core.app import Settings
from flux_cli.core.errors import Unreachable
from flux_cli.kube.client import KubeClient
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.controllers.stand import controllers
from flux_cli.sandbox.transport import SandboxResponse, SandboxTransport
from flux_cli.sandbox.world import World


class Write(NamedTuple):
    """A request that changes something; ``type`` is the body's."""

    method: str
    path: str
    type: str
    body: Any


class Recorder:
    """A transport that notes writes, and cuts the connection at the one that ``cut`` counts to: before it arrives, or after."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._inner = SandboxTransport(sandbox)
        self.server = self._inner.server
        self.writes: list[Write] = []
        self.cut = 0
        self.arrives = False
        self.dead = False

    def send(self, request: Request, *, timeout: float | None = None, stream: bool = False) -> SandboxResponse:
        if request.method != "GET":
            body = json.loads(request.body) if request.body else None
            query = "&".join(f"{key}={value}" for key, value in request.query)
            path = request.path + (f"?{query}" if query else "")
            self.writes.append(Write(request.method, path, request.headers.get("content-type", ""), body))
            if len(self.writes) == self.cut:
                if self.arrives:
                    self._inner.send(request, timeout=timeout, stream=stream)
                raise Unreachable(f'{request.method} "{self.server}{request.path}": EOF')
        elif self.dead and self.cut and len(self.writes) >= self.cut:
            raise Unreachable(f'Get "{self.server}{request.path}": EOF')
        return self._inner.send(request, timeout=timeout, stream=stream)

    def close(self) -> None:
        pass


class Cluster(NamedTuple):
    """The embedded cluster: ``flux`` is the front door, ``kube`` reads behind its back."""

    flux: Flux
    kube: KubeClient
    wire: Recorder
    world: World


@pytest.fixture
def bare(tmp_path: pathlib.Path) -> Cluster:
    """Flux' kinds, the namespace ``live``, no controllers."""
    sandbox = Sandbox()
    wire = Recorder(sandbox)
    behind = KubeClient(SandboxTransport(sandbox))
    behind.create(NAMESPACE, "", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "live"}})

    def connect(_settings: Settings, _environ: Mapping[str, str]) -> KubeClient:
        return KubeClient(wire)

    return Cluster(Flux(str(tmp_path), connect), behind, wire, World())


@pytest.fixture
def live(bare: Cluster) -> Iterator[Cluster]:
    """The same, with controllers."""
    loop = controllers(bare.kube, bare.world)
    loop.start()
    yield bare
    loop.stop()
