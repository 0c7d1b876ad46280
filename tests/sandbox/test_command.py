"""``flux sandbox`` from the command line, in a process of its own."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from front_door import Flux, Result

from flux_cli.core.api import DEPLOYMENT
from flux_cli.core.app import Settings
from flux_cli.kinds import named
from flux_cli.main import connect

from .manifests import config, git

MINE = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}


class Started:
    """A sandbox that runs until the test ends."""

    def __init__(self, folder: pathlib.Path, *arguments: str) -> None:
        self.kubeconfig = folder / "kubeconfig"
        command = [sys.executable, "-m", "flux_cli", "sandbox", "start", "--write-kubeconfig", str(self.kubeconfig), *arguments]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=MINE)
        self.said: list[str] = []
        assert self.process.stderr
        for line in self.process.stderr:
            self.said.append(line)
            if "export KUBECONFIG" in line:
                break
        self.flux = Flux(str(folder), KUBECONFIG=str(self.kubeconfig))

    def stop(self, number: int = signal.SIGTERM) -> Result:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return Result(self.process.returncode, out, err)


@pytest.fixture
def seed(tmp_path: pathlib.Path) -> Iterator[Started]:
    started = Started(tmp_path, "--scenario", "seed", "--controllers")
    yield started
    if started.process.poll() is None:
        started.stop()


def test_it_says_where_it_is_and_stops_in_good_order(tmp_path: pathlib.Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        started = Started(tmp_path)
        assert started.said[0].startswith("✔ sandbox ready at https://127.0.0.1:")
        assert started.said[1:] == [f"  export KUBECONFIG={started.kubeconfig}\n"]
        assert started.stop(number) == (0, "", "✔ sandbox stopped\n")
        assert not started.kubeconfig.exists()


def test_the_stuck_deployment_of_the_demo_is_mended(seed: Started) -> None:
    flux = seed.flux
    deadline = time.monotonic() + 10
    while "13.2.0" not in (found := flux("get helmreleases -n my-app")).out:
        assert time.monotonic() < deadline, found
        time.sleep(0.02)
    bucket = flux("get sources bucket -A")
    assert """failed to get secret 'my-app/bucket-credentials': secrets "bucket-credentials" not found""" in bucket.out
    assert "no 'nginx' chart with version matching '13.2.0' found" in found.out
    cluster = connect(Settings(kubeconfig=str(seed.kubeconfig)), MINE)
    cluster.patch(named("HelmRelease").resource, "my-app", "my-app", {"spec": {"chart": {"spec": {"version": "13.2.10"}}}})
    done = flux("reconcile helmrelease my-app -n my-app --with-source")
    assert (done.code, done.err.splitlines()[-1]) == (0, "✔ applied revision 13.2.10")
    assert (
        "Helm install succeeded for release my-app/my-app.v1 with chart nginx@13.2.10" in flux("get helmreleases -n my-app").out
    )


def test_status_counts_and_load_adds(seed: Started, tmp_path: pathlib.Path) -> None:
    (tmp_path / "more.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": [config("a"), git("mine")]}))
    before = json.loads(seed.flux("sandbox status -o json").out)
    assert (before["kind"], before["version"], before["objects"]["helmreleases.helm.toolkit.fluxcd.io"]) == (
        "SandboxStatus",
        "v1.36.3",
        1,
    )
    assert seed.flux(f"sandbox load {tmp_path / 'more.json'}") == (0, "", "✔ 2 objects loaded\n")
    after = json.loads(seed.flux("sandbox status -o json").out)
    assert (
        after["objects"]["gitrepositories.source.toolkit.fluxcd.io"]
        == before["objects"]["gitrepositories.source.toolkit.fluxcd.io"] + 1
    )
    assert f"{1:6} helmreleases.helm.toolkit.fluxcd.io\n" in seed.flux("sandbox status").out


def test_what_is_refused_is_named(seed: Started, tmp_path: pathlib.Path) -> None:
    (tmp_path / "bad.json").write_text(json.dumps(config("a", "nowhere")))
    found = seed.flux(f"sandbox load {tmp_path / 'bad.json'}")
    assert found == (
        1,
        "",
        '⚠️ not loaded: ConfigMap/nowhere/a: namespaces "nowhere" not found\n✔ 0 objects loaded\n✗ 1 of 1 objects were not loaded\n',
    )


def test_metadata_of_a_wrong_type_is_refused_in_the_words_of_the_server(seed: Started, tmp_path: pathlib.Path) -> None:
    wrong = git("a", "my-app") | {"metadata": {"name": "a", "namespace": "my-app", "labels": 3}}
    (tmp_path / "bad.json").write_text(json.dumps(wrong))
    found = seed.flux(f"sandbox load {tmp_path / 'bad.json'}")
    why = (
        'GitRepository in version "v1" cannot be handled as a GitRepository: '
        "json: cannot unmarshal number into Go struct field ObjectMeta.labels of type map[string]string"
    )
    refused = f"⚠️ not loaded: GitRepository/my-app/a: {why}\n"
    assert found == (1, "", f"{refused}✔ 0 objects loaded\n✗ 1 of 1 objects were not loaded\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--scenario none", "✗ no scenario named none\nKnown are seed; a path works as well.\n"),
        ("--logs /no/such/folder", "✗ --logs: /no/such/folder is not a folder\n"),
        ("--write-kubeconfig /", "✗ cannot write /: is a directory\n"),
        ("--write-kubeconfig /dev/null/kubeconfig", "✗ cannot write /dev/null/kubeconfig: /dev/null is not a directory\n"),
        ("--load /no/such/file", "✗ cannot read /no/such/file: no such file or directory\n"),
    ],
)
def test_what_cannot_be_started(flux: Flux, arguments: str, said: str) -> None:
    assert flux(f"sandbox start {arguments}") == (1, "", said)


def test_another_cluster_is_no_sandbox(flux: Flux) -> None:
    found = flux("sandbox status --server http://127.0.0.1:1")
    assert found.code == 1
    assert found.out == ""


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_is_none(flux: Flux, port: int) -> None:
    words = f"--port must be between 0 (any that is free) and 65535, not {port}"
    assert flux(f"sandbox start --port {port}") == (1, "", f"✗ {words}\n")


def test_a_scenario_of_ones_own(flux: Flux, tmp_path: pathlib.Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "kind: Scenario\nobjects:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: x}\n  fault: no-such-fault\n"
    )
    found = flux(f"sandbox start --scenario {own}")
    assert found.err.startswith(f"✗ {own}: no fault named no-such-fault\nKnown are ")
    own.write_text(own.read_text().replace("no-such-fault", "workload-crashing"))
    assert flux(f"sandbox start --scenario {own}").err == (
        f"✗ {own}: ConfigMap cannot have the fault workload-crashing\nDeployment can.\n"
    )
    own.write_text("kind: ConfigMap\n")
    assert flux(f"sandbox start --scenario {own}").err == f"✗ {own} is not a scenario: its kind must be Scenario\n"


def test_controllers_on_a_cluster_that_is_there_already(tmp_path: pathlib.Path) -> None:
    """They reach it over the network, and have no deadline."""
    started = Started(tmp_path)
    command = [sys.executable, "-m", "flux_cli", "sandbox", "run-controllers", "--kubeconfig", str(started.kubeconfig)]
    stands = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=MINE)
    try:
        assert stands.stderr
        assert stands.stderr.readline() == "✔ controllers run\n"
        made = started.flux("create source git fleet --url https://git.example.com/fleet --branch main --timeout 20s")
        assert (made.code, made.err.splitlines()[-2]) == (0, "✔ GitRepository source reconciliation completed")
        deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: flux-system}\n"
        (tmp_path / "web.yaml").write_text(
            deployment + "spec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n"
            "    spec: {containers: [{name: web, image: web}]}\n"
        )
        assert started.flux(f"sandbox load {tmp_path / 'web.yaml'}").code == 0
        deadline = time.monotonic() + 10
        cluster = connect(Settings(kubeconfig=str(started.kubeconfig)), MINE)
        while not cluster.get(DEPLOYMENT, "flux-system", "web").get("status", {}).get("availableReplicas"):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        stands.send_signal(signal.SIGINT)
        _, said = stands.communicate(timeout=20)
        assert (stands.returncode, said) == (0, "")
    finally:
        stands.kill()
        started.stop()
