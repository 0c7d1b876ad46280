"""Fixtures: the cluster in memory, alone or with stand-in controllers at work."""

import pathlib
from collections.abc import Iterator

import pytest
from reads.stage import Cluster

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
