"""A sandbox that is served: the API server, its stand-in controllers, and the kubeconfig that leads to it."""

import contextlib
import os
import tempfile

from flux_cli.core.api import Cluster
from flux_cli.kube.client import KubeClient
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.populate import Loaded, load_paths
from flux_cli.sandbox.server import Server
from flux_cli.sandbox.transport import SandboxTransport


class Running:
    """Everything of one ``flux sandbox start``. ``stop`` ends it all and removes the kubeconfig."""

    def __init__(self, port: int = 0) -> None:
        self.sandbox = Sandbox()
        self.server = Server(self.sandbox, port)
        self.server.start()
        self._kubeconfig = ""

    @property
    def cluster(self) -> Cluster:
        """The same cluster without the way over the network, as admin."""
        return KubeClient(SandboxTransport(self.sandbox))

    def load(self, paths: list[str]) -> Loaded:
        return load_paths(self.cluster, paths)

    def publish(self, path: str = "") -> str:
        """Write the kubeconfig to ``path``, or to a temporary file; where it is now."""
        self._kubeconfig = os.path.abspath(
            path or os.path.join(tempfile.gettempdir(), f"flux-sandbox-{self.server.port}.kubeconfig")
        )
        self.server.write_kubeconfig(self._kubeconfig)
        return self._kubeconfig

    def stop(self) -> None:
        self.server.stop()
        if self._kubeconfig:
            with contextlib.suppress(OSError):
                os.remove(self._kubeconfig)
