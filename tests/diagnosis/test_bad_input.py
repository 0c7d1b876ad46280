"""What comes from outside may be wrong, hostile, forbidden, cut or very much."""

import json
import pathlib
from collections.abc import Mapping
from typing import Any

import pytest
from diagnosis.scenarios import GIT, LOOP, WAITS, WEB, applied, git
from diagnosis.world import event, failing, inventory, kept, ks, made, pod
from front_door import Flux

from flux_cli.core import api
from flux_cli.core.app import Settings
from flux_cli.core.errors import Forbidden
from flux_cli.main import connect


class Restricted:
    """A cluster that refuses some kinds, as the API server says it; and counts what is asked of it."""

    def __init__(self, inner: api.Cluster, refused: tuple[str, ...] = ()) -> None:
        self._inner, self._refused = inner, refused
        self.asked: list[tuple[str, str, str]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def within(self, seconds: float) -> "Restricted":
        self._inner = self._inner.within(seconds)
        return self

    def get(self, resource: api.Resource, namespace: str, name: str, **more: Any) -> Any:
        self._check("get", resource, namespace, name)
        return self._inner.get(resource, namespace, name, **more)

    def list(self, resource: api.Resource, namespace: str = "", **more: Any) -> Any:
        self._check("list", resource, namespace, "")
        return self._inner.list(resource, namespace, **more)

    def logs(self, namespace: str, pod: str, **more: Any) -> Any:
        self._check("log", api.POD, namespace, pod)
        return self._inner.logs(namespace, pod, **more)

    def _check(self, verb: str, resource: api.Resource, namespace: str, name: str) -> None:
        self.asked.append((verb, resource.kind, f"{namespace}/{name}"))
        if resource.kind in self._refused:
            raise Forbidden(
                f'{resource.plural} is forbidden: User "viewer" cannot {verb} resource "{resource.plural}"', status=403
            )


def restricted(tmp_path: pathlib.Path, *refused: str) -> tuple[Flux, list[Restricted]]:
    made_: list[Restricted] = []

    def reach(settings: Settings, environ: Mapping[str, str]) -> Any:
        made_.append(Restricted(connect(settings, environ), refused))
        return made_[0]

    return Flux(str(tmp_path), reach), made_


def test_secrets_that_may_not_be_read_are_not_missing(tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", *git("unable to clone 'https://h/r': authentication required: ", secretRef={"name": "creds"}))
    flux, _ = restricted(tmp_path, "Secret")
    answer = json.loads(flux(f"why gitrepo/apps -n apps --from {folder} -o json").out)
    assert (answer["causes"][0]["code"], answer["causes"][0]["object"]["name"]) == ("git-auth-failed", "creds")
    assert any("Secret apps/creds could not be read" in note for note in answer["notes"])


def test_pods_that_may_not_be_listed_are_a_note(tmp_path: pathlib.Path) -> None:
    folder = kept(
        tmp_path / "s", *applied(WAITS, "HealthCheckFailed", status=inventory("apps_web_apps_Deployment")), WEB, pod(WEB, [LOOP])
    )
    flux, _ = restricted(tmp_path, "Pod")
    got = flux(f"why ks/apps -n apps --from {folder}")
    assert got.code == 3
    assert "Change:     Deployment apps/web\n" in got.out
    assert "Not seen, so this holds as far as the rest goes\n  pods in flux-system could not be listed" in got.out


def test_no_rights_at_all(tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", GIT, ks("apps"))
    flux, _ = restricted(tmp_path, "Kustomization")
    got = flux(f"why ks/apps -n apps --from {folder}")
    assert (got.code, got.out) == (1, "")
    assert got.err.startswith("✗ Kustomization apps/apps could not be read: kustomizations is forbidden")


def test_a_triage_lists_each_kind_once(tmp_path: pathlib.Path) -> None:
    """And it reads neither single objects nor the logs of what fails: there may be thousands."""
    folder = kept(
        tmp_path / "s", *applied(WAITS, "HealthCheckFailed", status=inventory("apps_web_apps_Deployment")), WEB, pod(WEB, [LOOP])
    )
    flux, made_ = restricted(tmp_path)
    assert flux(f"troubleshoot -A --from {folder}").code == 3
    asked = made_[0].asked
    assert len(asked) == len(set(asked))
    assert [a for a in asked if a[0] != "list"] == []
    assert {a[2] for a in asked} == {"/"}


def test_rights_in_one_namespace_are_enough(tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", *applied('kustomize build failed: json: unknown field "x"', "BuildFailed"))
    flux, made_ = restricted(tmp_path)
    got = flux(f"troubleshoot -n apps --from {folder}")
    assert (got.code, got.out.splitlines()[0]) == (3, "✗ 1 of 2 Flux objects healthy; 1 cause")
    assert {space for verb, _, space in made_[0].asked if verb == "list"} == {"apps/", "flux-system/"}


def test_one_symptom_asks_for_little(tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", *applied('kustomize build failed: json: unknown field "x"', "BuildFailed"))
    flux, made_ = restricted(tmp_path)
    assert flux(f"why ks/apps -n apps --from {folder}").code == 3
    assert sorted(made_[0].asked) == [
        ("get", "GitRepository", "apps/apps"), ("get", "Kustomization", "apps/apps"),
        ("list", "Deployment", "flux-system/"), ("list", "Event", "apps/"), ("list", "Pod", "flux-system/"),
    ]  # fmt: skip


def test_a_chain_that_ends_in_another_cluster(flux: Flux, tmp_path: pathlib.Path) -> None:
    """What was deployed elsewhere is not missing here."""
    folder = kept(
        tmp_path / "s",
        GIT,
        ks("apps", kubeConfig={"secretRef": {"name": "remote"}}, status=inventory("apps_web_apps_Deployment")),
        made("Secret", "remote", data={"value": ""}),
    )
    assert flux(f"why ks/apps -n apps --from {folder}").code == 0


def test_log_lines_that_are_not_json(flux: Flux, tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", made("Kustomization", "apps", spec={}), kustomize_controller='I1123 klog line\n{"level":"error"\n\n[]\n"x"\n{"level":"error","msg":"build failed","controllerKind":"Kustomization","name":"apps","namespace":"apps","error":"kustomization path not found: stat /tmp/kustomization-1/x: no such file or directory"}\n')  # fmt: skip
    assert json.loads(flux(f"why ks/apps -n apps --from {folder} -o json").out)["causes"][0]["code"] == "kustomize-path-not-found"


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": 7}, {"status": {"conditions": "x"}}, {"status": {"conditions": [7, None, {"type": 3}]}}, {"status": {"inventory": {"entries": [1, {"id": 2}, {"id": "a_b"}]}}},
        {"spec": None}, {"spec": []}, {"spec": {"sourceRef": 3, "dependsOn": {"a": 1}, "postBuild": 2}}, {"metadata": {"name": "apps", "namespace": "apps", "labels": [], "annotations": 3, "finalizers": 4, "ownerReferences": "x"}},
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "kind", ["Kustomization", "HelmRelease", "GitRepository", "Alert", "Receiver", "Deployment", "Pod", "Job"]
)
def test_statuses_of_wrong_types(flux: Flux, tmp_path: pathlib.Path, kind: str, wrong: dict[str, Any]) -> None:
    obj = made(kind, "apps", spec={}) | wrong
    folder = kept(tmp_path / "s", obj, GIT if kind != "GitRepository" else ks("x"), event(obj, "Failed", "x"))
    for line in (f"why {kind}/apps -n apps --from {folder} --steps", f"troubleshoot --from {folder}"):
        got = flux(line)
        assert got.code in (0, 3, 4), got
        assert "internal error" not in got.err


def test_control_characters_never_reach_the_terminal(flux: Flux, tmp_path: pathlib.Path) -> None:
    evil = "unable to clone 'https://h/r\x1b]0;owned\x07': authentication required: \x1b[2J\u202egnp.exe"
    folder = kept(tmp_path / "s", failing("GitRepository", "apps", "GitOperationFailed", evil))
    for tty in (False, True):
        for line in (
            f"why gitrepo/apps -n apps --from {folder}",
            f"troubleshoot --from {folder}",
            f"why gitrepo/apps -n apps --from {folder} -o markdown --steps",
        ):
            out = flux(line, tty=tty).out
            assert not {"\x07", "\u202e"} & set(out)
            assert "\x1b]" not in out
            assert "\x1b[2J" not in out


def test_names_cannot_run_anything_when_copied(flux: Flux) -> None:
    """A name from a message stands quoted in the commands."""
    got = flux("explain", "dependency 'apps/$(reboot)' is not ready", "--kind", "Kustomization")
    assert "$(reboot)" not in got.out.replace("'$(reboot)'", "")


def test_a_snapshot_cut_in_half(flux: Flux, tmp_path: pathlib.Path) -> None:
    whole = (kept(tmp_path / "s", GIT, ks("apps")) / "objects.json").read_bytes()
    half = tmp_path / "half.json"
    half.write_bytes(whole[: len(whole) // 2])
    got = flux(f"troubleshoot --from {half}")
    assert (got.code, got.out) == (1, "")
    assert str(half) in got.err
    assert "internal error" not in got.err


def test_an_empty_folder(flux: Flux, tmp_path: pathlib.Path) -> None:
    assert flux(f"troubleshoot --from {tmp_path}").code == 1


def test_three_thousand_objects(flux: Flux, tmp_path: pathlib.Path) -> None:
    """One cause behind half of them is one group on one screen."""
    many = [ks(f"k{i}", "ArtifactFailed", "Source artifact not found, retrying in 30s") for i in range(1500)]
    fine = [ks(f"f{i}", source="GitRepository/fine") for i in range(1500)]
    folder = kept(
        tmp_path / "s",
        git("unable to clone 'https://h/r': repository not found: ")[0],
        GIT | {"metadata": GIT["metadata"] | {"name": "fine"}},
        *many,
        *fine,
    )
    got = flux(f"troubleshoot --from {folder}")
    assert got.code == 3
    assert len(got.out.splitlines()) < 24
    assert got.out.startswith("✗ 1501 of 3002 Flux objects healthy; 1 cause\n")
