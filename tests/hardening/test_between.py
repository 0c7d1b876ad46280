"""Reads behind a line that does harm, on the embedded cluster over the wire and on a real API server: what could be read is
printed, what could not is told in a line, and what passes is not noticed."""

import contextlib
import io
import json
import pathlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import yaml
from front_door import Flux, Result
from hardening.between import Between, Cut, Harm
from kube.loopback import answer, failure, kubeconfig
from real_cluster import RealCluster

from flux_cli.core.api import CRD, NAMESPACE, Resource
from flux_cli.core.app import App, Settings, Streams
from flux_cli.core.errors import Conflict, NotFound
from flux_cli.kinds import named
from flux_cli.kube.client import KubeClient
from flux_cli.main import SystemClock, connect, main
from flux_cli.sandbox.running import Running

KS, HR, GIT = (named(kind).resource for kind in ("Kustomization", "HelmRelease", "GitRepository"))
FORBIDDEN = 'helmreleases.helm.toolkit.fluxcd.io is forbidden: User "dev" cannot list resource "helmreleases"'
TOO_MANY = "the server has received too many requests and has asked us to try again later"
STORM = failure(TOO_MANY, 429, "TooManyRequests").replace(b"\r\n", b"\r\nRetry-After: 0\r\n", 1)


class Side(NamedTuple):
    """A cluster behind ``line``; ``kube`` goes straight to it."""

    flux: Flux
    line: Between
    kube: KubeClient


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = Running()
    yield server.publish(str(tmp_path_factory.mktemp("between") / "kubeconfig"))
    server.stop()


@pytest.fixture(params=["embedded", pytest.param("real", marks=pytest.mark.real)])
def side(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Iterator[Side]:
    if request.param == "real":
        cluster: RealCluster = request.getfixturevalue("real_cluster")
        defined = [r for r in (KS, HR, GIT) if cluster.call("GET", CRD.path("", r.name))[0] == 404]
        cluster.load([definition(resource) for resource in defined])
        past = str(cluster.kubeconfig)
    else:
        past = request.getfixturevalue("embedded")
    config = yaml.safe_load(pathlib.Path(past).read_text())
    admin = next(user["user"]["token"] for user in config["users"] if user["name"] == "admin")
    line = Between(config["clusters"][0]["cluster"]["server"], admin)
    straight = Flux(str(tmp_path), KUBECONFIG=past)
    kube = filled(straight)
    yield Side(Flux(str(tmp_path), KUBECONFIG=kubeconfig(tmp_path, line.server)), line, kube)
    line.close()


def definition(resource: Resource) -> dict[str, Any]:
    """A definition that takes any object."""
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    version = {"name": resource.version, "served": True, "storage": True, "schema": schema, "subresources": {"status": {}}}
    names = {"kind": resource.kind, "plural": resource.plural, "singular": resource.kind.lower()}
    spec = {"group": resource.group, "scope": "Namespaced", "names": names, "versions": [version]}
    return {"apiVersion": CRD.api_version, "kind": CRD.kind, "metadata": {"name": resource.name}, "spec": spec}


def filled(flux: Flux) -> KubeClient:
    """The cluster, with a Kustomization, a HelmRelease and a GitRepository in the namespace ``line``, as new."""
    kube = connect(Settings(), flux.environ)
    assert isinstance(kube, KubeClient)
    with contextlib.suppress(Conflict):
        kube.create(NAMESPACE, "", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "line"}})
    source = {"kind": "GitRepository", "name": "repo"}
    specs = {
        KS: {"interval": "1m", "prune": True, "sourceRef": source},
        HR: {"interval": "1m", "chartRef": {"kind": "OCIRepository", "name": "chart"}},
        GIT: {"interval": "1m", "url": "https://example.com/repo"},
    }
    for resource, spec in specs.items():
        for name in ("repo", "later"):
            with contextlib.suppress(NotFound):
                kube.delete(resource, "line", name)
        kube.create(resource, "line", {"apiVersion": resource.api_version, "kind": resource.kind, "spec": spec,
                                       "metadata": {"name": "repo", "namespace": "line"}})  # fmt: skip
    return kube


WAITING = "\tFalse\tFalse\twaiting to be reconciled\t\n"
GIT_ROW, HR_ROW, KS_ROW = (f"{kind}/repo\t{WAITING}\n" for kind in ("gitrepository", "helmrelease", "kustomization"))


def refusing(path: str, harm: Harm, times: int = -1) -> Any:
    """A rule that does this to requests for ``path``; to the first ``times`` of them, or to all."""
    left = [times]

    def rule(asked: str, _watch: bool) -> Harm:
        if path not in asked or not left[0]:
            return None
        left[0] -= 1
        return harm

    return rule


def test_a_kind_that_may_not_be_read(side: Side) -> None:
    side.line.rule = refusing("/helmreleases", failure(FORBIDDEN, 403, "Forbidden"))
    assert side.flux("get all -n line --no-header") == (0, GIT_ROW + KS_ROW, f"✗ {FORBIDDEN}\n")
    assert side.flux("get hr -n line") == (1, "", f"✗ {FORBIDDEN}\n")
    got = side.flux("export all -n line")
    assert (got.code, got.err) == (0, f"helmreleases could not be read: {FORBIDDEN}\n")
    assert [obj["kind"] for obj in yaml.safe_load_all(got.out) if obj] == ["GitRepository", "Kustomization"]
    counted = json.loads(side.flux("stats -n line -o json").out)["items"]
    assert {item["kind"]: item.get("unread") for item in counted if item["kind"] in (HR.kind, KS.kind)} == {
        HR.kind: FORBIDDEN,
        KS.kind: None,
    }


def test_a_part_of_a_tree_that_may_not_be_read(side: Side) -> None:
    """Helm's Secrets are what many may not read: the rest of the tree stands, and the exit code is the Go CLI's."""
    entries = [{"id": f"line_repo_{r.group}_{r.kind}", "v": r.version} for r in (HR, GIT)]
    state = {"inventory": {"entries": entries}}
    side.kube.patch(KS, "line", "repo", {"status": state}, subresource="status")
    latest = {"name": "repo", "namespace": "line", "version": 1, "chartName": "c", "chartVersion": "1", "configDigest": "d", "digest": "d",
              "firstDeployed": "2026-03-01T09:00:00Z", "lastDeployed": "2026-03-01T09:00:00Z", "status": "deployed"}  # fmt: skip
    side.kube.patch(HR, "line", "repo", {"status": {"storageNamespace": "line", "history": [latest]}}, subresource="status")
    tree = "Kustomization/line/repo\n├── HelmRelease/line/repo\n└── GitRepository/line/repo\n\n"
    assert side.flux("tree ks repo -n line") == (0, tree, "")
    refusal = 'secrets "sh.helm.release.v1.repo.v1" is forbidden: User "dev" cannot get resource "secrets"'
    side.line.rule = refusing("/secrets/", failure(refusal, 403, "Forbidden"))
    wanted = f"✗ failed to find the Helm storage object for HelmRelease 'line/repo': {refusal}\n"
    assert side.flux("tree ks repo -n line") == (1, tree, wanted)


def test_a_kind_that_is_not_served(side: Side) -> None:
    """The real server has no definition of HelmCharts at all; on the embedded one the line says so."""
    missing = answer("404 page not found", 404)
    side.line.rule = refusing("/helmcharts", missing)
    assert side.flux("get sources all -n line --no-header") == (0, GIT_ROW, "")
    got = side.flux("get sources chart -n line")
    assert (got.code, got.out, got.err.count("\n")) == (1, "", 1)
    assert got.err.startswith('✗ no matches for kind "HelmChart" in version "source.toolkit.fluxcd.io/v1"')
    assert side.flux("export all -n line").err == ""


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_an_answer_that_is_cut_short(side: Side, share: float) -> None:
    side.line.rule = refusing("/helmreleases", Cut(share))
    for line, rows in (("get hr -n line --timeout 5s", ""), ("get all -n line --no-header --timeout 5s", GIT_ROW + KS_ROW)):
        got = side.flux(line)
        assert (got.code, got.out) == (0 if rows else 1, rows)
        assert got.err.startswith("✗ ")
        assert "internal error" not in got.err


def test_a_storm_of_429_that_passes_is_not_noticed(side: Side) -> None:
    wanted = side.flux("get all -n line")
    side.line.rule = refusing("", STORM, times=12)
    assert side.flux("get all -n line") == wanted
    assert len([asked for asked in side.line.asked if "/helmreleases" in asked.target]) >= 2


def test_a_storm_of_429_that_lasts_is_one_line_a_kind(side: Side) -> None:
    side.line.rule = refusing("/line/", STORM)
    got = side.flux("get ks -n line --timeout 20s")
    assert (got.code, got.out, got.err.count("\n")) == (1, "", 1)
    assert TOO_MANY in got.err


class Until(io.StringIO):
    """Somebody who has seen enough after so many lines, and presses Ctrl-C."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._lines = lines

    def flush(self) -> None:
        if self.getvalue().count("\n") >= self._lines:
            raise KeyboardInterrupt


def followed(side: Side, line: str, lines: int) -> Result:
    out, err = Until(lines), io.StringIO()
    app = App(Streams(io.StringIO(), out, err), SystemClock(), side.flux.environ, connect)
    with pytest.raises(KeyboardInterrupt):  # once more when what is left is flushed
        main(line.split(), app)
    return Result(130, out.getvalue(), err.getvalue())


EXPIRED = {"kind": "Status", "apiVersion": "v1", "message": "too old resource version: 1 (2)", "reason": "Expired", "code": 410}
HARMS = {
    "cut": Cut(0),
    "too old": answer(json.dumps({"type": "ERROR", "object": EXPIRED}).encode() + b"\n"),
    "refused": failure("down", 503, "ServiceUnavailable"),
}


@pytest.mark.parametrize("name", HARMS)
def test_following_outlives_what_happens_to_a_watch(side: Side, name: str) -> None:
    """Each of the first three watches is met with it; meanwhile an object appears."""
    left = [3]

    def rule(_path: str, watch: bool) -> Harm:
        if not watch or not left[0]:
            return None
        left[0] -= 1
        if left[0] == 1:
            made = {"apiVersion": KS.api_version, "kind": KS.kind, "metadata": {"name": "later", "namespace": "line"},
                    "spec": {"interval": "1m", "prune": True, "sourceRef": {"kind": "GitRepository", "name": "repo"}}}  # fmt: skip
            side.kube.create(KS, "line", made)
        return HARMS[name]

    side.line.rule = rule
    got = followed(side, "get ks --follow -n line -o json", 2)
    events = [json.loads(line) for line in got.out.splitlines()]
    assert [(event["type"], event["object"]["metadata"]["name"]) for event in events] == [("ADDED", "repo"), ("ADDED", "later")]
    assert got.err == ""
