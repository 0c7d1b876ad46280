"""``diff kustomization`` against a real API server: the transcripts of the Go CLI, and what it is asked for beyond."""

import base64
import gzip
import json
import shutil

import pytest
from building.conftest import Tree, crd
from building.live import FOUND, Live, config_map, deployment, manifests, secret, service

pytestmark = pytest.mark.real


def test_no_change_but_what_is_gone(live: Live, tree: Tree) -> None:
    objects = (config_map("front", k="v"), deployment("front"), service("front"))
    for obj in objects:
        live.apply(obj)
    tree({"apps/all.yaml": manifests(*objects)})
    assert live.diff() == (1, "► ConfigMap/live/gone deleted\n", FOUND)
    tree({"apps/all.yaml": manifests(*objects, config_map("gone"))})
    live.apply(config_map("gone"))
    assert live.diff() == (0, "", "")


def test_what_is_new_and_what_is_gone(live: Live, tree: Tree) -> None:
    tree({"apps/all.yaml": manifests(deployment("crash"))})
    said = "► Deployment/live/crash created\n► ConfigMap/live/front deleted\n► ConfigMap/live/gone deleted\n"
    assert live.diff() == (1, said, FOUND)
    assert live.cluster.call("GET", "/apis/apps/v1/namespaces/live/deployments/crash")[0] == 404


def test_a_drift_beside_other_managers(live: Live, tree: Tree) -> None:
    live.apply(deployment("front", env=[{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]))
    scaled = deployment("front")
    scaled["spec"] = {"replicas": 4}
    live.apply(scaled, "scaler")
    wanted = deployment("front", env=[{"name": "A", "value": "3"}])
    del wanted["spec"]["replicas"]
    tree({"apps/all.yaml": manifests(wanted, config_map("front"), config_map("gone"))})
    live.apply(config_map("front"))
    live.apply(config_map("gone"))
    report = (
        "► Deployment/live/front drifted\n\nmetadata.generation\n± value change\n- 2\n+ 3\n\n"
        "spec.template.spec.containers.front.env\n- one list entry removed:\n- name: B\n"
        "  value: 2\n\nspec.template.spec.containers.front.env.A.value\n± value change\n- 1\n+ 3\n\n"
    )
    assert live.diff() == (1, report, FOUND)


def test_values_of_secrets_never_show(live: Live, tree: Tree) -> None:
    live.apply(secret("creds", same="s1", changed="before-it", old="gone-now"))
    tree(
        {
            "apps/all.yaml": manifests(
                secret("creds", same="s1", changed="after-it", new="fresh-one"), secret("other", a="fresh-two")
            )
        }
    )
    words = ("before-it", "after-it", "gone-now", "fresh-one", "fresh-two")

    hidden = [*words, *(base64.b64encode(word.encode()).decode() for word in words)]
    for form in ("", "unified", "markdown", "json", "html", "external"):
        for mode in ("server", "client"):
            answer = live.diff(*(("--output", form) if form else ()), "--mode", mode)
            assert answer.code == 1
            assert not [word for word in hidden if word in answer.out + answer.err], (form, mode)
    assert live.diff().out.startswith(
        '► Secret/live/creds drifted\n\ndata\n- one map entry removed:   + one map entry added:\nold: "***"                   new: "***"\n'
        "\ndata.changed\n± value change\n- *** (before)\n+ *** (after)\n\n► Secret/live/other created\n"
    )


def test_rules_of_the_controller(live: Live, tree: Tree) -> None:
    group = "kustomize.toolkit.fluxcd.io"
    objects = [config_map(name, k="new") for name in ("off", "absent", "once", "front", "gone")]
    for obj in objects:
        if obj["metadata"]["name"] != "absent":
            live.apply({**obj, "data": {"k": "old"}} if obj["metadata"]["name"] in ("off", "once") else obj)
    for obj, key, value in zip(
        objects, ("reconcile", "reconcile", "ssa"), ("disabled", "disabled", "IfNotPresent"), strict=False
    ):
        obj["metadata"]["annotations"] = {f"{group}/{key}": value}
    tree({"apps/all.yaml": manifests(*objects)})
    answer = live.diff()
    assert answer == (0, "► ConfigMap/live/off skipped\n► ConfigMap/ skipped\n► ConfigMap/live/once skipped\n", "")


def test_ignored_fields(live: Live, tree: Tree) -> None:
    for name in ("front", "gone"):
        live.apply(config_map(name, k="old", other="o"))
    rules = [{"paths": ["/data/k"], "target": {"kind": "ConfigMap", "name": "fr.*"}}]
    patch = {"spec": {"ignore": rules}}
    path = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/live/kustomizations/demo"
    live.cluster.call("PATCH", path, patch, "application/merge-patch+json")
    tree({"apps/all.yaml": manifests(*(config_map(name, k="new", other="o") for name in ("front", "gone")))})
    answer = live.diff()
    live.cluster.call("PATCH", path, {"spec": {"ignore": None}}, "application/merge-patch+json")
    assert answer == (1, "► ConfigMap/live/gone drifted\n\ndata.k\n± value change\n- old\n+ new\n\n", FOUND)


def test_what_the_server_refuses(live: Live, tree: Tree) -> None:
    live.apply(deployment("front"))
    moved = deployment("front")
    moved["spec"]["selector"]["matchLabels"] = moved["spec"]["template"]["metadata"]["labels"] = {"app": "moved"}
    tree({"apps/all.yaml": manifests(moved, service("bad", {"port": 80}, {"port": 90}), {**config_map("x"), "kind": "Nope"})})
    answer = live.diff()
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.startswith(
        '✗ [Deployment/live/front dry-run failed (Invalid): Deployment.apps "front" is invalid: spec.selector:'
    )
    assert "Service/live/bad dry-run failed (Invalid): " in answer.err
    assert 'Nope/live/x dry-run failed: no matches for kind "Nope" in version "v1"' in answer.err
    moved["metadata"]["annotations"] = {"kustomize.toolkit.fluxcd.io/force": "enabled"}
    tree({"apps/all.yaml": manifests(moved, config_map("front"), config_map("gone"))})
    assert live.diff().out.startswith("► Deployment/live/front created\n")


def test_a_new_namespace(live: Live, tree: Tree) -> None:
    """Computed here, what comes with the same change counts (the server's dry run refuses it)."""
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "new-ns"}}
    inside = config_map("app-config")
    inside["metadata"]["namespace"] = "new-ns"
    tree({"apps/all.yaml": manifests(namespace, inside, config_map("front"), config_map("gone"))})
    lost = '✗ ConfigMap/new-ns/app-config not found: namespaces "new-ns" not found\n'
    assert live.diff("--mode", "client").out.startswith("► Namespace/new-ns created\n► ConfigMap/new-ns/app-config created\n")
    tree({"apps/all.yaml": manifests(inside)})
    assert live.diff("--mode", "client").err.endswith(lost)


def test_children_follow(live: Live, tree: Tree) -> None:
    child = {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": {"name": "child", "namespace": "live"},
        "spec": {"path": "./child", "sourceRef": {"kind": "GitRepository", "name": "src"}},
    }  # fmt: skip
    live.apply(child)
    for name in ("front", "gone"):
        live.apply(config_map(name))
    tree(
        {
            "apps/all.yaml": manifests(child, config_map("front"), config_map("gone")),
            "child/cm.yaml": manifests(config_map("below")),
        }
    )
    answer = live.diff("--recursive", "--local-sources", "GitRepository/live/src=./")
    assert answer == (1, "📁 Kustomization/live/child changed\n► ConfigMap/live/below created\n", FOUND)
    lost = live.diff("--recursive")
    assert lost.code == 2
    assert lost.err == "✗ cannot get local path for GitRepository/live/src of kustomization child\n"


@pytest.mark.skipif(not shutil.which("helm"), reason="helm is not installed")
def test_a_helm_release(live: Live, tree: Tree) -> None:
    """What differs, what is new, what the installed release has and the new rendering has no more; hooks do not count."""
    owned = {"helm.toolkit.fluxcd.io/name": "web", "helm.toolkit.fluxcd.io/namespace": "live"}
    there = [config_map("web", k="old"), config_map("dropped", k="v"), config_map("kept", k="v")]
    belongs = {"meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "live"}
    for obj in there:
        obj["metadata"] |= {"labels": {**owned, "app.kubernetes.io/managed-by": "Helm"}, "annotations": {**belongs}}
    there[2]["metadata"]["annotations"]["helm.sh/resource-policy"] = "keep"
    for obj in there:
        live.apply({**obj, "metadata": {**obj["metadata"]}}, "helm-controller")
    record = base64.b64encode(
        base64.b64encode(gzip.compress(json.dumps({"manifest": manifests(*there), "apply_method": "ssa"}).encode()))
    ).decode()
    storage = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "sh.helm.release.v1.web.v1", "namespace": "live"}}
    release = {
        "apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": "web", "namespace": "live"},
        "spec": {"values": {"v": "new"}},
        "status": {"storageNamespace": "live", "history": [{"name": "web", "version": 1, "namespace": "live"}]},
    }  # fmt: skip
    live.cluster.load([storage | {"data": {"release": record}}, release])
    new = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: fresh}\n"
    hook = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hook, annotations: {helm.sh/hook: pre-install}}\n"
    web = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {k: {{ .Values.v }}}\n"
    tree(
        {"web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n", "web/templates/all.yaml": f"{web}---\n{new}---\n{hook}"}
    )
    answer = live.flux(f"diff hr web -n live --path ./web --kubeconfig {live.cluster.kubeconfig}")
    assert answer == (
        1,
        "► ConfigMap/live/web drifted\n\ndata.k\n± value change\n- old\n+ new\n\n► ConfigMap/live/fresh created\n"
        "► ConfigMap/live/dropped deleted\n",
        FOUND,
    )
    del release["status"]
    release["spec"]["chartRef"] = {"kind": "OCIRepository", "name": "web"}  # type: ignore[index]
    tree(
        {
            "apps/all.yaml": manifests(release, config_map("front"), config_map("gone")),
            "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        }
    )
    for name in ("front", "gone"):
        live.apply(config_map(name))
    both = live.diff("--helm-releases", "--local-sources", "OCIRepository/live/web=./web")
    assert both.code == 1
    assert both.out.endswith(
        "\n📁 HelmRelease/live/web changed\n► ConfigMap/live/web drifted\n\ndata.k\n± value change\n- old\n+ new\n\n"
        "► ConfigMap/live/fresh created\n► ConfigMap/live/dropped deleted\n"
    )


@pytest.mark.skipif(not shutil.which("helm"), reason="helm is not installed")
def test_what_becomes_of_a_charts_own_crds(live: Live, tree: Tree) -> None:
    """Made at the installation; an upgrade leaves them alone, makes those that are missing, or replaces them, as the release says."""
    there, new = crd("example.com", "v1", "Thing", "things"), crd("example.com", "v1", "Other", "others")
    live.cluster.load([there])
    there["spec"]["names"]["shortNames"] = ["th"]
    phase = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: phase}\ndata: {upgrade: {{ .Release.IsUpgrade | quote }}}\n"
    tree(
        {
            "web/Chart.yaml": "apiVersion: v2\nname: crds\nversion: 1.0.0\n",
            "web/crds/all.yaml": manifests(there, new),
            "web/templates/all.yaml": phase,
        }
    )
    history = {"history": [{"name": "crds", "version": 1, "namespace": "live"}]}
    record = base64.b64encode(base64.b64encode(gzip.compress(b"{}"))).decode()
    storage = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "sh.helm.release.v1.crds.v1", "namespace": "live"}}
    live.cluster.load([storage | {"data": {"release": record}}])
    expected = {
        (): {"others created", "phase created"},
        ("install", "Skip"): {"phase created"},
        ("install", "CreateReplace"): {"others created", "things drifted", "phase created"},
        ("upgrade", ""): {"others created", "phase created"},
        ("upgrade", "Skip"): {"phase created"},
        ("upgrade", "Create"): {"others created", "phase created"},
        ("upgrade", "CreateReplace"): {"others created", "things drifted", "phase created"},
    }
    for case, said in expected.items():
        upgrade = case[:1] == ("upgrade",)
        name = "-".join(case).lower().strip("-") or "plain"
        live.cluster.load(
            [
                {
                    "apiVersion": "helm.toolkit.fluxcd.io/v2",
                    "kind": "HelmRelease",
                    "metadata": {"name": name, "namespace": "live"},
                    "spec": {case[0]: {"crds": case[1]}} if case and case[1] else {},
                    "status": history if upgrade else {},
                }
            ]
        )
        answer = live.flux(f"diff hr {name} -n live --path ./web -o json --kubeconfig {live.cluster.kubeconfig}")
        changes = json.loads(answer.out)["changes"]
        assert {f"{c['object'].rpartition('/')[2].partition('.')[0]} {c['action']}" for c in changes} == said, case
        assert next(c for c in changes if "phase" in c["object"])["after"]["data"] == {"upgrade": str(upgrade).lower()}


@pytest.mark.skipif(not shutil.which("helm"), reason="helm is not installed")
@pytest.mark.parametrize("mode", ["server", "client"])
def test_a_secret_in_another_kind_is_hidden_on_both_sides(live: Live, tree: Tree, mode: str) -> None:
    """The value that was there may be the secret of before."""
    meta = {"name": "hidden", "namespace": "live"}
    live.cluster.load(
        [
            secret("vals") | {"data": {"values.yaml": base64.b64encode(b"password: open-sesame").decode()}, "stringData": {}},
            {
                "apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": meta,
                "spec": {"valuesFrom": [{"kind": "Secret", "name": "vals"}]},
            },
        ]
    )  # fmt: skip
    live.apply(config_map("web", url="https://me:old-sesame@host", same="open-sesame", other="a"), "helm-controller")
    template = 'data: {url: "https://me:{{ .Values.password }}@host", same: "{{ .Values.password }}", other: b}\n'
    tree(
        {
            "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
            "web/templates/all.yaml": f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: web}}\n{template}",
        }
    )
    line = f"diff hr hidden -n live --path ./web --mode {mode} --kubeconfig {live.cluster.kubeconfig}"
    answer = live.flux(line)
    assert answer.code == 1
    assert "data.other\n± value change\n- a\n+ b\n\ndata.url\n± value change\n- *** (before)\n+ *** (after)\n" in answer.out
    for form in ("unified", "json", "markdown", "html", "external"):
        answer = live.flux(f"{line} -o {form}")
        assert answer.code == 1
        assert "sesame" not in answer.out + answer.err
