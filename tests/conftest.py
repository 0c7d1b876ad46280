"""Fixtures that every area of the tests shares."""

import pathlib
from collections.abc import Iterator

import pytest
from front_door import Flux
from hypothesis import HealthCheck, settings
from real_cluster import RealCluster, assets

# The same examples each time, and no clock: a busy machine is no failure.
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

SHARED = pathlib.Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture
def flux(tmp_path: pathlib.Path) -> Flux:
    """The command line in this process, with an empty home and no cluster but what flags and KUBECONFIG name."""
    return Flux(str(tmp_path))


@pytest.fixture(scope="session")
def shared() -> pathlib.Path:
    """The folder of recordings beside the project; a test that reads it is skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("the recordings (../shared) are not on this machine")
    return SHARED


@pytest.fixture(scope="module")
def real_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealCluster]:
    """A real API server, empty but for what the tests of one module load: what others left would decide too."""
    binaries = assets()
    if binaries is None:
        pytest.skip("no kube-apiserver: set FLUX_TEST_ASSETS (make assets builds it) and install etcd")
    cluster = RealCluster(binaries, tmp_path_factory.mktemp("real"))
    yield cluster
    cluster.stop()
