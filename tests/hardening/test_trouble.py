"""Reads while the API server misbehaves, over the wire: the right answer, or one clear error; never a hang, a defect, a wrong table."""

import pathlib
from collections.abc import Iterator

import pytest
from front_door import Flux

from flux_cli.sandbox.faults import Fault
from flux_cli.sandbox.running import Running

LINES = ["get ks -A", "get all -A", "stats -A", "events -A", "export ks --all", "tree ks flux-system", "trace ks my-app -n my-app",
         "suspend ks my-app -n my-app", "resume ks my-app -n my-app --wait=false", "troubleshoot hr my-app -n my-app"]  # fmt: skip
PASSING = {
    "a 429 with Retry-After": Fault(status=429, retry_after=0, times=1),
    "a 503 with Retry-After": Fault(status=503, retry_after=0, times=1),
    "a slow answer": Fault(delay=0.2, times=2),
}
LASTING = {
    "500": Fault(status=500),
    "half a body": Fault(half=True),
    "a cut connection": Fault(cut=True),
    "no answer in time": Fault(delay=3.0),
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    server = Running()
    server.play("seed")
    server.publish(str(tmp_path_factory.mktemp("trouble") / "kubeconfig"))
    yield server
    server.sandbox.faults.clear()
    server.stop()


@pytest.fixture
def flux(running: Running, tmp_path: pathlib.Path) -> Iterator[Flux]:
    yield Flux(str(tmp_path), KUBECONFIG=running._kubeconfig)
    running.sandbox.faults.clear()


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("line", [x for x in LINES if not x.startswith(("suspend", "resume"))])
def test_what_passes_is_not_noticed(flux: Flux, running: Running, line: str, fault: str) -> None:
    wanted = flux(line)
    running.sandbox.faults.add(PASSING[fault])
    assert flux(line) == wanted


@pytest.mark.parametrize("fault", LASTING)
@pytest.mark.parametrize("line", LINES)
def test_what_lasts_is_one_clear_error(flux: Flux, running: Running, line: str, fault: str) -> None:
    running.sandbox.faults.add(LASTING[fault])
    answer = flux(f"{line} --timeout 700ms")
    assert "internal error" not in answer.err
    assert "Traceback" not in answer.err
    if line.startswith("stats"):  # as the Go CLI: what cannot be read counts as none
        assert answer.code == 0
    else:
        assert answer.err.startswith("✗ "), answer
        assert "my-app" not in answer.out
