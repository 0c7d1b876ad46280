"""Rules that the reading commands share: what is looked at first, what ends a command, and in whose words."""

import pathlib
from collections.abc import Iterator

import pytest
from front_door import Flux
from reads.stage import Cluster, condition, made

from flux_cli.core.api import Request

FLUX = {"app.kubernetes.io/part-of": "flux"}
KINDS = (("all", 14), ("sources all", 6), ("images all", 3))
NO_OPERATOR = '✗ unable to parse label selector: "!=" is not a valid label selector operator\n'
EXPIRED = "client rate limiter Wait returned an error: context deadline exceeded\n"


@pytest.fixture
def cluster(tmp_path: pathlib.Path) -> Iterator[Cluster]:
    made = Cluster(str(tmp_path))
    yield made
    made.sandbox.close()


@pytest.mark.parametrize(("kinds", "count"), KINDS)
def test_many_kinds_tell_a_bad_selector_once_a_kind_and_end_well(cluster: Cluster, kinds: str, count: int) -> None:
    assert cluster.flux(f"get {kinds} -l a!=b") == (0, "", NO_OPERATOR * count)


def test_one_kind_ends_with_a_bad_selector(cluster: Cluster) -> None:
    assert cluster.flux("get ks -l a!=b") == (1, "", NO_OPERATOR)


@pytest.mark.parametrize(("kinds", "count"), KINDS)
def test_many_kinds_tell_once_a_kind_that_there_is_no_way_to_a_cluster(tmp_path: pathlib.Path, kinds: str, count: int) -> None:
    assert Flux(str(tmp_path))(f"get {kinds} --context nope") == (0, "", '✗ context "nope" does not exist\n' * count)


def test_a_script_learns_that_there_is_no_way_to_a_cluster(tmp_path: pathlib.Path) -> None:
    assert Flux(str(tmp_path))("get all -o json --context nope") == (1, "", '✗ context "nope" does not exist\n')


def test_the_way_to_the_cluster_comes_before_the_selector(tmp_path: pathlib.Path) -> None:
    assert Flux(str(tmp_path))("get ks --context nope -l a!=b") == (1, "", '✗ context "nope" does not exist\n')


def test_watching_many_kinds_is_refused_before_all_else(tmp_path: pathlib.Path) -> None:
    got = Flux(str(tmp_path))("get all --context nope -w -l a!=b")
    assert got == (1, "", "✗ expected a single resource type, but found all\n")


@pytest.mark.parametrize("timeout", ["0", "0s", "-1s", "1ns"])
def test_no_time_at_all(cluster: Cluster, timeout: str) -> None:
    assert cluster.flux(f"get ks --timeout {timeout}") == (1, "", f"✗ {EXPIRED}")
    assert cluster.flux(f"get images all --timeout {timeout}") == (0, "", f"✗ {EXPIRED}" * 3)
    assert cluster.flux(f"events --timeout {timeout}") == (1, "", f"✗ error getting events: {EXPIRED}")
    assert cluster.wire.sent == []


@pytest.mark.parametrize(("since", "seconds"), [("-1h", "-3600"), ("1500ms", "2"), ("100ms", "0"), ("-1500ms", "-2")])
def test_a_window_is_rounded_away_from_zero(cluster: Cluster, since: str, seconds: str) -> None:
    template = {"metadata": {"labels": FLUX}, "spec": {"containers": [{"name": "manager", "image": "x"}]}}
    status = {"phase": "Running", "conditions": [condition("True")]}
    cluster.keep(
        made("Deployment", "one", api_version="apps/v1", metadata={"labels": FLUX}, spec={"template": template}),
        made("Pod", "one", metadata={"labels": FLUX}, spec={"nodeName": "n", "containers": [{"name": "manager"}]}, status=status),
    )
    asked: list[Request] = []
    cluster.wire.before = asked.append
    cluster.flux(f"logs --since {since}")
    assert dict(asked[-1].query)["sinceSeconds"] == seconds


@pytest.mark.parametrize(
    ("name", "wrong"), [("a/status", "may not contain '/'"), ("a%b", "may not contain '%'"), ("..", "may not be '..'")]
)
@pytest.mark.parametrize("line", ["export ks", "delete -s ks", "reconcile ks", "tree ks", "debug ks --show-status"])
def test_a_name_is_one_segment_of_a_path(cluster: Cluster, line: str, name: str, wrong: str) -> None:
    cluster.keep(made("Kustomization", "a"))
    assert cluster.flux(f"{line} {name}") == (1, "", f'✗ invalid resource name "{name}": [{wrong}]\n')
    assert cluster.wire.writes() == []


NO_NAME = "✗ resource name may not be empty\n"


@pytest.mark.parametrize(
    "line", ["export ks", "delete -s ks", "reconcile ks", "tree ks", "tree artifact generator", "debug ks --show-status"]
)
def test_an_empty_name_is_a_name_that_nothing_can_have(cluster: Cluster, line: str) -> None:
    cluster.keep(made("Kustomization", "a"))
    assert cluster.flux(line, "") == (1, "", NO_NAME)
    assert cluster.wire.sent == []


def test_an_empty_name_is_looked_for(cluster: Cluster) -> None:
    cluster.keep(made("Kustomization", "a"))
    assert cluster.flux("get ks", "") == (1, "", "✗ Kustomization object '' not found in \"flux-system\" namespace\n")
    assert cluster.flux("suspend ks", "") == (0, "", "✗ Kustomization  not found in flux-system namespace\n")
    assert cluster.flux("trace deploy", "") == (1, "", "✗ x: resource name may not be empty\n")


@pytest.mark.parametrize("name", ["a=b", "a,b", "a\\b", "a\\"])
def test_characters_of_selectors_in_names_are_meant_as_they_are(cluster: Cluster, name: str) -> None:
    cluster.keep(made("Kustomization", "a"))
    assert cluster.flux("get ks", name) == (1, "", f"✗ Kustomization object '{name}' not found in \"flux-system\" namespace\n")
    assert cluster.flux("suspend ks", name) == (0, "", f"✗ Kustomization {name} not found in flux-system namespace\n")
    assert cluster.flux("events --for", f"Provider/{name}") == (0, "", "✗ No events found in flux-system namespace.\n")


@pytest.mark.parametrize("rest", ["", "a", "A/b", "host.example/"])
def test_what_is_no_repository(tmp_path: pathlib.Path, rest: str) -> None:
    got = Flux(str(tmp_path))("list artifacts", f"oci://{rest}")
    assert got == (1, "", f"✗ 'oci://{rest}' invalid URL: could not parse reference: {rest}\n")
