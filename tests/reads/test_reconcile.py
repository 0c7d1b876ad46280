"""``flux reconcile``, ``suspend`` and ``resume``: whole outputs, what is sent, and how waits end."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from reads.stage import REVISION, Cluster, condition, in_state, made

from flux_cli.core.api import Request
from flux_cli.kinds import named

KS = named("Kustomization").resource
SOURCE = {"sourceRef": {"kind": "GitRepository", "name": "apps"}}
ANNOTATED = "► annotating Kustomization apps in flux-system namespace\n✔ Kustomization annotated\n"
WAITS = "◎ waiting for Kustomization reconciliation\n"


def answering(cluster: Cluster, name: str, status: dict[str, Any], delay: float = 0.0) -> None:
    """When the request for this Kustomization arrives, a controller answers it with this status (after a moment)."""

    def answer() -> None:
        obj = cluster.kube.get(KS, "flux-system", name)
        stamp = obj["metadata"].get("annotations", {}).get("reconcile.fluxcd.io/requestedAt", "")
        change = {"status": {"lastHandledReconcileAt": stamp, "observedGeneration": obj["metadata"]["generation"]} | status}
        cluster.kube.patch(KS, "flux-system", name, change, subresource="status")

    after(cluster, "GET", "watch=true", answer, delay)


def after(cluster: Cluster, method: str, part: str, act: Callable[[], None], delay: float = 0.0) -> None:
    """Do something, once, when a request like this is on its way."""
    done: list[bool] = []

    def look(request: Request) -> None:
        query = "&".join(f"{k}={v}" for k, v in request.query)
        if not done and request.method == method and part in f"{request.path}?{query}":
            done.append(True)
            threading.Timer(delay, act).start()

    cluster.wire.before = look


def ready(name: str = "apps", **fields: Any) -> dict[str, Any]:
    return in_state("Kustomization", name, "True", "fine", spec=SOURCE, also={"lastAppliedRevision": REVISION}, **fields)


DONE = {"conditions": [condition("True")], "lastAppliedRevision": "main@sha1:2"}


def test_told_by_a_watch_that_starts_at_the_write(cluster: Cluster) -> None:
    cluster.keep(ready())
    answering(cluster, "apps", DONE, delay=0.05)
    got = cluster.flux("reconcile ks apps")
    assert (got.code, got.out) == (0, "")
    assert got.err == ANNOTATED + WAITS + "✔ applied revision main@sha1:2\n"
    path = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations"
    get, patch, watch = cluster.wire.sent
    assert (get.method, get.path) == ("GET", f"{path}/apps")
    assert (patch.method, patch.path, patch.type) == ("PATCH", f"{path}/apps", "application/merge-patch+json")
    assert list(patch.body) == ["metadata"]
    assert list(patch.body["metadata"]["annotations"]) == ["reconcile.fluxcd.io/requestedAt"]
    assert watch.path.startswith(f"{path}?")
    assert {"fieldSelector=metadata.name=apps", "watch=true"} < set(watch.path.partition("?")[2].split("&"))
    assert "resourceVersion=" in watch.path


def test_a_stalled_object_ends_the_wait_with_its_message(cluster: Cluster) -> None:
    cluster.keep(ready())
    stalled = condition("True", "retries exhausted", "Stalled")
    answering(cluster, "apps", {"conditions": [condition("False", "no"), stalled]})
    got = cluster.flux("reconcile ks apps")
    assert (got.code, got.err) == (1, ANNOTATED + WAITS + "✗ retries exhausted\n")


@pytest.mark.parametrize("tty", [False, True])
def test_a_timeout_is_followed_by_what_the_object_says(cluster: Cluster, tty: bool) -> None:
    cluster.keep(ready())
    answering(cluster, "apps", {"conditions": [condition("False", "path \x1b[31mnot found")]})
    got = cluster.flux("reconcile ks apps --timeout 1s", tty=tty)
    hint = "Kustomization/flux-system/apps: Ready is False: path [31mnot found\n"
    assert (got.code, got.err) == (1, ANNOTATED + WAITS + "✗ context deadline exceeded\n" + hint)


def test_no_controller_at_all(cluster: Cluster) -> None:
    cluster.keep(made("Kustomization", "apps", spec=SOURCE))
    got = cluster.flux("reconcile ks apps --timeout 1s", CI="true")
    assert got.err.endswith(
        "✗ context deadline exceeded\nKustomization/flux-system/apps has no status yet: is its controller running?\n"
    )


def test_deleted_meanwhile(cluster: Cluster) -> None:
    cluster.keep(ready())
    after(cluster, "GET", "watch=true", lambda: void(cluster.kube.delete(KS, "flux-system", "apps")))
    got = cluster.flux("reconcile ks apps")
    assert (got.code, got.err) == (1, ANNOTATED + WAITS + '✗ kustomizations.kustomize.toolkit.fluxcd.io "apps" not found\n')


def void(value: object) -> None:
    """For a call whose result nobody wants."""


def test_a_dropped_watch_is_taken_up_again(cluster: Cluster) -> None:
    cluster.keep(ready())
    drops: list[bool] = []

    def drop() -> None:
        drops.append(True)
        cluster.sandbox.faults.drops += 1
        cluster.sandbox.store.wake()
        answering(cluster, "apps", DONE)

    after(cluster, "GET", "watch=true", drop, delay=0.05)
    got = cluster.flux("reconcile ks apps --timeout 10s")
    assert drops == [True]
    assert (got.code, got.err) == (0, ANNOTATED + WAITS + "✔ applied revision main@sha1:2\n")


def test_a_resource_version_that_is_too_old(cluster: Cluster) -> None:
    cluster.keep(ready())

    def compact(request: Request) -> None:
        if ("watch", "true") in request.query:
            cluster.wire.before = lambda request: None
            obj = cluster.kube.get(KS, "flux-system", "apps")
            stamp = obj["metadata"]["annotations"]["reconcile.fluxcd.io/requestedAt"]
            cluster.kube.patch(
                KS, "flux-system", "apps", {"status": {"lastHandledReconcileAt": stamp} | DONE}, subresource="status"
            )
            cluster.sandbox.store.compact()

    cluster.wire.before = compact
    got = cluster.flux("reconcile ks apps --timeout 10s")
    assert (got.code, got.err) == (0, ANNOTATED + WAITS + "✔ applied revision main@sha1:2\n")


def test_conflicts_are_tried_again(cluster: Cluster) -> None:
    cluster.keep(ready())
    path = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/apps"
    cluster.fault(path=path, method="PATCH", status=409, times=3)
    got = cluster.flux("reconcile ks apps --wait=false")
    assert (got.code, got.err) == (0, ANNOTATED)
    assert len(cluster.wire.writes()) == 4
    cluster.fault(path=path, method="PATCH", status=409, times=4)
    assert cluster.flux("reconcile ks apps --wait=false").code == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("reconcile ks", "Kustomization name is required"),
        ("reconcile image policy", "ImagePolicy name is required"),
        ("reconcile ks nope", 'kustomizations.kustomize.toolkit.fluxcd.io "nope" not found'),
        ("reconcile ks asleep", "resource is suspended"),
        ("reconcile ks asleep --with-source", "resource is suspended"),
        ("reconcile ks other --with-source", "cannot reconcile source of kind ExternalArtifact"),
        ("reconcile ks -l tier=none", 'no Kustomization objects found in "flux-system" namespace'),
        ("suspend source git", "source git name is required"),
        ("suspend ks --all -n live", "no objects found"),
        ("resume alert-provider", "alert provider name is required"),
    ],
)
def test_refusals(cluster: Cluster, line: str, message: str) -> None:
    cluster.keep(
        made("Kustomization", "asleep", spec=SOURCE | {"suspend": True}),
        made("Kustomization", "other", spec={"sourceRef": {"kind": "ExternalArtifact", "name": "x"}}),
    )
    got = cluster.flux(line)
    assert (got.code, got.out, got.err) == (1, "", f"✗ {message}\n")
    assert cluster.wire.writes() == []


def test_an_address_has_nothing_to_reconcile(cluster: Cluster) -> None:
    cluster.keep(made("HelmRepository", "charts", spec={"type": "oci", "suspend": True}))
    got = cluster.flux("reconcile source helm charts")
    assert (got.code, got.err) == (0, "✔ reconciliation not supported by the object\n")


def test_force_and_reset_carry_the_same_time(cluster: Cluster) -> None:
    cluster.keep(in_state("HelmRelease", "web", "True", "fine", spec={"chartRef": {"kind": "OCIRepository", "name": "web"}}))
    cluster.flux("reconcile hr web --force --reset --wait=false")
    stamps = cluster.wire.writes()[0].body["metadata"]["annotations"]
    assert sorted(stamps) == [f"reconcile.fluxcd.io/{word}" for word in ("forceAt", "requestedAt", "resetAt")]
    assert len(set(stamps.values())) == 1


def test_all_of_a_namespace_at_once(cluster: Cluster) -> None:
    cluster.keep(ready("a"), ready("b"), made("Kustomization", "c", spec=SOURCE | {"suspend": True}))
    left = ["a", "b"]

    def look(request: Request) -> None:
        if ("watch", "true") in request.query and left:
            name = left.pop()
            stamp = cluster.kube.get(KS, "flux-system", name)["metadata"]["annotations"]["reconcile.fluxcd.io/requestedAt"]
            failed = {"conditions": [condition("True", "gave up", "Stalled")]}
            status = {"lastHandledReconcileAt": stamp} | (failed if name == "b" else DONE)
            threading.Timer(
                0.05, lambda: void(cluster.kube.patch(KS, "flux-system", name, {"status": status}, subresource="status"))
            ).start()

    cluster.wire.before = look
    got = cluster.flux("reconcile ks --all --timeout 10s")
    assert got.code == 1
    lines = got.err.splitlines()
    assert "\n".join(lines[:6]) + "\n" == (
        "► annotating Kustomization a in flux-system namespace\n✔ Kustomization annotated\n"
        "► annotating Kustomization b in flux-system namespace\n✔ Kustomization annotated\n"
        "⚠️  Kustomization c in flux-system namespace is suspended, passed over\n"
        "◎ waiting for 2 Kustomization reconciliation(s)\n"
    )
    assert sorted(lines[6:8]) == ["✔ Kustomization a: applied revision main@sha1:2", "✗ Kustomization b: gave up"]  # as they come
    assert lines[8:] == ["✗ reconciliation failed for 1 Kustomization(s)"]


def test_a_source_that_several_share_is_fetched_once(cluster: Cluster) -> None:
    cluster.keep(
        ready("a"), ready("b"), in_state("GitRepository", "apps", "True", "fine", also={"artifact": {"revision": REVISION}})
    )
    git = named("GitRepository").resource

    def answer() -> None:
        stamp = cluster.kube.get(git, "flux-system", "apps")["metadata"]["annotations"]["reconcile.fluxcd.io/requestedAt"]
        cluster.kube.patch(git, "flux-system", "apps", {"status": {"lastHandledReconcileAt": stamp}}, subresource="status")

    after(cluster, "GET", "watch=true", answer)
    got = cluster.flux("reconcile ks a b --with-source --wait=false --timeout 10s")
    assert (got.code, got.err) == (
        0,
        "► annotating GitRepository apps in flux-system namespace\n✔ GitRepository annotated\n"
        f"◎ waiting for GitRepository reconciliation\n✔ fetched revision {REVISION}\n"
        "► annotating Kustomization a in flux-system namespace\n✔ Kustomization annotated\n"
        "► annotating Kustomization b in flux-system namespace\n✔ Kustomization annotated\n",
    )


def test_a_source_that_fails_fails_all_that_share_it(cluster: Cluster) -> None:
    cluster.keep(ready("a"), ready("b"))
    got = cluster.flux("reconcile ks a b --with-source")
    missing = 'gitrepositories.source.toolkit.fluxcd.io "apps" not found'
    assert (got.code, got.err) == (
        1, f"✗ Kustomization a: {missing}\n✗ Kustomization b: {missing}\n✗ reconciliation failed for 2 Kustomization(s)\n",
    )  # fmt: skip


def test_several_names_are_all_found_before_anything_is_written(cluster: Cluster) -> None:
    cluster.keep(ready("a"))
    got = cluster.flux("reconcile ks a nope")
    assert (got.code, got.err) == (1, '✗ kustomizations.kustomize.toolkit.fluxcd.io "nope" not found\n')
    assert cluster.wire.writes() == []


def test_suspend_patches_every_object(cluster: Cluster) -> None:
    cluster.keep(ready("a"), ready("b"), made("Kustomization", "c", spec=SOURCE | {"suspend": True}))
    got = cluster.flux("suspend ks a nope b a c")
    said = "► suspending kustomization {} in flux-system namespace\n✔ kustomization suspended\n"
    missing = "✗ Kustomization nope not found in flux-system namespace\n"
    assert (got.code, got.out, got.err) == (0, "", said.format("a") + missing + said.format("b") + said.format("c"))
    assert [w.body for w in cluster.wire.writes()] == [{"spec": {"suspend": True}}, {"spec": {"suspend": True}}, {}]
    assert all(o["spec"]["suspend"] for o in cluster.kube.list(KS, "flux-system").items)


def test_resume_waits_for_one_name_and_not_for_two(cluster: Cluster) -> None:
    cluster.keep(ready("a"), made("Kustomization", "b", spec=SOURCE | {"suspend": True}))
    said = "► resuming kustomization {} in flux-system namespace\n✔ kustomization resumed\n"
    got = cluster.flux("resume ks a")
    assert got.err == said.format("a") + WAITS + f"✔ Kustomization a reconciliation completed\n✔ applied revision {REVISION}\n"
    assert cluster.flux("resume ks a a").err == said.format("a")
    assert cluster.flux("resume ks a --wait=false").err == said.format("a")
    got = cluster.flux("resume ks a nope b")
    assert (got.code, got.err) == (
        0, said.format("a") + "✗ Kustomization object 'a' not found in flux-system namespace\n" + said.format("b"),
    )  # fmt: skip
    assert [w.body for w in cluster.wire.writes()][-2:] == [{}, {"spec": {"suspend": None}}]


def test_resume_of_what_does_not_get_ready(cluster: Cluster) -> None:
    cluster.keep(made("Kustomization", "b", spec=SOURCE | {"suspend": True}), ready("a"))
    got = cluster.flux("resume ks --all --wait --timeout 2s", tty=True)
    assert got.code == 1
    assert got.err.endswith(
        WAITS * 2
        + f"✔ Kustomization a reconciliation completed\n✔ applied revision {REVISION}\n"
        + "✗ Kustomization b reconciliation failed: context deadline exceeded\n"
        + "Kustomization/flux-system/b has no status yet: is its controller running?\n"
        + "✗ reconciliation failed for 1 Kustomization(s)\n"
    )


def test_resume_of_kinds_without_status(cluster: Cluster) -> None:
    cluster.keep(made("Alert", "on-call", spec={"suspend": True}), made("HelmRepository", "charts", spec={"type": "oci"}))
    assert cluster.flux("resume alert on-call").err.endswith(
        "✔ Alert on-call reconciliation completed\n✔ Alert reconciliation completed\n"
    )
    assert cluster.flux("resume source helm charts").err.endswith("✔ HelmRepository charts reconciliation completed\n✔ \n")


def test_without_any_rights(cluster: Cluster) -> None:
    cluster.keep(ready())
    cluster.viewer()
    denied = 'kustomizations.kustomize.toolkit.fluxcd.io is forbidden: User "viewer" cannot list resource "kustomizations" in API group '
    denied += '"kustomize.toolkit.fluxcd.io" in the namespace "flux-system"'
    one = denied.replace("kustomizations.kustomize.toolkit.fluxcd.io is", 'kustomizations.kustomize.toolkit.fluxcd.io "apps" is')
    assert cluster.flux("reconcile ks apps").err == f"✗ {one.replace('cannot list', 'cannot get')}\n"
    assert cluster.flux("suspend ks apps") == (
        0,
        "",
        f"✗ failed suspending Kustomization apps in flux-system namespace: {denied}\n",
    )
    assert cluster.flux("suspend ks --all") == (1, "", f"✗ {denied}\n")
    assert cluster.flux("resume ks apps") == (1, "", f"✗ {denied}\n")
    assert cluster.flux("resume ks --all") == (1, "", f"✗ failed patching objects: {denied}\n")
