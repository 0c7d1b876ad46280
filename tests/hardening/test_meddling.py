"""A meddling proxy before a real API server: every command that reads or reconciles gives the right answer, or one clear error."""

import itertools
import pathlib
import threading
from collections.abc import Iterator

import pytest
from bench import objects
from front_door import Flux
from hardening import meddling
from hardening.meddling import Meddling, said
from kube.loopback import kubeconfig, server_tls
from real_cluster import RealCluster

from flux_cli import kinds
from flux_cli.core.app import Settings
from flux_cli.core.objects import annotations, dig
from flux_cli.kube.session import connect

pytestmark = pytest.mark.real

READS = ["get ks -A", "get sources git app-00000", "get all -A", "get ks -A -o json", "stats -A", "events -A", "export ks --all",
         "tree ks app-00000", "trace app-00000 --kind kustomization --api-version kustomize.toolkit.fluxcd.io/v1",
         "__complete get ks ''", "troubleshoot ks app-00000"]  # fmt: skip
WRITES = ["reconcile ks app-00000", "reconcile ks app-00000 --with-source", "reconcile source git app-00000",
          "suspend ks app-00001", "resume ks app-00001 --wait=false"]  # fmt: skip
QUIET = ("stats", "__complete")  # they count, or offer, what can be read; as the Go CLI
PASSING = {
    "429": said(429, retry_after="0"),
    "503": said(503, retry_after="0"),
    "slow bytes": meddling.slowly,
    "gzip": meddling.packed,
}
LASTING = {
    "drop": meddling.dropped, "reset": meddling.reset, "half a body": meddling.half, "500": said(500),
    "429 without a word": said(429), "a length too long": meddling.longer, "a length too short": meddling.shorter,
    "no gzip": meddling.no_gzip, "half a gzip": meddling.half_gzip,
    "503 for an hour": said(503, retry_after="3600"),
}  # fmt: skip


@pytest.fixture(scope="module")
def proxy(real_cluster: RealCluster) -> Iterator[Meddling]:
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "flux-system"}}
    real_cluster.load([namespace, *objects.crds(), *objects.objects(2)])
    made = Meddling(real_cluster.server, server_tls())
    yield made
    made.close()


@pytest.fixture
def flux(proxy: Meddling, tmp_path: pathlib.Path) -> Iterator[Flux]:
    yield Flux(str(tmp_path), KUBECONFIG=kubeconfig(tmp_path, proxy.server, {"token": "admintoken"}))
    proxy.meddler = None


@pytest.fixture(scope="module")
def controller(real_cluster: RealCluster, proxy: Meddling) -> Iterator[None]:
    """Answers what is asked of Kustomizations and GitRepositories, behind the back of the proxy, whose cluster is filled by now."""
    kube = connect(Settings(kubeconfig=str(real_cluster.kubeconfig)), {}).within(600)
    over = threading.Event()

    def work() -> None:
        for kind in itertools.cycle(("Kustomization", "GitRepository")):
            if over.wait(0.02):
                return
            resource = kinds.named(kind).resource
            for obj in kube.list(resource, "flux-system").items:
                asked = annotations(obj).get("reconcile.fluxcd.io/requestedAt")
                if asked and asked != dig(obj, "status.lastHandledReconcileAt"):
                    change = {"status": {"lastHandledReconcileAt": asked}}
                    kube.patch(resource, "flux-system", obj["metadata"]["name"], change, subresource="status")

    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("line", READS)
def test_what_passes_is_not_noticed(flux: Flux, proxy: Meddling, line: str, fault: str) -> None:
    wanted = flux(*_words(line))
    assert wanted.code in (0, 3), wanted  # 3: the diagnosis has found something
    proxy.meddler, proxy.times = PASSING[fault], 1 if fault.isdigit() else -1
    assert flux(*_words(line)) == wanted


@pytest.mark.usefixtures("controller")
@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("line", WRITES)
def test_what_passes_does_not_end_a_reconciliation(flux: Flux, proxy: Meddling, line: str, fault: str) -> None:
    proxy.meddler, proxy.times = PASSING[fault], 1 if fault.isdigit() else -1
    answer = flux(f"{line} --timeout 20s")
    assert (answer.code, "✗" in answer.err) == (0, False), answer


@pytest.mark.parametrize("fault", LASTING)
@pytest.mark.parametrize("line", READS + WRITES)
def test_what_lasts_is_told(flux: Flux, proxy: Meddling, line: str, fault: str) -> None:
    proxy.meddler, proxy.times = LASTING[fault], -1
    answer = flux(*_words(line), "--timeout", "1500ms") if "__complete" not in line else flux(*_words(line))
    assert not any(word in answer.err for word in ("internal error", "Traceback")), answer
    assert "app-0" not in answer.out, answer
    if not line.startswith(QUIET):
        assert any(row.startswith("✗ ") for row in answer.err.splitlines()), answer


@pytest.mark.parametrize("line", READS + WRITES)
def test_an_expired_certificate_is_told(real_cluster: RealCluster, tmp_path: pathlib.Path, line: str) -> None:
    expired = Meddling(real_cluster.server, server_tls(expired=True))
    answer = Flux(str(tmp_path), KUBECONFIG=kubeconfig(tmp_path, expired.server))(*_words(line))
    expired.close()
    assert "app-0" not in answer.out
    if not line.startswith(QUIET):
        assert "x509: certificate has expired or is not yet valid" in answer.err


def _words(line: str) -> list[str]:
    return ["" if word == "''" else word for word in line.split()]
