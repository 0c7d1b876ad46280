"""``flux delete``: one with its question, several, and what is in the way."""

from typing import Any

import pytest

from flux_cli.core.objects import name_of
from flux_cli.kinds import named
from flux_cli.services.bulk import dependencies_first, dependents_first
from tests.writes.conftest import Cluster

PATH = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/live/kustomizations"


def kustomization(name: str, *needs: str, **labels: str) -> dict[str, Any]:
    spec = {
        "interval": "1m",
        "prune": True,
        "sourceRef": {"kind": "GitRepository", "name": "x"},
        "dependsOn": [{"name": n} for n in needs],
    }
    meta = {"name": name, "namespace": "live", "labels": labels}
    return {"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": meta, "spec": spec}


@pytest.fixture
def filled(bare: Cluster) -> Cluster:
    for obj in (
        kustomization("apps", "infra", team="a"),
        kustomization("infra", "crds"),
        kustomization("crds"),
        kustomization("other", team="a"),
    ):
        bare.kube.create(named("Kustomization").resource, "live", obj)
    bare.wire.writes.clear()
    return bare


def left(cluster: Cluster) -> list[str]:
    return [name_of(obj) for obj in cluster.kube.list(named("Kustomization").resource, "live").items]


def test_one_without_asking(filled: Cluster) -> None:
    assert filled.flux("delete ks other -n live -s") == (
        0,
        "",
        "► deleting kustomization other in live namespace\n✔ kustomization deleted\n",
    )
    (write,) = filled.wire.writes
    assert write == (
        "DELETE",
        f"{PATH}/other",
        "application/json",
        {"kind": "DeleteOptions", "apiVersion": "kustomize.toolkit.fluxcd.io/v1"},
    )
    assert left(filled) == ["apps", "crds", "infra"]


@pytest.mark.parametrize("answer", ["y\n", "Y\n"])
def test_yes(filled: Cluster, answer: str) -> None:
    done = filled.flux("delete ks other -n live", stdin=answer)
    assert done.code == 0
    assert done.out == "? Are you sure you want to delete this kustomization? [y/N] \n"
    assert "other" not in left(filled)


@pytest.mark.parametrize("answer", ["n\n", "\n", "yes\n", "y", ""])
def test_anything_else_is_no(filled: Cluster, answer: str) -> None:
    done = filled.flux("delete ks other -n live", stdin=answer)
    assert (done.code, done.err) == (1, "✗ aborting\n")
    assert filled.wire.writes == []


def test_a_missing_one_fails_before_the_question(filled: Cluster) -> None:
    message = '✗ kustomizations.kustomize.toolkit.fluxcd.io "nope" not found\n'
    assert filled.flux("delete ks nope -n live", stdin="y\n") == (1, "", message)
    assert filled.flux("delete ks") == (1, "", "✗ kustomization name is required\n")
    assert filled.flux("delete source git") == (1, "", "✗ source git name is required\n")


def test_several_go_in_the_order_of_their_dependencies(filled: Cluster) -> None:
    done = filled.flux("delete ks crds infra apps nope -n live", stdin="y\n")
    assert done.code == 1
    assert done.out == "? Are you sure you want to delete 3 objects of kustomization (crds, infra, apps)? [y/N] \n"
    assert done.err.splitlines()[0] == '✗ kustomizations.kustomize.toolkit.fluxcd.io "nope" not found'
    assert [write.path.rpartition("/")[2] for write in filled.wire.writes] == ["apps", "infra", "crds"]
    assert left(filled) == ["other"]


def test_by_label_and_all(filled: Cluster) -> None:
    assert filled.flux("delete ks -l team=a -n live -s").code == 0
    assert left(filled) == ["crds", "infra"]
    assert filled.flux("delete ks --all -n live --dry-run=server").err.count("✔ kustomization deleted (server dry run)") == 2
    assert left(filled) == ["crds", "infra"]
    assert filled.flux("delete ks --all -n live -s").code == 0
    assert filled.flux("delete ks --all -n live -s") == (1, "", "✗ no objects found in live namespace\n")


def test_one_failure_does_not_stop_the_rest(filled: Cluster) -> None:
    filled.wire.cut = 1
    done = filled.flux("delete ks -l team=a -n live -s")
    assert done.code == 1
    assert done.err.count("✗ ") == 1
    assert done.err.count("✔ kustomization deleted") == 1
    assert len(left(filled)) == 3


def test_a_circle_goes_together() -> None:
    circle = [kustomization("a", "b"), kustomization("b", "a"), kustomization("c", "a")]
    assert [[name_of(obj) for obj in group] for group in dependents_first(circle)] == [["c"], ["a", "b"]]
    assert [[name_of(obj) for obj in group] for group in dependencies_first(circle)] == [["a", "b", "c"]]
