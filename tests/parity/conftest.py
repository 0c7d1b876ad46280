"""The two clusters that are compared."""

from collections.abc import Iterator

import pytest
from real_cluster import RealCluster

from flux_cli.sandbox.access import ADMIN, VIEWER
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.server import Server

from .sides import Side


@pytest.fixture(scope="session")
def embedded() -> Iterator[Side]:
    server = Server(Sandbox())
    server.start()
    side = Side(server.url, server.token(ADMIN), server.token(VIEWER))
    side.prepare()
    yield side
    server.stop()


@pytest.fixture(scope="module")
def real(real_cluster: RealCluster) -> Side:
    side = Side(real_cluster.server, "admintoken", "viewtoken")
    side.prepare()
    return side
