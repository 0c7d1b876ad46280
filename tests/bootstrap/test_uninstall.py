"""``flux uninstall``: what is deleted, in which order, and that nothing is left hanging."""

import pytest
import yaml
from bootstrap.conftest import Place
from bootstrap.stand_in import Controllers

from flux_cli.core.api import CRD, DEPLOYMENT, NAMESPACE
from flux_cli.core.errors import NotFound
from flux_cli.kinds import named

HEAD = """► deleting components in flux-system namespace
✔ Deployment/flux-system/helm-controller deleted {dry}
✔ Deployment/flux-system/kustomize-controller deleted {dry}
✔ Deployment/flux-system/notification-controller deleted {dry}
✔ Deployment/flux-system/source-controller deleted {dry}
✔ Service/flux-system/notification-controller deleted {dry}
✔ Service/flux-system/source-controller deleted {dry}
✔ Service/flux-system/webhook-receiver deleted {dry}
✔ NetworkPolicy/flux-system/allow-egress deleted {dry}
✔ NetworkPolicy/flux-system/allow-scraping deleted {dry}
✔ NetworkPolicy/flux-system/allow-webhooks deleted {dry}
✔ ServiceAccount/flux-system/helm-controller deleted {dry}
✔ ServiceAccount/flux-system/kustomize-controller deleted {dry}
✔ ServiceAccount/flux-system/notification-controller deleted {dry}
✔ ServiceAccount/flux-system/source-controller deleted {dry}
✔ ClusterRole/crd-controller-flux-system deleted {dry}
✔ ClusterRole/flux-edit-flux-system deleted {dry}
✔ ClusterRole/flux-view-flux-system deleted {dry}
✔ ClusterRoleBinding/cluster-reconciler-flux-system deleted {dry}
✔ ClusterRoleBinding/crd-controller-flux-system deleted {dry}
► deleting toolkit.fluxcd.io finalizers in all namespaces
✔ GitRepository/apps/web finalizers deleted {dry}
✔ Kustomization/apps/web finalizers deleted {dry}
► deleting toolkit.fluxcd.io custom resource definitions
"""
DEFINITIONS = """✔ CustomResourceDefinition/alerts.notification.toolkit.fluxcd.io deleted {dry}
✔ CustomResourceDefinition/buckets.source.toolkit.fluxcd.io deleted {dry}
✔ CustomResourceDefinition/externalartifacts.source.toolkit.fluxcd.io deleted {dry}
✔ CustomResourceDefinition/gitrepositories.source.toolkit.fluxcd.io deleted {dry}
✔ CustomResourceDefinition/helmcharts.source.toolkit.fluxcd.io deleted {dry}
✔ CustomResourceDefinition/helmreleases.helm.toolkit.fluxcd.io deleted {dry}
✔ CustomResourceDefinition/helmrepositories.source.toolkit.fluxcd.io deleted {dry}
✔ CustomResourceDefinition/kustomizations.kustomize.toolkit.fluxcd.io deleted {dry}
✔ CustomResourceDefinition/ocirepositories.source.toolkit.fluxcd.io deleted {dry}
✔ CustomResourceDefinition/providers.notification.toolkit.fluxcd.io deleted {dry}
✔ CustomResourceDefinition/receivers.notification.toolkit.fluxcd.io deleted {dry}
"""
NAMESPACE_LINE = "✔ Namespace/flux-system deleted {dry}\n"
END = "✔ uninstall finished\n"
APPS = """
apiVersion: v1
kind: Namespace
metadata: {name: apps}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: web, namespace: apps, finalizers: [finalizers.fluxcd.io]}
spec: {interval: 1m0s, url: "https://example.com/r"}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: web, namespace: apps, finalizers: [finalizers.fluxcd.io]}
spec: {interval: 1m0s, prune: true, sourceRef: {kind: GitRepository, name: web}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: apps, labels: {kustomize.toolkit.fluxcd.io/name: web}}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}
"""


@pytest.fixture
def installed(place: Place) -> Place:
    """Flux on the cluster, with a source, a Kustomization and what it deployed."""
    stand = Controllers(place.watcher)
    assert place.flux("install").code == 0
    stand.stop()
    for obj in yaml.safe_load_all(APPS):
        resource = place.watcher.resolve(obj["apiVersion"], obj["kind"])
        place.watcher.create(resource, obj["metadata"].get("namespace", ""), obj)
    place.recorder.writes.clear()
    return place


def test_dry_run(installed: Place) -> None:
    result = installed.flux("uninstall --dry-run")
    assert result == (0, "", (HEAD + DEFINITIONS + NAMESPACE_LINE).format(dry="(dry run)") + END)
    assert installed.recorder.real() == []
    assert installed.flux("uninstall --dry-run --keep-namespace").err == (HEAD + DEFINITIONS).format(dry="(dry run)") + END


def test_everything_goes_but_what_flux_deployed(installed: Place) -> None:
    assert installed.flux("uninstall -s") == (0, "", (HEAD + DEFINITIONS + NAMESPACE_LINE).format(dry="") + END)
    assert installed.cluster.list(CRD, labels="app.kubernetes.io/part-of=flux").items == []
    with pytest.raises(NotFound):
        installed.cluster.get(NAMESPACE, "", "flux-system")
    assert installed.cluster.get(DEPLOYMENT, "apps", "web")
    puts = [(path, body) for method, path, body in installed.recorder.writes if method == "PUT"]
    assert [path for path, _ in puts] == [
        "/apis/source.toolkit.fluxcd.io/v1/namespaces/apps/gitrepositories/web",
        "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/apps/kustomizations/web",
    ]
    assert all("finalizers" not in body["metadata"] and body["kind"] and body["apiVersion"] for _, body in puts)


def test_the_namespace_stays_on_request(installed: Place) -> None:
    assert installed.flux("uninstall -s --keep-namespace").err == (HEAD + DEFINITIONS).format(dry="") + END
    assert installed.cluster.get(NAMESPACE, "", "flux-system")


def test_again_on_an_empty_cluster(installed: Place) -> None:
    installed.flux("uninstall -s")
    code, _, err = installed.flux("uninstall -s")
    assert code == 0
    assert err == (
        "► deleting components in flux-system namespace\n► deleting toolkit.fluxcd.io finalizers in all namespaces\n"
        "► deleting toolkit.fluxcd.io custom resource definitions\n"
        '✗ Namespace/flux-system deletion failed: namespaces "flux-system" not found\n✔ uninstall finished\n'
    )


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("Y\n", 0), ("yes\n", 1), ("\n", 1), ("y", 1), ("", 1)])
def test_the_question(installed: Place, answer: str, code: int) -> None:
    result = installed.flux("uninstall", stdin=answer)
    assert result.code == code
    assert result.out == "? Are you sure you want to delete Flux and its custom resource definitions? [y/N] \n"
    if code:
        assert result.err == "✗ aborting\n"
        assert installed.recorder.writes == []


def test_the_question_names_another_manager(installed: Place) -> None:
    labels = {"metadata": {"labels": {"app.kubernetes.io/managed-by": "flux-operator"}}}
    installed.watcher.patch(CRD, "", "gitrepositories.source.toolkit.fluxcd.io", labels)
    asked = "? Flux is managed by flux-operator! Are you sure you want to delete Flux and its CRDs using Flux CLI? [y/N] \n"
    assert installed.flux("uninstall", stdin="n\n").out == asked


def test_a_controller_that_writes_at_the_same_time(installed: Place) -> None:
    """The object changes between our read and our write: once more, on the version that is there now."""
    resource = named("GitRepository").resource
    send, changed = installed.recorder.inner.send, []

    def racing(request, **options):  # type: ignore[no-untyped-def]
        if request.method == "PUT" and "gitrepositories" in request.path and not changed:
            changed.append(True)
            installed.watcher.patch(resource, "apps", "web", {"metadata": {"annotations": {"a": "b"}}})
        return send(request, **options)

    installed.recorder.inner.send = racing  # type: ignore[method-assign]
    assert "✔ GitRepository/apps/web finalizers deleted \n" in installed.flux("uninstall -s").err
    assert installed.cluster.list(CRD, labels="app.kubernetes.io/part-of=flux").items == []


def test_a_controller_that_puts_its_finalizer_back(installed: Place) -> None:
    """Its last act before it ends: without a second look the definition, and with it the namespace, would hang for ever."""
    resource = named("Kustomization").resource
    send, done = installed.recorder.inner.send, []

    def stubborn(request, **options):  # type: ignore[no-untyped-def]
        if request.method == "DELETE" and "kustomizations.kustomize" in request.path and not done:
            done.append(True)
            installed.watcher.patch(resource, "apps", "web", {"metadata": {"finalizers": ["finalizers.fluxcd.io"]}})
        return send(request, **options)

    installed.recorder.inner.send = stubborn  # type: ignore[method-assign]
    assert installed.flux("uninstall -s").code == 0
    assert installed.cluster.list(CRD, labels="app.kubernetes.io/part-of=flux").items == []


def test_what_may_not_be_deleted_is_told_and_the_rest_done(installed: Place) -> None:
    send = installed.recorder.inner.send

    def refusing(request, **options):  # type: ignore[no-untyped-def]
        if request.method == "DELETE" and "services/webhook-receiver" in request.path:
            from flux_cli.core.errors import Forbidden

            raise Forbidden("services is forbidden", status=403)
        return send(request, **options)

    installed.recorder.inner.send = refusing  # type: ignore[method-assign]
    code, _, err = installed.flux("uninstall -s")
    assert code == 0
    wanted = "✔ Service/flux-system/webhook-receiver deleted \n"
    failed = "✗ Service/flux-system/webhook-receiver deletion failed: services is forbidden\n"
    assert err == (HEAD + DEFINITIONS + NAMESPACE_LINE).format(dry="").replace(wanted, failed) + END


def test_words_are_refused(place: Place) -> None:
    assert place.flux("uninstall whatever") == (1, "", '✗ unknown command "whatever" for "flux uninstall"\n')
