"""Objects, servers and rights that are not as they should be: one clear line each, and reads go on where they can."""

import pathlib
from typing import Any

import pytest
from front_door import Flux
from reads.stage import Cluster, in_state, made

LISTED = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations"


@pytest.mark.parametrize(
    "status",
    [
        None, "text", 7, [], {"conditions": None}, {"conditions": "x"}, {"conditions": ["x", None, 3]},
        {"conditions": [{"type": "Ready"}]}, {"conditions": [{"type": "Ready", "status": ["x"], "message": {"a": 1}}]},
        {"lastAppliedRevision": {"a": 1}, "observedGeneration": "x"},
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "flags", ["", "-o wide --show-source", "-o json", "--status-selector ready=true", "--stale", "--sort-by ready"]
)
def test_any_status(cluster: Cluster, status: Any, flags: str) -> None:
    cluster.keep(made("Kustomization", "odd", status=status, spec="nothing"), made("Kustomization", "plain"))
    got = cluster.flux(f"get ks {flags}")
    assert (got.code, got.err) == (0, "")


@pytest.mark.parametrize("status", [None, "text", {"conditions": "x"}])
def test_any_status_in_writes_and_counts(cluster: Cluster, status: Any) -> None:
    cluster.keep(made("Kustomization", "odd", status=status))
    assert cluster.flux("reconcile ks odd --timeout 100ms").err.endswith(
        "✗ context deadline exceeded\nKustomization/flux-system/odd has no status yet: is its controller running?\n"
    )
    assert cluster.flux("resume ks odd --timeout 100ms").err.endswith("✗ reconciliation failed for 1 Kustomization(s)\n")
    assert cluster.flux("suspend ks odd").err.endswith("✔ kustomization suspended\n")
    assert cluster.flux("stats").code == 0


def test_names_and_messages_never_steer_the_terminal(cluster: Cluster) -> None:
    evil = "a\x1b]0;title\x07\x9b31m\u202ename\r"
    cluster.keep(in_state("Kustomization", evil, "True", f"{evil} applied"), in_state("GitRepository", evil, "False", evil))
    for line in (
        "get ks",
        "get all",
        "get ks -o json",
        "get ks -o yaml",
        "get ks -o csv",
        "get ks -o name",
        "get all -o markdown",
    ):
        got = cluster.flux(line)
        assert not any(char in got.out + got.err for char in "\x1b\x07\x9b\r"), line
    assert cluster.flux("get ks --no-header").out == "a]0;title31mname\t\tFalse\tTrue\ta]0;title31mname applied\t\n"
    assert "\x1b" not in cluster.flux("suspend ks", evil).err


def test_a_kind_that_is_not_served(cluster: Cluster) -> None:
    crds = "/apis/image.toolkit.fluxcd.io/"
    cluster.fault(path=crds, status=404)
    got = cluster.flux("get all -A")
    assert (got.code, got.out) == (0, "")


def test_kinds_that_may_not_be_read_are_told_and_passed_over(cluster: Cluster) -> None:
    cluster.viewer()
    got = cluster.flux("get sources all -n apps")
    assert (got.code, got.out) == (0, "")
    kinds = ("ocirepositories", "buckets", "gitrepositories", "helmrepositories", "helmcharts", "externalartifacts")
    assert got.err == "".join(
        f'✗ {kind}.source.toolkit.fluxcd.io is forbidden: User "viewer" cannot list resource "{kind}" '
        'in API group "source.toolkit.fluxcd.io" in the namespace "apps"\n'
        for kind in kinds
    )


@pytest.mark.parametrize(
    "line", ["get ks", "get all", "stats", "events", "logs", "version", "check", "reconcile ks a", "suspend ks --all"]
)
def test_a_server_that_cuts_the_line(cluster: Cluster, line: str) -> None:
    cluster.fault(cut=True)
    got = cluster.flux(f"{line} --timeout 3s")
    assert "internal error" not in got.err
    assert "Traceback" not in got.err
    if line not in ("get all", "stats"):
        assert got.code == 1
        assert got.err.count("✗") >= 1


@pytest.mark.parametrize("line", ["get ks", "events", "logs", "version", "reconcile ks a"])
def test_a_server_that_does_not_answer_in_time(cluster: Cluster, line: str) -> None:
    cluster.fault(delay=0.4)
    got = cluster.flux(f"{line} --timeout 200ms")
    assert got.code == 1
    assert "context deadline exceeded" in got.err


def test_html_instead_of_the_api(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    from flux_cli.sandbox.transport import SandboxResponse

    page = SandboxResponse(200, {"content-type": "text/html"}, b"<html><body>Log in</body></html>")
    monkeypatch.setattr(cluster.wire, "send", lambda *_args, **_more: page)
    for line in ("get ks", "get sources all", "reconcile ks a", "events", "version"):
        got = cluster.flux(line)
        assert "internal error" not in got.err
        assert "Kubernetes API" in got.err, line


def test_whole_lists_say_what_to_do_when_the_time_runs_out(cluster: Cluster) -> None:
    cluster.fault(delay=0.4)
    got = cluster.flux("troubleshoot --timeout 200ms")
    assert got.code == 1
    assert got.err == (
        "✗ client rate limiter Wait returned an error: context deadline exceeded\n"
        "The cluster did not answer everything in time: try a longer --timeout, or one namespace with -n\n"
    )


def test_files_that_cannot_be_read_are_told_once(flux: Flux, tmp_path: pathlib.Path) -> None:
    assert flux(f"get all -A --from {tmp_path}") == (1, "", f"✗ no .yaml, .yml or .json files in {tmp_path}\n")
