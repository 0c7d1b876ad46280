"""The forms of an answer: text, Markdown, YAML, a tree on a terminal, several at once, the runbook, the cluster."""

import json
import pathlib

import pytest
from diagnosis.chains import PATH, SOURCE, older, running
from diagnosis.scenarios import GIT, HOOK, LOOP, WAITS, WEB
from diagnosis.world import by, condition, deployment, failing, hr, inventory, kept, ks, made, pod, ready, waiting
from front_door import Flux

BROKEN = [GIT, ks("apps", "HealthCheckFailed", WAITS, status=inventory("apps_web_apps_Deployment")), WEB, pod(WEB, [LOOP])]


@pytest.fixture
def broken(tmp_path: pathlib.Path) -> pathlib.Path:
    return kept(
        tmp_path / "snapshot",
        *BROKEN,
        **{"pod_web-5f6c7d8e9-abcde": "starting\npanic: no DATABASE_URL at postgres://app:hunter22@db/x\n"},
    )


def test_the_text_of_an_incident_note(flux: Flux, broken: pathlib.Path) -> None:
    got = flux(f"troubleshoot ks apps -n apps --from {broken}")
    assert got.code == 3
    assert (
        got.out
        == """\
✗ Kustomization apps/apps: workload-crashloop

A container starts and exits again and again; its log says why.

Change:     Deployment apps/web
Cause:      workload-crashloop (certain)

Chain
  Kustomization apps/apps [Failed]: health check failed after 30.01s: timeout waiting for: [Deployment/apps/web status: 'InProgress']
    workload Deployment apps/web [Failed]

Evidence
  Pod apps/web-5f6c7d8e9-abcde, status.containerStatuses.0.lastState.terminated
    Error: container main: exit code 1
  Pod apps/web-5f6c7d8e9-abcde, log
    starting
    panic: no DATABASE_URL at postgres://***@db/x

Next
  kubectl logs -n apps deployment/web --all-containers --tail=50 --previous
  kubectl describe deployment web -n apps
"""
    )


def test_markdown_for_a_ticket(flux: Flux, broken: pathlib.Path) -> None:
    got = flux(f"why ks/apps -n apps --from {broken} -o markdown")
    assert got.code == 3
    assert got.out.startswith("### `Kustomization apps/apps`: workload-crashloop\n")
    assert "**Change** `Deployment apps/web` — workload-crashloop (certain)" in got.out
    assert "hunter22" not in got.out


def test_a_terminal_gets_a_tree_that_says_the_same(flux: Flux, broken: pathlib.Path) -> None:
    got = flux(f"why ks/apps -n apps --from {broken}", tty=True)
    assert "\x1b[" in got.out
    for words in ("workload-crashloop", "Deployment apps/web", "[Failed]", "kubectl describe deployment web -n apps"):
        assert words in got.out


def test_yaml_and_json_are_the_same_facts(flux: Flux, broken: pathlib.Path) -> None:
    answer = json.loads(flux(f"why ks/apps -n apps --from {broken} -o json").out)
    assert (answer["apiVersion"], answer["kind"]) == ("diagnosis.flux-cli.dev/v1", "Diagnosis")
    assert "code: workload-crashloop" in flux(f"why ks/apps -n apps --from {broken} -o yaml").out


def test_several_at_once(flux: Flux, broken: pathlib.Path) -> None:
    answer = json.loads(flux(f"why ks/apps gitrepo/apps -n apps --from {broken} -o json").out)
    assert answer["kind"] == "DiagnosisList"
    assert [d["healthy"] for d in answer["items"]] == [False, True]


def test_one_of_several_does_not_exist(flux: Flux, broken: pathlib.Path) -> None:
    got = flux(f"why ks/apps ks/appz -n apps --from {broken}")
    assert got.code == 1
    assert "workload-crashloop" in got.out
    assert 'Kustomization "appz" not found in apps namespace\nNear names in apps: apps\n' in got.err


def test_a_healthy_object(flux: Flux, tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", GIT, ks("apps", status=inventory("apps_web_apps_Deployment")), deployment(up=True))
    got = flux(f"why ks/apps -n apps --from {folder}")
    assert (got.code, got.err) == (0, "")
    assert got.out.startswith("✔ Kustomization apps/apps: healthy\n")


def test_unhealthy_without_a_cause(flux: Flux, tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", failing("GitRepository", "apps", "Whatever", "something nobody has seen before"))
    got = flux(f"why gitrepo/apps -n apps --from {folder} -o json")
    assert got.code == 4
    assert json.loads(got.out)["causes"] == []


def test_work_in_progress_is_told_as_such(flux: Flux, tmp_path: pathlib.Path) -> None:
    conditions = [
        condition("Reconciling", "True", "Progressing", "Building manifests for revision main@sha1:1"),
        condition("Ready", "Unknown", "Progressing", "Reconciliation in progress"),
    ]
    folder = kept(
        tmp_path / "s",
        GIT,
        made(
            "Kustomization",
            "apps",
            spec={"sourceRef": {"kind": "GitRepository", "name": "apps"}},
            status={"conditions": conditions, "observedGeneration": 1},
        ),
    )
    got = flux(f"why ks/apps -n apps --from {folder}")
    assert got.code == 4
    assert "is being worked on, and nothing failed so far: Building manifests for revision main@sha1:1\n" in got.out


def test_a_wait_for_a_young_workload_is_no_failure(flux: Flux, tmp_path: pathlib.Path) -> None:
    waits = running("Kustomization", "apps", "Running health checks", inventory("apps_web_apps_Deployment"), sourceRef=SOURCE)
    folder = kept(tmp_path / "s", GIT, waits, deployment())
    got = flux(f"why ks/apps -n apps --from {folder}")
    assert got.code == 4
    assert "is being worked on, and nothing failed so far: Running health checks\n" in got.out


def test_what_an_older_spec_showed_is_not_certain(flux: Flux, tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", GIT, older(ks("apps", "ArtifactFailed", PATH)))
    first = json.loads(flux(f"why ks/apps -n apps --from {folder} -o json").out)["causes"][0]
    assert (first["code"], first["confidence"]) == ("kustomize-path-not-found", "likely")


def test_what_was_waited_for_is_there(flux: Flux, tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", GIT, ks("apps", "ArtifactFailed", "Source artifact not found, retrying in 30s"))
    got = flux(f"why ks/apps -n apps --from {folder}")
    assert "waited for GitRepository apps/apps, which has an artifact by now: it goes on at its next try.\n" in got.out
    assert "  flux reconcile kustomization apps -n apps\n" in got.out


def test_the_six_steps(flux: Flux, broken: pathlib.Path) -> None:
    steps = json.loads(flux(f"why ks/apps -n apps --steps --from {broken} -o json").out)["steps"]
    assert [s["title"] for s in steps] == [
        "Status of the object", "Chart and source", "The Kustomization that made it", "Logs of the controllers", "Workloads, pods, events", "Verdict",
    ]  # fmt: skip
    assert [s["state"] for s in steps] == ["problem", "ok", "skipped", "unknown", "problem", "problem"]
    text = flux(f"why ks/apps -n apps --steps --from {broken}").out
    assert "  5. ✗ Workloads, pods, events\n     $ kubectl get all,events -n apps\n     Deployment apps/web: not up\n" in text


def test_the_cluster_in_groups(flux: Flux, tmp_path: pathlib.Path) -> None:
    """Two that fail for one cause are one group; what waits for it is blocked; the healthy namespace is named."""
    folder = kept(
        tmp_path / "s",
        failing("GitRepository", "apps", "GitOperationFailed", "unable to clone 'https://h/r': authentication required: ", spec={"secretRef": {"name": "creds"}}),
        made("Secret", "creds", data={"password": ""}),
        ks("apps", "ArtifactFailed", "Source artifact not found, retrying in 30s"),
        ks("late", "DependencyNotReady", "dependency 'apps/apps' is not ready", dependsOn=[{"name": "apps"}]),
        ready("GitRepository", "fine", "well"),
        made("Kustomization", "off", spec={"suspend": True, "sourceRef": {"kind": "GitRepository", "name": "apps"}}),
    )  # fmt: skip
    got = flux(f"troubleshoot -A --from {folder} -o json")
    answer = json.loads(got.out)
    assert got.code == 3
    assert [(g["code"], g["object"]["kind"]) for g in answer["groups"]] == [
        ("git-auth-failed", "Secret"),
        ("object-suspended", "Kustomization"),
    ]
    assert [r["name"] for r in answer["groups"][0]["symptoms"]] == ["apps"]
    assert {r["name"] for r in answer["groups"][0]["blocks"]} >= {"apps", "late"}
    assert answer["healthyNamespaces"] == ["well"]
    assert answer["counts"] == {"objects": 5, "healthy": 1}
    text = flux(f"troubleshoot --from {folder}").out
    assert text.startswith("✗ 1 of 5 Flux objects healthy; 2 causes\n\n1. git-auth-failed: Secret apps/creds\n")
    assert "Healthy namespaces: well" in text


def test_a_healthy_cluster(flux: Flux, tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", GIT, ks("apps"))
    got = flux(f"troubleshoot --from {folder}")
    assert (got.code, got.out.splitlines()[0]) == (0, "✔ 2 of 2 Flux objects healthy; 0 causes")


def test_labels_narrow_the_triage(flux: Flux, tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", *BROKEN, ready("GitRepository", "b", labels={"team": "b"}))
    assert json.loads(flux(f"troubleshoot -l team=b --from {folder} -o json").out)["counts"] == {"objects": 1, "healthy": 1}


def test_two_faults_at_once(flux: Flux, tmp_path: pathlib.Path) -> None:
    """The object's own fault comes first, that of its parent's source after it."""
    folder = kept(
        tmp_path / "s",
        hr("web", "InstallFailed", "Helm install failed for release apps/web with chart web@1.0.0: execution error at (x): boom", labels=by("Kustomization", "apps")),
        ready("HelmRepository", "charts"), ks("apps"),
        failing("GitRepository", "apps", "GitOperationFailed", "unable to clone 'https://h/r': repository not found: "),
    )  # fmt: skip
    answer = json.loads(flux(f"why hr/web -n apps --from {folder} -o json").out)
    assert [c["code"] for c in answer["causes"]] == ["template-render-error", "git-repo-not-found"]


def test_a_hook_brings_the_words_of_its_pod(flux: Flux, tmp_path: pathlib.Path) -> None:
    """The image of the hook cannot be pulled: the hook is the cause, its pod the evidence, the image the second cause."""
    message = "Helm install failed for release apps/web with chart web@1.0.0: failed pre-install: timeout waiting for: [Job/apps/web-migrate status: 'InProgress']"
    objects = [
        ready("HelmRepository", "charts"),
        hr("web", "InstallFailed", message),
        HOOK,
        pod(HOOK, [waiting("ImagePullBackOff", "Back-off")], name="web-migrate-x"),
    ]
    answer = json.loads(flux(f"why hr/web -n apps --from {kept(tmp_path / 's', *objects)} -o json").out)
    assert [c["code"] for c in answer["causes"]] == ["hook-failed", "workload-image-pull"]
    assert [e["object"]["kind"] for e in answer["causes"][0]["evidence"]] == ["HelmRelease", "Pod"]


def test_explain_a_message(flux: Flux) -> None:
    got = flux(
        "explain", "kustomization path not found: stat /tmp/kustomization-1/no/such: no such file or directory", "-o", "json"
    )
    answer = json.loads(got.out)
    assert (got.code, answer["kind"], answer["causes"][0]["code"]) == (0, "Explanation", "kustomize-path-not-found")


def test_explain_a_log_line_from_standard_input(flux: Flux) -> None:
    line = '{"level":"error","msg":"Reconciler error","controllerKind":"HelmRelease","name":"web","namespace":"apps","error":"cannot re-use a name that is still in use"}'
    got = flux("explain", stdin=line)
    assert got.code == 0
    assert got.out.startswith("helm-release-state\n")
    assert "helm history web -n apps" in got.out


def test_explain_what_nobody_knows(flux: Flux) -> None:
    got = flux("explain", "the moon is full")
    assert (got.code, got.out) == (
        4,
        "No rule knows this message. With the cluster at hand: flux troubleshoot KIND NAME -n NAMESPACE\n",
    )


def test_explain_nothing(flux: Flux) -> None:
    assert flux("explain", stdin="  \n").code == 1
