"""A sandbox that is served: the API server, its stand-in controllers, and the kubeconfig that leads to it."""

import contextlib
import os
import tempfile
from collections.abc import Mapping
from typing import TYPE_CHECKING

from flux_cli.core.api import Cluster
from flux_cli.kube.client import KubeClient
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.populate import Loaded, load_paths
from flux_cli.sandbox.server import Server
from flux_cli.sandbox.transport import SandboxTransport
from flux_cli.sandbox.world import World

if TYPE_CHECKING:
    from flux_cli.sandbox.controllers._loop import Loop
    from flux_cli.sandbox.controllers.workloads import Workloads


class Running:
    """Everything of one ``flux sandbox start``. ``stop`` ends it all and removes the kubeconfig."""

    def __init__(self, port: int = 0) -> None:
        self.sandbox = Sandbox()
        self.server = Server(self.sandbox, port)
        self.server.start()
        self.world = World()
        self._kubeconfig = ""
        self._stands: list[Loop | Workloads] = []

    @property
    def cluster(self) -> Cluster:
        """The same cluster without the way over the network, as admin."""
        return KubeClient(SandboxTransport(self.sandbox))

    def load(self, paths: list[str]) -> Loaded:
        from flux_cli.sandbox.seeding import Direct

        cluster = self.cluster
        return load_paths(cluster, paths, Direct(self.sandbox, cluster))

    def run_controllers(self, environ: Mapping[str, str] | None = None) -> None:
        """``environ``: given, the stand-ins ask real Git servers."""
        from flux_cli.sandbox.controllers.stand import controllers
        from flux_cli.sandbox.controllers.workloads import Workloads

        self.world.environ = environ
        self._stands = [controllers(self.cluster, self.world), Workloads(self.cluster, self.world)]
        for stand in self._stands:
            stand.start()

    def play(self, scenario: str) -> None:
        """Set the stage of a scenario: its objects, and what the world outside answers."""
        from flux_cli.sandbox.scenario import stage

        stage(self.cluster, self.world, scenario)

    def publish(self, path: str = "") -> str:
        """Write the kubeconfig to ``path``, or to a temporary file; where it is now."""
        self._kubeconfig = os.path.abspath(
            path or os.path.join(tempfile.gettempdir(), f"flux-sandbox-{self.server.port}.kubeconfig")
        )
        self.server.write_kubeconfig(self._kubeconfig)
        return self._kubeconfig

    def stop(self) -> None:
        for stand in self._stands:
            stand.stop()
        self.server.stop()
        if self._kubeconfig:
            with contextlib.suppress(OSError):
                os.remove(self._kubeconfig)
