"""The seed's scenario with its controllers, at rest."""

import time
from collections.abc import Iterator

import pytest
from front_door import Flux

from flux_cli import kinds
from flux_cli.core.objects import condition
from flux_cli.sandbox.running import Running

SETTLED = {
    "GitRepository": 1, "Kustomization": 2, "HelmRepository": 1, "Bucket": 1, "HelmChart": 1, "HelmRelease": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def stuck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flux]:
    """The seed's cluster with its controllers, once they have said all that they have to say."""
    folder = tmp_path_factory.mktemp("seed")
    running = Running()
    try:
        running.play("seed")
        running.run_controllers()
        config = running.publish(str(folder / "kubeconfig"))
        _settle(running)
        yield Flux(str(folder), KUBECONFIG=config, TZ="UTC")
    finally:
        running.stop()


def _settle(running: Running) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = {name: running.cluster.list(kinds.named(name).resource).items for name in SETTLED}
        said = all(
            len(found[name]) >= count and all((condition(o) or {}).get("status") in ("True", "False") for o in found[name])
            for name, count in SETTLED.items()
        )
        if said:
            return
        time.sleep(0.05)
    raise AssertionError("the scenario did not come to rest")
