"""A timeout of ``install`` and ``bootstrap`` ends with the cause, where the cluster tells one."""

from collections.abc import Callable, Iterator

import pytest
from bootstrap.conftest import Place
from bootstrap.git_servers import HttpServer
from bootstrap.stand_in import Controllers
from front_door import Skipping

from flux_cli.core.api import DEPLOYMENT, POD
from flux_cli.core.objects import Object

NAME = "helm-controller"
IMAGE = "ghcr.io/fluxcd/helm-controller:v1.6.1"


@pytest.fixture
def running(place: Place) -> Iterator[Controllers]:
    made = Controllers(place.watcher)
    made.broken = NAME
    place.flux.clock = Skipping(made.settled)
    yield made
    made.stop()


def pod(place: Place, state: Object, **more: object) -> None:
    """A pod of the Deployment whose container is in this state."""
    deployment = place.watcher.get(DEPLOYMENT, "flux-system", NAME)
    owner = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "name": NAME,
        "uid": deployment["metadata"]["uid"],
        "controller": True,
    }
    template = deployment["spec"]["template"]
    metadata = {"name": f"{NAME}-abc-def", "labels": template["metadata"]["labels"], "ownerReferences": [owner]}
    place.watcher.create(POD, "flux-system", {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]})
    container = {"name": "manager", "ready": False, "restartCount": 5, "image": IMAGE, "imageID": "", "state": state} | more
    status = {"phase": "Pending", "containerStatuses": [container]}
    place.watcher.patch(POD, "flux-system", metadata["name"], {"status": status}, subresource="status")


def end(place: Place) -> str:
    """The last line of a second run."""
    code, _, err = place.flux("install")
    assert code == 1
    assert "✗ install failed\n" in err
    return err.partition("✗ install failed\n")[2]


def test_an_image_that_cannot_be_pulled(place: Place, running: Controllers) -> None:
    place.flux("install")
    pod(place, {"waiting": {"reason": "ImagePullBackOff", "message": f'Back-off pulling image "{IMAGE}"'}})
    assert end(place) == (
        f"The image {IMAGE} of a container cannot be pulled: it does not exist, or the registry does not hand it out. "
        f"Next: kubectl describe deployment {NAME} -n flux-system\n"
    )


def test_a_controller_that_crashes(place: Place, running: Controllers) -> None:
    place.flux("install")
    last = {"terminated": {"exitCode": 1, "reason": "Error"}}
    said = "back-off 5m0s restarting failed container=manager"
    pod(place, {"waiting": {"reason": "CrashLoopBackOff", "message": said}}, lastState=last)
    assert end(place) == (
        "A container starts and exits again and again; its log says why. "
        f"Next: kubectl logs -n flux-system deployment/{NAME} --all-containers --tail=50 --previous\n"
    )


def test_pods_that_a_quota_refuses(place: Place, running: Controllers) -> None:
    place.flux("install")
    limits = "requested: pods=1, used: pods=3, limited: pods=3"
    said = f'pods "{NAME}-abc-def" is forbidden: exceeded quota: critical-pods-flux-system, {limits}'
    conditions = [{"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": said}]
    place.watcher.patch(DEPLOYMENT, "flux-system", NAME, {"status": {"conditions": conditions}}, subresource="status")
    assert end(place) == (
        "A quota of the namespace, ResourceQuota flux-system/critical-pods-flux-system, leaves no room for what "
        f"Deployment flux-system/{NAME} wants to create. "
        "Next: kubectl describe resourcequota critical-pods-flux-system -n flux-system\n"
    )


@pytest.mark.parametrize(
    ("kind", "refusal", "cause"),
    [
        (
            "GitRepository",
            "failed to checkout and determine revision: unable to clone '{url}': authentication required",
            "The Git server refuses the credentials of GitRepository flux-system/flux-system: they are missing, wrong or expired. "
            "Next: flux create secret git flux-system -n flux-system --url={url} --username=git --password=TOKEN",
        ),
        (
            "Kustomization",
            "kustomization path not found: stat /tmp/kustomization-1/clusters/prod: no such file or directory",
            "spec.path of Kustomization flux-system/flux-system is clusters/prod, which is not in the artifact of its source. "
            "Next: kubectl edit kustomization flux-system -n flux-system  # spec.path",
        ),
    ],
)
def test_what_a_bootstrap_waits_for(
    place: Place, http_server: Callable[..., HttpServer], controllers: Controllers, kind: str, refusal: str, cause: str
) -> None:
    server = http_server()
    controllers.refuser, controllers.refusal = kind, refusal.format(url=server.url)
    line = f"bootstrap git --url {server.url} --username me --password x --token-auth --allow-insecure-http --path clusters/prod"
    code, _, err = place.flux(line)
    assert code == 1
    assert err.splitlines()[-1] == cause.format(url=server.url)
