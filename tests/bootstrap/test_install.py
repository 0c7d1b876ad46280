"""``flux install`` on a cluster in memory; the manifests are a release's own."""

import pathlib
import re
from collections.abc import Iterator

import pytest
from bootstrap.conftest import Place
from bootstrap.stand_in import Controllers
from front_door import Skipping

from flux_cli.core.api import SECRET

READY = "".join(f"✔ {name}-controller: deployment ready\n" for name in ("helm", "kustomize", "notification", "source"))
FIRST = f"""✚ generating manifests
✔ manifests build completed
► installing components in flux-system namespace
◎ verifying installation
{READY}✔ install finished
"""
ORDER = """CustomResourceDefinition/alerts.notification.toolkit.fluxcd.io created
CustomResourceDefinition/buckets.source.toolkit.fluxcd.io created
CustomResourceDefinition/externalartifacts.source.toolkit.fluxcd.io created
CustomResourceDefinition/gitrepositories.source.toolkit.fluxcd.io created
CustomResourceDefinition/helmcharts.source.toolkit.fluxcd.io created
CustomResourceDefinition/helmreleases.helm.toolkit.fluxcd.io created
CustomResourceDefinition/helmrepositories.source.toolkit.fluxcd.io created
CustomResourceDefinition/kustomizations.kustomize.toolkit.fluxcd.io created
CustomResourceDefinition/ocirepositories.source.toolkit.fluxcd.io created
CustomResourceDefinition/providers.notification.toolkit.fluxcd.io created
CustomResourceDefinition/receivers.notification.toolkit.fluxcd.io created
Namespace/flux-system created
ClusterRole/crd-controller-flux-system created
ClusterRole/flux-edit-flux-system created
ClusterRole/flux-view-flux-system created
ClusterRoleBinding/cluster-reconciler-flux-system created
ClusterRoleBinding/crd-controller-flux-system created
ResourceQuota/flux-system/critical-pods-flux-system created
ServiceAccount/flux-system/helm-controller created
ServiceAccount/flux-system/kustomize-controller created
ServiceAccount/flux-system/notification-controller created
ServiceAccount/flux-system/source-controller created
Service/flux-system/notification-controller created
Service/flux-system/source-controller created
Service/flux-system/webhook-receiver created
Deployment/flux-system/helm-controller created
Deployment/flux-system/kustomize-controller created
Deployment/flux-system/notification-controller created
Deployment/flux-system/source-controller created
NetworkPolicy/flux-system/allow-egress created
NetworkPolicy/flux-system/allow-scraping created
NetworkPolicy/flux-system/allow-webhooks created

"""


@pytest.fixture
def manifests(whole_release: pathlib.Path) -> pathlib.Path:
    return whole_release


@pytest.fixture
def running(place: Place) -> Iterator[Controllers]:
    made = Controllers(place.watcher)
    yield made
    made.stop()


def test_from_nothing_and_again(place: Place, running: Controllers) -> None:
    assert place.flux("install") == (0, ORDER, FIRST)
    place.recorder.writes.clear()
    code, out, err = place.flux("install")
    assert (code, err) == (0, FIRST)
    assert out == ORDER.replace(" created", " unchanged")
    assert place.recorder.real() == []


def test_only_what_differs_is_written(place: Place, running: Controllers) -> None:
    place.flux("install")
    place.recorder.writes.clear()
    code, out, _ = place.flux("install --log-level debug --toleration-keys a")
    changed = [line for line in out.splitlines() if line.endswith("configured")]
    assert (code, changed) == (
        0, [f"Deployment/flux-system/{name}-controller configured" for name in ("helm", "kustomize", "notification", "source")])  # fmt: skip
    assert all("fieldManager=flux&force=true" in path for _, path, _ in place.recorder.writes)
    assert len(place.recorder.real()) == 4


def test_pull_secret(place: Place, running: Controllers) -> None:
    code, _, err = place.flux("install --registry r.example.com/f --image-pull-secret pull --registry-creds me:hunter2")
    assert code == 0
    assert "► generating image pull secret pull\n" in err
    assert "hunter2" not in err
    secret = place.cluster.get(SECRET, "flux-system", "pull")
    assert secret["type"] == "kubernetes.io/dockerconfigjson"


def test_controllers_that_do_not_start(place: Place, running: Controllers) -> None:
    running.broken = "helm-controller"
    place.flux.clock = Skipping(running.settled)
    code, _, err = place.flux("install")
    assert code == 1
    tail = err.partition("◎ verifying installation\n")[2].splitlines()
    assert tail[:6] == [
        "◎ still waiting for helm-controller: replicas: 0/1",
        "✗ helm-controller: deployment not ready",
        "✔ kustomize-controller: deployment ready",
        "✔ notification-controller: deployment ready",
        "✔ source-controller: deployment ready",
        "✗ install failed",
    ]
    # so young a rollout is no trouble yet to the diagnosis: what was waited for, and where to look
    said = "helm-controller: replicas: 0/1. Look further with: flux troubleshoot deployment/helm-controller -n flux-system"
    assert tail[6:] == [said]


def test_bootstrapped_clusters_are_left_alone(place: Place, running: Controllers) -> None:
    place.flux("install")
    _label(place, {"kustomize.toolkit.fluxcd.io/namespace": "flux-system"})
    code, out, err = place.flux("install")
    assert (code, out) == (1, "")
    assert err.endswith("✗ this cluster has already been bootstrapped with Flux v2.9.4! Please use 'flux bootstrap' to upgrade\n")


@pytest.mark.parametrize(("answer", "end"), [("y\n", "✔ install finished"), ("n\n", "✗ installation cancelled"), ("", "✗ ^D")])
def test_another_tools_installation_is_taken_over_on_yes(place: Place, running: Controllers, answer: str, end: str) -> None:
    place.flux("install")
    _label(place, {"app.kubernetes.io/managed-by": "terraform"})
    result = place.flux("install", stdin=answer)
    assert (result.code, result.err.splitlines()[-1]) == (int(end.startswith("✗")), end)
    assert "Flux v2.9.4 has been installed on this cluster with terraform!\n" in result.err
    assert place.flux("install --force").code == 0


def _label(place: Place, labels: dict[str, str]) -> None:
    from flux_cli.core.api import CRD

    place.watcher.patch(CRD, "", "gitrepositories.source.toolkit.fluxcd.io", {"metadata": {"labels": labels}})


def test_plan_changes_nothing(place: Place, running: Controllers, manifests: pathlib.Path) -> None:
    code, out, _ = place.flux("install --plan")
    assert code == 0
    assert out.startswith(f"Manifests: Flux v2.9.4 from {manifests}\nCluster: https://flux-sandbox\nInstalled there: nothing\n")
    assert re.findall(r"(?m)^  (\S+ created)$", out) == ORDER.split("\n")[:-2]
    assert out.endswith("\nNothing was changed.\n")
    assert place.recorder.real() == []


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("--components nope", "component nope is not available"),
        ("--registry-creds a:b", "--registry-creds requires --image-pull-secret to be set"),
        ("--registry-creds a:b:c --image-pull-secret s", "invalid --registry-creds format, expected 'user:password'"),
        ("--version 2.9.4", "targeted version '2.9.4' must be prefixed with 'v'"),
        ("--manifests /dev/null/none", "install failed: there is no folder /dev/null/none"),
    ],
)
def test_refused_before_anything_is_done(place: Place, line: str, error: str) -> None:
    code, out, err = place.flux(f"install {line}")
    assert (code, out) == (1, "")
    assert f"✗ {error}\n" in err
    assert place.recorder.writes == []


def test_namespace_is_in_every_name(place: Place) -> None:
    code, out, err = place.flux("install -n fluxtwo --export")
    assert (code, err) == (0, "")
    assert "crd-controller-fluxtwo" in out
    assert "flux-system" not in out
