"""The forms of a question: kinds of any API, several objects, selectors, narrow terminals."""

import json
import pathlib
import re

from diagnosis.rollouts import KS, custom, rolling
from diagnosis.scenarios import GIT, LOOP, WAITS, WEB
from diagnosis.world import condition, failing, inventory, kept, ks, made, pod, waiting
from front_door import Flux

from flux_cli.core.app import Settings
from flux_cli.core.objects import Ref
from flux_cli.diagnosis.reader import Reader
from flux_cli.main import connect

CRD = made(
    "CustomResourceDefinition", "things.x.io", "", api_version="apiextensions.k8s.io/v1",
    spec={
        "group": "x.io", "scope": "Namespaced", "names": {"kind": "Thing", "plural": "things", "shortNames": ["tg"]},
        "versions": [{"name": "v1", "served": True, "storage": True}],
    },
)  # fmt: skip
REFUSED = custom(condition("Ready", "False", "Refused", "no licence"))


def test_an_object_of_any_kind_that_the_cluster_serves(flux: Flux, tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", CRD, REFUSED)
    for word in ("Thing/t", "things/t", "things.x.io/t"):
        got = flux(f"why {word} -n apps --from {folder} -o json")
        cause = json.loads(got.out)["causes"][0]
        assert (got.code, cause["code"], cause["object"]["kind"]) == (3, "workload-not-ready", "Thing")


def test_an_object_without_a_namespace(flux: Flux, tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", made("Namespace", "apps", "", status={"phase": "Active"}), GIT)
    assert flux(f"why ns apps -n elsewhere --from {folder}").out == "✔ Namespace apps: healthy\n"
    gone = flux(f"why ns app --from {folder}")
    assert (gone.code, gone.err) == (1, '✗ Namespace "app" not found\nNear names: apps\n')


def test_a_kind_that_nobody_serves(flux: Flux, tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", GIT)
    got = flux(f"why helmrelase web --from {folder}")
    assert (got.code, got.err) == (1, "✗ unknown kind helmrelase\nDid you mean helmrelease, replicaset?\n")


def test_each_name_that_does_not_exist_is_told(flux: Flux, tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", GIT, ks("apps"), ks("infra"))
    got = flux(f"why ks/app ks/infra ks/infr -n apps --from {folder}")
    assert (got.code, got.out.splitlines()[0]) == (1, "✔ Kustomization apps/infra: healthy")
    assert got.err == (
        '✗ Kustomization "app" not found in apps namespace\nNear names in apps: apps\n'
        '✗ Kustomization "infr" not found in apps namespace\nNear names in apps: infra\n'
    )


def test_a_rollout_under_way_has_no_cause_yet(flux: Flux, tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", d := rolling(), pod(d, [waiting("ContainerCreating")]))
    got = flux(f"why deploy web -n apps --from {folder}")
    assert got.code == 4
    assert "Deployment apps/web is not up yet, and nothing that it shows speaks of trouble so far." in got.out


def test_what_an_object_needs_is_worked_out_once(tmp_path: pathlib.Path) -> None:
    kept(tmp_path / "s", GIT, ks("apps"))
    cluster = connect(Settings(from_path=str(tmp_path / "s")), {})
    one, other = Reader(cluster), Reader(cluster)
    found = one.get(Ref("Kustomization", "apps", "apps"))
    assert found is not None
    assert [need.ref for need in one.needs(found)] == [Ref("GitRepository", "apps", "apps")]
    assert one.needs(found) is one.needs(found)
    assert other.needs(found) is not one.needs(found)


def test_selectors_of_sets_narrow_the_triage(flux: Flux, tmp_path: pathlib.Path) -> None:
    build = 'kustomize build failed: json: unknown field "x"'
    folder = kept(tmp_path / "s", GIT, ks("a", "BuildFailed", build, labels={"team": "one"}), ks("b", "BuildFailed", build))
    assert flux(f"why -l 'team in (one,two)' --from {folder}").out.startswith("✗ 0 of 1 Flux objects healthy; 1 cause\n")
    assert flux(f"why -l '!team' --from {folder}").out.startswith("✗ 1 of 2 Flux objects healthy; 1 cause\n")
    wrong = flux(f"why -l 'team in (' --from {folder}")
    assert (wrong.code, wrong.err.splitlines()[1]) == (1, "Write key=value, key in (a,b), key or !key")


def test_nothing_to_look_at_is_not_health(flux: Flux, tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", GIT)
    none = flux(f"why -l team=none --from {folder}")
    assert (none.code, none.out, none.err) == (1, "", "✗ no Flux objects found in this cluster with labels team=none\n")


def test_commands_stay_whole_on_a_narrow_terminal(flux: Flux, tmp_path: pathlib.Path) -> None:
    shown = ks("apps", "HealthCheckFailed", WAITS, status=inventory("apps_web_apps_Deployment"))
    folder = kept(tmp_path / "s", GIT, shown, WEB, pod(WEB, [LOOP]), **{"pod_web-5f6c7d8e9-abcde": "one\ntwo\n"})
    kind, namespace, name = KS.split("/")
    got = flux(f"why {kind} {name} -n {namespace} --from {folder}", tty=True, COLUMNS="40")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", got.out)
    assert "\n  kubectl logs -n apps deployment/web --all-containers --tail=50 --previous\n" in plain
    assert "\nPod apps/web-5f6c7d8e9-abcde, log\none\ntwo\n" in plain  # lines of one log stand together


def test_what_was_deployed_to_another_cluster_is_not_looked_for_here(flux: Flux, tmp_path: pathlib.Path) -> None:
    """A workload of the same name here says nothing about the one there."""
    remote = ks("apps", "HealthCheckFailed", WAITS, kubeConfig={"secretRef": {"name": "kc"}})
    folder = kept(tmp_path / "s", GIT, remote, made("Secret", "kc", data={"value": ""}), WEB, pod(WEB, [LOOP]))
    got = flux(f"why ks apps -n apps --from {folder} -o json")
    answer = json.loads(got.out)
    assert [c["code"] for c in answer["causes"]] == ["workload-not-ready"]
    assert answer["notes"] == [
        "what Kustomization apps/apps applies is in another cluster (spec.kubeConfig) and was not looked at"
    ]


def test_a_payload_that_was_refused_counts_until_one_is_taken(flux: Flux, tmp_path: pathlib.Path) -> None:
    token = made("Secret", "token", data={"token": ""})
    hook = failing(
        "Receiver",
        "hook",
        "x",
        "",
        spec={"secretRef": {"name": "token"}, "resources": [{"kind": "GitRepository", "name": "apps"}]},
    )
    hook["status"]["conditions"][0] |= {"status": "True", "reason": "Succeeded"}
    about = {"reconciler kind": "Receiver", "name": "hook", "namespace": "apps", "ts": "2026-11-23T09:30:00Z"}
    refused = json.dumps(
        about | {"level": "error", "msg": "unable to validate payload", "error": "the GitHub signature header is invalid"}
    )
    taken = json.dumps(about | {"level": "info", "msg": "resource 'GitRepository/apps.apps' annotated"})
    bad = kept(tmp_path / "bad", GIT, token, hook, notification_controller=f"{taken}\n{refused}\n")
    good = kept(tmp_path / "good", GIT, token, hook, notification_controller=f"{refused}\n{taken}\n")
    assert (
        json.loads(flux(f"why receiver hook -n apps --from {bad} -o json").out)["causes"][0]["code"] == "receiver-misconfigured"
    )
    assert flux(f"why receiver hook -n apps --from {good}").code == 0


def test_a_triage_names_some_of_many(flux: Flux, tmp_path: pathlib.Path) -> None:
    """Of hundreds that nothing explains the first are listed, and how many more there are."""
    odd = [
        failing("Kustomization", f"k{n:03}", "Odd", "nobody knows", spec={"sourceRef": {"kind": "GitRepository", "name": "apps"}})
        for n in range(300)
    ]
    folder = kept(tmp_path / "s", GIT, *odd)
    for form in ("", "-o markdown"):
        got = flux(f"why -A {form} --from {folder}")
        assert got.code == 4
        assert "and 280 more\n" in got.out
        assert len(got.out.splitlines()) < 40
