"""The same flows on a real API server: from an empty cluster to a synced one, a second run, and off again."""

import base64
import pathlib
from collections.abc import Iterator

import pytest
from bootstrap.git_servers import Bare, HttpServer
from bootstrap.stand_in import Controllers
from bootstrap.test_git import FILES, HEALTHY, commits, first
from bootstrap.test_install import FIRST, ORDER
from front_door import Flux

from flux_cli.core.api import CRD, SECRET, Cluster
from flux_cli.core.errors import NoMatch, NotFound
from flux_cli.kinds import named

pytestmark = pytest.mark.real


@pytest.fixture
def manifests(whole_release: pathlib.Path) -> pathlib.Path:
    return whole_release


@pytest.fixture
def stand(real_client: Cluster, bare: Bare) -> Iterator[Controllers]:
    made = Controllers(real_client, bare.path)
    yield made
    made.stop()


def test_from_empty_to_synced_and_off_again(
    real_flux: Flux, real_client: Cluster, bare: Bare, stand: Controllers, http_server, tmp_path: pathlib.Path
) -> None:  # type: ignore[no-untyped-def]
    server: HttpServer = http_server(user="me", password="hunter2")
    line = f"bootstrap git --url {server.url} --allow-insecure-http --token-auth --username me --password hunter2 --path clusters/prod"
    result = real_flux(line)
    sync, components = commits(bare)
    assert result == (0, "", first(server.url, components, sync))
    assert bare.files() == FILES
    data = real_client.get(SECRET, "flux-system", "flux-system")["data"]
    assert {key: base64.b64decode(value).decode() for key, value in data.items()} == {"username": "me", "password": "hunter2"}
    owners = {
        entry["manager"]
        for entry in real_client.get(CRD, "", "alerts.notification.toolkit.fluxcd.io")["metadata"]["managedFields"]
        if entry["operation"] == "Apply"
    }
    assert owners == {"flux"}

    again = real_flux(line)
    assert again.code == 0, again.err
    assert "✔ component manifests are up to date\n✔ reconciled components\n" in again.err
    assert again.err.endswith(f"✔ reconciled sync configuration\n{HEALTHY}")
    assert commits(bare) == [sync, components]

    code, out, err = real_flux("install")
    assert (code, err) == (0, FIRST), "no object has the label of a bootstrap: the stand-in applies nothing"
    assert out == ORDER.replace(" created", " unchanged")

    dry = real_flux("uninstall --dry-run")
    assert dry.code == 0
    assert "✗" not in dry.err
    assert real_client.get(named("GitRepository").resource, "flux-system", "flux-system")
    stand.stop()
    gone = real_flux("uninstall -s")
    assert (gone.code, gone.err.replace("deleted \n", "deleted (dry run)\n")) == (0, dry.err)
    _await_gone(real_client)


def _await_gone(cluster: Cluster) -> None:
    import time

    deadline = time.monotonic() + 60
    while cluster.list(CRD, labels="app.kubernetes.io/part-of=flux").items:
        assert time.monotonic() < deadline, "a definition hangs"
        time.sleep(0.2)
    with pytest.raises((NoMatch, NotFound)):
        cluster.get(named("GitRepository").resource, "flux-system", "flux-system")
