"""How long after the status that it waits for ``flux reconcile`` returns."""

import pathlib
import time
from collections.abc import Mapping, Sequence

from bench.measure import started
from flux_cli import kinds
from flux_cli.core.app import Settings
from flux_cli.core.objects import annotations
from flux_cli.kube.session import connect

NAME, ASKED = "app-00003", "reconcile.fluxcd.io/requestedAt"
THINKING = 0.3  # seconds that the stand-in takes before it answers, as a controller does


def latencies(flux: Sequence[str], env: Mapping[str, str], config: pathlib.Path, runs: int) -> list[float]:
    """Milliseconds between the answer to our write of the status and the end of the command, of each run."""
    kube = connect(Settings(kubeconfig=str(config)), env).within(120)
    resource = kinds.named("Kustomization").resource
    found = []
    for _ in range(runs):
        before = annotations(kube.get(resource, "flux-system", NAME)).get(ASKED)
        process = started([*flux, "reconcile", "ks", NAME], env)
        while (asked := annotations(kube.get(resource, "flux-system", NAME)).get(ASKED)) == before:
            time.sleep(0.01)
        time.sleep(THINKING)
        kube.patch(resource, "flux-system", NAME, {"status": {"lastHandledReconcileAt": asked}}, subresource="status")
        written = time.perf_counter()
        if process.wait():
            raise RuntimeError(f"flux reconcile ended with exit code {process.returncode}")
        found.append((time.perf_counter() - written) * 1000)
    return found
