"""The stand-in controllers: what each kind comes to, and what makes it fail."""

import hashlib
import time
from collections.abc import Callable
from typing import Any

import pytest

from flux_cli.core.api import CONFIG_MAP, DEPLOYMENT, EVENT, POD, SECRET
from flux_cli.core.errors import NotFound
from flux_cli.core.objects import Object, condition, dig, items, name_of, text
from flux_cli.kinds import named
from flux_cli.kube.client import KubeClient
from flux_cli.sandbox.controller_pods import controller_pod
from flux_cli.sandbox.controllers._loop import Loop
from flux_cli.sandbox.controllers.kustomize import entry_id, entry_parts
from flux_cli.sandbox.controllers.workloads import Workloads
from flux_cli.sandbox.populate import load
from flux_cli.sandbox.scenario import plays
from flux_cli.sandbox.world import World, fits

from .manifests import config, flux, git, helm_release, helm_repository, kustomization, pod, secret

REQUESTED = "reconcile.fluxcd.io/requestedAt"


def until(get: Callable[[], Any], wanted: Callable[[Any], bool]) -> Any:
    """What ``get`` gives as soon as it is there and as wanted, ten seconds at most."""
    deadline = time.monotonic() + 10
    while True:
        try:
            value = get()
        except NotFound as err:
            value = err
        if not isinstance(value, NotFound) and wanted(value):
            return value
        assert time.monotonic() < deadline, value
        time.sleep(0.01)


def settled(kube: KubeClient, kind: str, name: str, status: str, namespace: str = "default") -> Object:
    """The object once its Ready is ``status`` and nothing is under way but a retry."""

    def wanted(obj: Object) -> bool:
        return text(condition(obj), "status") == status and text(condition(obj), "reason") != "Progressing"

    found: Object = until(lambda: kube.get(named(kind).resource, namespace, name), wanted)
    return found


def fails(kube: KubeClient, kind: str, name: str, message: str) -> Object:
    """The object once its Ready is False with a message that ends so; it may have said other things on the way."""

    def wanted(obj: Object) -> bool:
        return text(condition(obj), "status") == "False" and text(condition(obj), "message").endswith(message)

    found: Object = until(lambda: kube.get(named(kind).resource, "default", name), wanted)
    return found


def said(obj: Object) -> list[tuple[str, str, str, str]]:
    return [(text(c, "type"), text(c, "status"), text(c, "reason"), text(c, "message")) for c in items(obj, "status.conditions")]


def make(kube: KubeClient, *objects: Object) -> None:
    loaded = load(kube, objects)
    assert loaded.refused == []


def ask(kube: KubeClient, kind: str, name: str, stamp: str, **marks: str) -> None:
    kube.patch(named(kind).resource, "default", name, {"metadata": {"annotations": {REQUESTED: stamp, **marks}}})


def test_a_git_repository_has_the_same_revision_each_time(kube: KubeClient, running: Loop) -> None:
    make(kube, git())
    obj = settled(kube, "GitRepository", "repo", "True")
    commit = hashlib.sha1(b"https://example.com/repo#main").hexdigest()
    message = f"stored artifact for revision 'main@sha1:{commit}'"
    assert said(obj) == [("Ready", "True", "Succeeded", message), ("ArtifactInStorage", "True", "Succeeded", message)]
    assert (obj["status"]["artifact"]["revision"], obj["status"]["observedGeneration"]) == (f"main@sha1:{commit}", 1)
    assert obj["metadata"]["finalizers"] == ["finalizers.fluxcd.io"]


@pytest.mark.parametrize(
    ("ref", "begins"),
    [({"tag": "v1"}, "v1@sha1:"), ({"semver": ">=1.2.0"}, "1.2.0@sha1:"), ({"name": "refs/heads/x"}, "refs/heads/x@sha1:"),
     ({"commit": "a" * 40}, f"sha1:{'a' * 40}"), ({}, "master@sha1:")],
)  # fmt: skip
def test_a_revision_is_named_after_its_ref(kube: KubeClient, running: Loop, ref: Object, begins: str) -> None:
    make(kube, git(ref=ref))
    assert settled(kube, "GitRepository", "repo", "True")["status"]["artifact"]["revision"].startswith(begins)


def test_the_other_sources(kube: KubeClient, running: Loop) -> None:
    make(
        kube,
        flux("OCIRepository", "o", {"url": "oci://example.com/o", "interval": "1m", "ref": {"tag": "v1"}}),
        flux("Bucket", "b", {"bucketName": "b", "endpoint": "s3.example.com", "interval": "1m"}),
        helm_repository(),
        helm_repository("oci", type="oci", url="oci://example.com/charts"),
    )
    revisions = {}
    for kind, name in (("OCIRepository", "o"), ("Bucket", "b"), ("HelmRepository", "charts")):
        obj = settled(kube, kind, name, "True")
        digest = text(obj, "status.artifact.revision")
        revisions[kind] = digest.partition("sha256:")[0]
        start = "stored artifact for digest" if kind == "OCIRepository" else "stored artifact: revision"
        assert text(condition(obj), "message") == f"{start} '{digest}'"
    assert revisions == {"OCIRepository": "v1@", "Bucket": "", "HelmRepository": ""}
    assert "status" not in kube.get(named("HelmRepository").resource, "default", "oci")


def test_a_request_is_answered_within_fifty_milliseconds_of_work(kube: KubeClient, running: Loop) -> None:
    make(kube, git())
    settled(kube, "GitRepository", "repo", "True")
    ask(kube, "GitRepository", "repo", "now-1")
    resource = named("GitRepository").resource
    obj = until(lambda: kube.get(resource, "default", "repo"), lambda o: dig(o, "status.lastHandledReconcileAt") == "now-1")
    assert text(condition(obj), "status") == "True" or text(condition(obj), "reason") == "Progressing"


def test_a_missing_secret_is_noticed_when_it_comes(kube: KubeClient, running: Loop) -> None:
    make(kube, git(secretRef={"name": "login"}))
    obj = settled(kube, "GitRepository", "repo", "False")
    message = """failed to get secret 'default/login': secrets "login" not found"""
    assert said(obj) == [
        ("Reconciling", "True", "ProgressingWithRetry", "building artifact"),
        ("Ready", "False", "AuthenticationFailed", message),
        ("FetchFailed", "True", "AuthenticationFailed", message),
    ]
    assert "observedGeneration" not in obj["status"]
    make(kube, secret("login", password="x"))
    settled(kube, "GitRepository", "repo", "True")


def test_what_is_suspended_stays_as_it_was(kube: KubeClient, running: Loop) -> None:
    make(kube, git(suspend=True), git("active"))
    settled(kube, "GitRepository", "active", "True")
    assert "status" not in kube.get(named("GitRepository").resource, "default", "repo")


def test_a_kustomization_waits_for_source_and_dependencies(kube: KubeClient, running: Loop) -> None:
    make(kube, kustomization(), kustomization("after", dependsOn=[{"name": "app"}]))
    assert said(settled(kube, "Kustomization", "app", "False")) == [
        ("Ready", "False", "ArtifactFailed", 'gitrepositories.source.toolkit.fluxcd.io "repo" not found')
    ]
    make(kube, git())
    assert settled(kube, "Kustomization", "app", "True")["status"]["lastAppliedRevision"].startswith("main@sha1:")
    settled(kube, "Kustomization", "after", "True")


def test_a_cycle_never_becomes_ready(kube: KubeClient, running: Loop) -> None:
    make(kube, git(), kustomization("a", dependsOn=[{"name": "b"}]), kustomization("b", dependsOn=[{"name": "a"}]))
    fails(kube, "Kustomization", "a", "dependency 'default/b' is not ready")
    fails(kube, "Kustomization", "b", "dependency 'default/a' is not ready")


def test_apply_and_prune(kube: KubeClient, world: World, running: Loop) -> None:
    world.scenario["kustomizations"] = [{"name": "app", "namespace": "default", "objects": [config("one"), config("two")]}]
    make(kube, git(), kustomization())
    obj = settled(kube, "Kustomization", "app", "True")
    assert [e["id"] for e in obj["status"]["inventory"]["entries"]] == ["default_one__ConfigMap", "default_two__ConfigMap"]
    labels = {"kustomize.toolkit.fluxcd.io/name": "app", "kustomize.toolkit.fluxcd.io/namespace": "default"}
    assert kube.get(CONFIG_MAP, "default", "one")["metadata"]["labels"] == labels
    world.scenario["kustomizations"][0]["objects"] = [config("one")]
    ask(kube, "Kustomization", "app", "1")
    until(lambda: kube.list(CONFIG_MAP, "default").items, lambda found: [name_of(o) for o in found] == ["one"])
    kube.delete(named("Kustomization").resource, "default", "app")
    until(lambda: kube.list(CONFIG_MAP, "default").items, lambda found: not found)


def test_a_folder_is_a_source(kube: KubeClient, running: Loop, tmp_path: Any) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "map.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: built}\n")
    (tmp_path / "app" / "kustomization.yaml").write_text("namespace: default\nresources: [map.yaml]\n")
    make(kube, git(url=f"file://{tmp_path}"), kustomization(path="./app"), kustomization("lost", path="./none"))
    settled(kube, "Kustomization", "app", "True")
    assert name_of(kube.get(CONFIG_MAP, "default", "built")) == "built"
    lost = fails(kube, "Kustomization", "lost", f"kustomization path not found: stat {tmp_path}/none: no such file or directory")
    assert text(condition(lost), "reason") == "ArtifactFailed"


def test_what_the_server_refuses_is_told(kube: KubeClient, world: World, running: Loop) -> None:
    world.scenario["kustomizations"] = [{"name": "app", "namespace": "default", "objects": [config("x", "nowhere")]}]
    make(kube, git(), kustomization())
    obj = fails(kube, "Kustomization", "app", 'ConfigMap/nowhere/x not found: namespaces "nowhere" not found\n')
    assert (text(condition(obj), "reason"), "lastAppliedRevision" in obj["status"]) == ("ReconciliationFailed", False)


def test_a_release_is_installed_and_upgraded(kube: KubeClient, running: Loop) -> None:
    make(kube, helm_repository(), helm_release())
    obj = settled(kube, "HelmRelease", "app", "True")
    message = "Helm install succeeded for release default/app.v1 with chart web@1.0.0"
    assert said(obj) == [("Ready", "True", "InstallSucceeded", message), ("Released", "True", "InstallSucceeded", message)]
    assert (obj["status"]["helmChart"], obj["status"]["storageNamespace"]) == ("default/default-app", "default")
    patch = {"spec": {"chart": {"spec": {"version": "1.1.0"}}}}
    kube.patch(named("HelmRelease").resource, "default", "app", patch)
    obj = until(lambda: settled(kube, "HelmRelease", "app", "True"), lambda o: len(o["status"]["history"]) == 2)
    assert [(h["version"], h["chartVersion"], h["status"]) for h in obj["status"]["history"]] == [
        (2, "1.1.0", "deployed"),
        (1, "1.0.0", "superseded"),
    ]
    assert text(condition(obj), "message") == "Helm upgrade succeeded for release default/app.v2 with chart web@1.1.0"
    kube.delete(named("HelmRelease").resource, "default", "app")
    until(lambda: kube.list(named("HelmChart").resource).items, lambda found: not found)


def test_a_release_is_forced_and_reset(kube: KubeClient, running: Loop) -> None:
    make(kube, helm_repository(), helm_release())
    settled(kube, "HelmRelease", "app", "True")
    ask(kube, "HelmRelease", "app", "7", **{"reconcile.fluxcd.io/forceAt": "7", "reconcile.fluxcd.io/resetAt": "7"})
    resource = named("HelmRelease").resource
    obj = until(lambda: kube.get(resource, "default", "app"), lambda o: dig(o, "status.lastHandledForceAt") == "7")
    assert (obj["status"]["lastHandledResetAt"], obj["status"]["lastHandledReconcileAt"]) == ("7", "7")
    assert [h["version"] for h in obj["status"]["history"]] == [2, 1]


def test_a_version_that_is_not_there_and_one_that_is(kube: KubeClient, world: World, running: Loop) -> None:
    versions = [{"version": "1.2.0", "appVersion": "9"}, {"version": "1.3.0", "appVersion": "9"}]
    world.scenario["charts"] = [{"repository": "https://charts.example.com", "name": "web", "versions": versions}]
    make(kube, helm_repository(), helm_release())
    why = "invalid chart reference: failed to get chart version for remote reference: no 'web' chart with version matching '1.0.0' found"
    chart = until(lambda: settled(kube, "HelmChart", "default-app", "False"), lambda o: said(o)[0][0] == "Stalled")
    assert said(chart) == [
        ("Stalled", "True", "InvalidChartReference", why),
        ("Ready", "False", "InvalidChartReference", why),
        ("FetchFailed", "True", "InvalidChartReference", why),
    ]
    waits = f"HelmChart 'default/default-app' is not ready: {why}"
    obj = until(lambda: settled(kube, "HelmRelease", "app", "False"), lambda o: waits in str(said(o)))
    assert said(obj) == [
        ("Reconciling", "True", "Progressing", "Fulfilling prerequisites"),
        ("Ready", "False", "SourceNotReady", waits),
    ]
    kube.patch(named("HelmRelease").resource, "default", "app", {"spec": {"chart": {"spec": {"version": ">=1.2.0 <1.3.0"}}}})
    assert settled(kube, "HelmRelease", "app", "True")["status"]["history"][0]["chartVersion"] == "1.2.0"


def test_values_that_are_missing(kube: KubeClient, running: Loop) -> None:
    make(kube, helm_repository(), helm_release(valuesFrom=[{"kind": "ConfigMap", "name": "vals"}]))
    head = "could not resolve ConfigMap chart values reference 'default/vals' with key 'values.yaml': "
    fails(kube, "HelmRelease", "app", head + 'configmaps "vals" not found')
    made = config("vals")
    made["data"] = {"values.yaml": "a: 1"}
    make(kube, made)
    settled(kube, "HelmRelease", "app", "True")


def test_images(kube: KubeClient, world: World, running: Loop) -> None:
    world.scenario["images"] = [
        {"image": "registry.example.com/app", "tags": ["1.0.0", "1.2.0", "2.0.0-rc1", "main-7", "main-12", "x.sig"]}
    ]
    choices = {
        "range": {"policy": {"semver": {"range": "1.x"}}},
        "number": {"filterTags": {"pattern": "^main-(?P<n>[0-9]+)$", "extract": "$n"}, "policy": {"numerical": {"order": "asc"}}},
        "word": {"policy": {"alphabetical": {"order": "desc"}}},
        "none": {"policy": {"semver": {"range": ">=9"}}},
    }
    make(kube, flux("ImageRepository", "app", {"image": "registry.example.com/app", "interval": "1m"}))
    for name, spec in choices.items():
        make(kube, flux("ImagePolicy", name, spec | {"imageRepositoryRef": {"name": "app"}}))
    scanned = settled(kube, "ImageRepository", "app", "True")
    assert scanned["status"]["lastScanResult"]["tagCount"] == 5
    chosen = {
        name: settled(kube, "ImagePolicy", name, "True")["status"]["latestRef"]["tag"] for name in ("range", "number", "word")
    }
    assert chosen == {"range": "1.2.0", "number": "main-12", "word": "1.0.0"}
    fails(kube, "ImagePolicy", "none", "unable to determine latest version from provided list")
    make(
        kube,
        git(),
        flux("ImageUpdateAutomation", "up", {"interval": "1m", "sourceRef": {"kind": "GitRepository", "name": "repo"}}),
    )
    assert text(condition(settled(kube, "ImageUpdateAutomation", "up", "True")), "message") == "repository up-to-date"


def test_a_receiver_listens_where_its_token_says(kube: KubeClient, running: Loop) -> None:
    make(kube, flux("Receiver", "hook", {"type": "github", "resources": [], "secretRef": {"name": "token"}}))
    assert text(condition(settled(kube, "Receiver", "hook", "False")), "reason") == "TokenNotFound"
    make(kube, secret("token", token="abc"))
    path = "/hook/" + hashlib.sha256(b"abchookdefault").hexdigest()
    obj = settled(kube, "Receiver", "hook", "True")
    assert (obj["status"]["webhookPath"], text(condition(obj), "message")) == (path, f"Receiver initialized for path: {path}")


def test_kinds_without_status(kube: KubeClient, running: Loop) -> None:
    make(
        kube,
        flux("Provider", "p", {"type": "slack"}),
        flux("Alert", "a", {"providerRef": {"name": "p"}, "eventSources": []}),
        git(),
    )
    settled(kube, "GitRepository", "repo", "True")
    assert ["status" in kube.get(named(k).resource, "default", n) for k, n in (("Provider", "p"), ("Alert", "a"))] == [
        False,
        False,
    ]


def test_a_generator_makes_artifacts_that_deploy(kube: KubeClient, running: Loop) -> None:
    source = {"alias": "a", "kind": "GitRepository", "name": "repo"}
    make(kube, git(), flux("ArtifactGenerator", "gen", {"sources": [source], "artifacts": [{"name": "made", "copy": []}]}))
    assert (
        text(condition(settled(kube, "ArtifactGenerator", "gen", "True")), "message")
        == "reconciliation succeeded, generated 1 artifact(s)"
    )
    assert text(condition(settled(kube, "ExternalArtifact", "made", "True")), "message") == "Artifact is ready"
    make(kube, kustomization(sourceRef={"kind": "ExternalArtifact", "name": "made"}))
    assert settled(kube, "Kustomization", "app", "True")["status"]["lastAppliedRevision"].startswith("latest@sha256:")


def test_events_and_log_lines(kube: KubeClient, running: Loop) -> None:
    make(kube, *controller_pod("source-controller"), git())
    obj = settled(kube, "GitRepository", "repo", "True")
    found = until(lambda: kube.list(EVENT, "default").items, bool)
    assert [(e["type"], e["reason"], e["message"], e["involvedObject"]["uid"]) for e in found] == [
        ("Normal", "NewArtifact", "stored artifact for commit 'update'", obj["metadata"]["uid"])
    ]
    pods = kube.list(kube.resolve("v1", "Pod"), labels="app=source-controller").items
    lines = until(lambda: list(kube.logs("flux-system", name_of(pods[0]))), bool)
    assert b'"msg":"stored artifact for commit \'update\'"' in lines[0]


def test_every_fault_of_a_scenario_can_be_played() -> None:
    world = World(plays=plays())
    for slug, entries in world.plays.items():
        for play in entries:
            spec = {"url": "u", "path": "p", "image": "i", "bucketName": "b", "ref": {"branch": "m", "tag": "t"}}
            obj = {"kind": play.kind, "metadata": {"name": "x", "namespace": "default"}, "spec": spec}
            world.faults[play.kind, "default", "x"] = slug
            with pytest.raises(Exception, match=r".") as caught:
                world.play(play.kind, obj)
            assert getattr(caught.value, "reason", "") == play.reason


def test_a_played_fault_shows_on_the_object(kube: KubeClient, world: World, running: Loop) -> None:
    world.plays = plays()
    world.faults["GitRepository", "default", "repo"] = "git-auth-failed"
    make(kube, git())
    obj = settled(kube, "GitRepository", "repo", "False")
    assert text(condition(obj), "message").endswith(
        "unable to clone 'https://example.com/repo': authentication required: Unauthorized"
    )


@pytest.mark.parametrize(
    ("version", "wanted", "fitting"),
    [("1.2.3", "1.2.3", True), ("1.2.3", "1.x", True), ("1.2.3", "^1.1", True), ("2.0.0", "^1.1", False), ("1.2.9", "~1.2.3", True),
     ("1.3.0", "~1.2.3", False), ("1.2.3", ">=1.0.0 <2.0.0", True), ("2.0.0", ">=1.0.0 <2.0.0", False), ("1.2.3", "*", True),
     ("1.2.3-rc1", "*", False), ("1.2.3-rc1", ">=1.0.0-0", True), ("3.0.0", "1.x || 3.x", True), ("0.2.5", "^0.2.3", True), ("0.3.0", "^0.2.3", False)],
)  # fmt: skip
def test_ranges_of_versions(version: str, wanted: str, fitting: bool) -> None:
    assert fits(version, wanted) is fitting


@pytest.mark.parametrize(
    "parts", [("ns", "name", "apps", "Deployment"), ("", "a:b", "rbac.example.com", "ClusterRole"), ("ns", "n", "", "Secret")]
)
def test_entries_of_an_inventory(parts: tuple[str, str, str, str]) -> None:
    assert entry_parts(entry_id(*parts)) == parts


def test_nothing_is_left_behind(kube: KubeClient, running: Loop) -> None:
    make(kube, git(), pod("bystander"))
    settled(kube, "GitRepository", "repo", "True")
    kube.delete(named("GitRepository").resource, "default", "repo")

    def gone() -> bool:
        try:
            kube.get(named("GitRepository").resource, "default", "repo")
        except NotFound:
            return True
        return False

    until(gone, bool)
    assert (kube.list(DEPLOYMENT).items, kube.list(SECRET).items) == ([], [])


def test_a_kustomization_waits_for_what_it_applied(kube: KubeClient, world: World, running: Loop) -> None:
    manifest = controller_pod("web", "default")[0]
    manifest.pop("status")
    world.scenario["kustomizations"] = [{"name": "app", "namespace": "default", "objects": [manifest]}]
    make(kube, git(), kustomization(wait=True, timeout="30s"))

    def waits(obj: Object) -> bool:
        return any(text(c, "type") == "Healthy" and text(c, "status") == "Unknown" for c in items(obj, "status.conditions"))

    obj = until(lambda: kube.get(named("Kustomization").resource, "default", "app"), waits)
    revision = obj["status"]["lastAttemptedRevision"]
    work = f"Running health checks for revision {revision} with a timeout of 30s"
    assert said(obj) == [
        ("Reconciling", "True", "Progressing", work),
        ("Ready", "Unknown", "Progressing", "Reconciliation in progress"),
        ("Healthy", "Unknown", "Progressing", work),
    ]
    workloads = Workloads(kube, World())
    workloads.start()
    obj = settled(kube, "Kustomization", "app", "True")
    workloads.stop()
    assert said(obj)[1] == ("Healthy", "True", "Succeeded", "Health check passed in 30.1ms")
    pods = kube.list(kube.resolve("v1", "Pod"), "default").items
    assert [(p["metadata"]["labels"]["app"], p["status"]["phase"]) for p in pods] == [("web", "Running")]


WAITING = {
    "workload-image-pull": ("Pending", "ImagePullBackOff"),
    "workload-crashing": ("Running", "CrashLoopBackOff"),
    "workload-config-missing": ("Pending", "CreateContainerConfigError"),
    "workload-pending": ("Pending", ""),
}


@pytest.mark.parametrize("slug", WAITING)
def test_a_workload_with_a_fault_says_why_in_its_pod(kube: KubeClient, world: World, slug: str) -> None:
    world.plays = plays()
    world.faults["Deployment", "default", "web"] = slug
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": "i:1"}]}}
    spec = {"selector": {"matchLabels": labels}, "template": template}
    make(kube, {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "default"}, "spec": spec})
    workloads = Workloads(kube, world)
    workloads.start()
    found = until(
        lambda: kube.list(POD, "default").items, lambda pods: bool(pods) and condition(pods[0], "PodScheduled") is not None
    )[0]
    workloads.stop()
    assert (found["status"]["phase"], text(found, "status.containerStatuses.0.state.waiting.reason")) == WAITING[slug]
    placed = condition(found, "PodScheduled")
    assert (placed["status"], placed.get("reason", "")) == (("True", "") if WAITING[slug][1] else ("False", "Unschedulable"))
    deployment = kube.get(DEPLOYMENT, "default", "web")
    assert condition(deployment, "Available")["reason"] == "MinimumReplicasUnavailable"
    assert deployment["status"]["unavailableReplicas"] == 1


def test_a_health_check_that_fails(kube: KubeClient, running: Loop) -> None:
    checks = [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "absent"}]
    make(kube, git(), kustomization(healthChecks=checks, timeout="100ms"))
    obj = until(lambda: settled(kube, "Kustomization", "app", "False"), lambda o: "HealthCheckFailed" in str(said(o)))
    assert text(condition(obj), "message").endswith("timeout waiting for: [Deployment/default/absent status: 'NotFound']")


def test_an_object_of_an_odd_shape_holds_up_nobody(kube: KubeClient, running: Loop) -> None:
    make(kube, flux("HelmRelease", "odd", {"chart": {"spec": {"sourceRef": 3, "chart": []}}, "valuesFrom": "x"}))
    make(kube, git())
    settled(kube, "GitRepository", "repo", "True")
