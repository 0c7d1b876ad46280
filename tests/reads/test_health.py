"""``flux stats``, ``version`` and ``check``: whole outputs."""

import json
import threading
from typing import Any

import pytest
import yaml
from front_door import Flux
from reads.stage import Cluster, condition, in_state, made

from flux_cli import __version__
from flux_cli.core.api import DEPLOYMENT, Request

FLUX = {"app.kubernetes.io/part-of": "flux", "app.kubernetes.io/version": "v2.9.4"}
ALL = {"replicas": 1, "updatedReplicas": 1, "readyReplicas": 1, "availableReplicas": 1, "observedGeneration": 1}
AVAILABLE = [condition("True", "", "Available"), condition("True", "", "Progressing") | {"reason": "NewReplicaSetAvailable"}]


def controller(name: str, tag: str, **status: Any) -> dict[str, Any]:
    containers = [{"name": "manager", "image": f"ghcr.io/fluxcd/{name}{tag}"}]
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": containers}}
    spec = {"replicas": 1, "selector": {"matchLabels": {"app": name}}, "template": template}
    state = ALL | {"conditions": AVAILABLE} | status
    return made("Deployment", name, api_version="apps/v1", metadata={"labels": FLUX}, spec=spec, status=state)


def definition(name: str, *stored: str, kind: str = "GitRepository", served: tuple[str, ...] = ("v1",)) -> dict[str, Any]:
    group = name.partition(".")[2]
    spec = {
        "group": group,
        "names": {"plural": name.partition(".")[0], "kind": kind},
        "scope": "Namespaced",
        "versions": [{"name": version, "served": True, "storage": version == served[-1]} for version in served],
    }
    crd = made("CustomResourceDefinition", name, api_version="apiextensions.k8s.io/v1", metadata={"labels": FLUX}, spec=spec)
    del crd["metadata"]["namespace"]
    return crd | {"status": {"storedVersions": list(stored)}}


@pytest.fixture
def installed(cluster: Cluster) -> Cluster:
    cluster.keep(
        controller("helm-controller", ":v1.6.3"),
        controller("source-controller", ":v1.9.4@sha256:" + "0" * 64),
        definition("gitrepositories.source.toolkit.fluxcd.io", "v1beta2", "v1"),
    )
    return cluster


FOUND = "► checking version in cluster\n✔ distribution: flux-v2.9.4\n✔ bootstrapped: false\n► checking controllers\n"
HELM = "✔ helm-controller: deployment ready\n► ghcr.io/fluxcd/helm-controller:v1.6.3\n"
SOURCE = f"source-controller: deployment ready\n► ghcr.io/fluxcd/source-controller:v1.9.4@sha256:{'0' * 64}\n"
CRDS = "► checking crds\n✔ gitrepositories.source.toolkit.fluxcd.io/v1\n"


def served(cluster: Cluster) -> str:
    """The first lines, with the version that this cluster says it is."""
    version = cluster.kube.raw("/version")["gitVersion"].removeprefix("v")
    return f"► checking prerequisites\n✔ Kubernetes {version} >=1.33.0-0\n"


def test_check(installed: Cluster) -> None:
    got = installed.flux("check")
    assert (got.code, got.out) == (0, "")
    assert got.err == served(installed) + FOUND + HELM + "✔ " + SOURCE + CRDS + "✔ all checks passed\n"
    got = installed.flux("check --pre")
    assert got == (0, "", served(installed) + "✔ prerequisites checks passed\n")


def test_check_waits_for_a_controller(installed: Cluster) -> None:
    installed.keep(controller("source-controller", ":v1.9.4@sha256:" + "0" * 64, readyReplicas=0))

    def look(request: Request) -> None:
        if ("watch", "true") in request.query:
            installed.wire.before = lambda request: None
            change = {"status": {"readyReplicas": 1}}
            patch = threading.Timer(
                0.05, lambda: installed.kube.patch(DEPLOYMENT, "flux-system", "source-controller", change, subresource="status")
            )
            patch.start()

    installed.wire.before = look
    assert installed.flux("check --timeout 10s").err.endswith("✔ " + SOURCE + CRDS + "✔ all checks passed\n")


def test_check_finds_what_is_wrong(installed: Cluster) -> None:
    installed.keep(
        controller("source-controller", ":v1.9.4@sha256:" + "0" * 64, readyReplicas=0),
        definition("buckets.source.toolkit.fluxcd.io"),
    )
    got = installed.flux("check --timeout 200ms", tty=True)
    assert (got.code, got.err) == (
        1,
        served(installed) + FOUND + HELM
        + "✗ " + SOURCE.replace("ready\n", "not ready\nDeployment/flux-system/source-controller: Ready: 0/1\n", 1)
        + "► checking crds\n✗ no stored versions for buckets.source.toolkit.fluxcd.io\n"
        + "✔ gitrepositories.source.toolkit.fluxcd.io/v1\n✗ check failed\n",
    )  # fmt: skip


def test_check_where_nothing_is_installed(cluster: Cluster) -> None:
    got = cluster.flux("check -n apps")
    assert got.code == 1
    assert "✗ no controllers found in the 'apps' namespace with the label selector 'app.kubernetes.io/part-of=flux'\n" in got.err
    assert got.err.endswith("✗ check failed\n")


def test_a_person_is_told_what_check_could_not_read(installed: Cluster) -> None:
    """Lists that are refused count as well in the Go CLI, so that a pipe holds its lines and no more."""
    installed.fault(path="/apis/apps/v1/namespaces/flux-system/deployments", status=403)
    got = installed.flux("check")
    assert (
        got.code,
        got.err.endswith(
            "► checking controllers\n► checking crds\n✔ gitrepositories.source.toolkit.fluxcd.io/v1\n✔ all checks passed\n"
        ),
    ) == (0, True)
    told = installed.flux("check", tty=True).err
    assert "► checking controllers\ndeployments could not be read: " in told


def test_an_older_cluster_is_read_and_check_says_so(cluster: Cluster) -> None:
    """No v2 of HelmRelease, no version of Alert that anybody here knows, and a kind that is not ours."""
    cluster.keep(
        controller("helm-controller", ":v0.37.0"),
        definition("alerts.notification.toolkit.fluxcd.io", "v9", kind="Alert", served=("v9",)),
        definition("gitrepositories.source.toolkit.fluxcd.io", "v1"),
        definition("helmreleases.helm.toolkit.fluxcd.io", "v2beta2", kind="HelmRelease", served=("v2beta1", "v2beta2")),
        definition("widgets.example.com", "v1beta1", kind="Widget", served=("v1beta1",)),
    )
    cluster.keep(in_state("HelmRelease", "web", "True", "installed", api_version="helm.toolkit.fluxcd.io/v2beta2"))
    assert cluster.flux("get hr --no-header").out == "web\t\tFalse\tTrue\tinstalled\t\n"
    got = cluster.flux("check")
    assert (got.code, got.out) == (0, "")
    assert got.err.partition("► checking crds\n")[2] == (
        "✔ alerts.notification.toolkit.fluxcd.io/v9\n"
        "⚠️ alerts.notification.toolkit.fluxcd.io: cannot be read, none of v1beta3, v1beta2, v1beta1 is served\n"
        "✔ gitrepositories.source.toolkit.fluxcd.io/v1\n"
        "✔ helmreleases.helm.toolkit.fluxcd.io/v2beta2\n"
        "⚠️ helmreleases.helm.toolkit.fluxcd.io: v2 is not served, v2beta2 is read instead\n"
        "✔ widgets.example.com/v1beta1\n"
        "✔ all checks passed\n"
    )
    found = [check for check in json.loads(cluster.flux("check -o json").out)["checks"] if check["group"] == "skew"]
    assert [check["subject"].partition(".")[0] for check in found] == ["alerts", "helmreleases"]


def test_check_as_a_document(installed: Cluster) -> None:
    got = installed.flux("check -o json")
    value = json.loads(got.out)
    assert (got.code, got.err) == (0, "")
    assert (value["apiVersion"], value["kind"], value["healthy"]) == ("output.flux-cli.dev/v1", "CheckReport", True)
    assert [(c["group"], c["subject"], c["ok"]) for c in value["checks"]] == [
        ("prerequisites", "kubernetes", True),
        ("version", "distribution", True),
        ("version", "bootstrapped", True),
        ("controllers", "helm-controller", True),
        ("controllers", "source-controller", True),
        ("crds", "gitrepositories.source.toolkit.fluxcd.io", True),
    ]
    assert yaml.safe_load(installed.flux("check -o yaml").out) == value


def test_check_without_a_way_to_a_cluster(flux: Flux, tmp_path: object) -> None:
    got = flux("check --kubeconfig", f"{tmp_path}/nope")
    start = "✗ Kubernetes client initialization failed: kubernetes configuration load failed: stat "
    assert (got.code, got.err.startswith(start)) == (1, True)


def test_version(installed: Cluster) -> None:
    lines = installed.flux("version").out.splitlines()
    assert [line for line in lines if not line.startswith("cluster:")] == [
        f"flux: v{__version__}",
        "distribution: flux-v2.9.4",
        "helm-controller: v1.6.3",
        f"source-controller: v1.9.4@sha256:{'0' * 64}",
    ]
    value = json.loads(installed.flux("version -o json").out)
    assert list(value) == sorted(value)
    assert installed.flux("version --client") == (0, f"flux: v{__version__}\n", "")
    assert installed.flux("version --client -o json").out == f'{{\n  "flux": "v{__version__}"\n}}\n'


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("version -n apps", "no deployments found in apps namespace"),
        ("version -o xml", "--output must be json or yaml, not xml"),
        ("stats -o xml", "--output must be json or yaml, not xml"),
        ("stats more", 'unknown command "more" for "flux stats"'),
    ],
)
def test_refusals(installed: Cluster, line: str, message: str) -> None:
    assert installed.flux(line) == (1, "", f"✗ {message}\n")


def test_an_image_without_a_tag(installed: Cluster) -> None:
    installed.keep(controller("helm-controller", ""))
    assert installed.flux("version").err == "✗ missing image tag in image ghcr.io/fluxcd/helm-controller\n"


@pytest.fixture
def counted(cluster: Cluster) -> Cluster:
    cluster.keep(
        in_state("GitRepository", "a", "True", "", also={"artifact": {"size": 1000}}),
        in_state("GitRepository", "b", "False", "", spec={"suspend": True}, also={"artifact": {"size": 536}}),
        in_state("Bucket", "c", "Unknown", "", "apps", also={"artifact": {"size": "many"}}),
        made("Alert", "d", "apps"),
    )
    return cluster


def test_stats(counted: Cluster) -> None:
    lines = counted.flux("stats -A").out.splitlines()
    assert lines[0] == "RECONCILERS          \tRUNNING\tFAILING\tSUSPENDED\tSTORAGE "
    assert lines[1] == "GitRepository        \t1      \t1      \t1        \t1.5 KiB\t"
    assert lines[5] == "Bucket               \t1      \t0      \t0        \t-      \t"
    assert lines[8] == "Alert                \t1      \t0      \t0        \t-      \t"
    assert len(lines) == 14


def test_stats_where_nothing_may_be_read(counted: Cluster) -> None:
    counted.viewer()
    got = counted.flux("stats -n apps")
    assert (got.code, got.err) == (0, "")
    assert all(line.split("\t")[1].strip() == "0" for line in got.out.splitlines()[1:])
    notes = counted.flux("stats -n apps", tty=True).err.splitlines()
    assert len(notes) == 13
    assert notes[0].startswith('GitRepository not counted: gitrepositories.source.toolkit.fluxcd.io is forbidden: User "viewer"')


def test_stats_as_a_document(counted: Cluster) -> None:
    value = json.loads(counted.flux("stats -A -o json").out)
    assert (value["apiVersion"], value["kind"]) == ("output.flux-cli.dev/v1", "Stats")
    assert value["items"][0] == {"kind": "GitRepository", "running": 1, "failing": 1, "suspended": 1, "storageBytes": 1536}
    assert yaml.safe_load(counted.flux("stats -A -o yaml").out) == value
