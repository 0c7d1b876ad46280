"""``diff helmrelease`` against a real API server and the real Helm: what is told before an upgrade is what is there after it."""

import base64
import copy
import gzip
import json
import os
import pathlib
import random
import shutil
import subprocess
from typing import Any

import pytest
import yaml
from building.conftest import Tree, crd
from building.live import FOUND, Live, config_map, deployment, manifests, service

pytestmark = [pytest.mark.real, pytest.mark.skipif(not shutil.which("helm"), reason="helm is not installed")]
OWNER = {"helm.toolkit.fluxcd.io/name": "web", "helm.toolkit.fluxcd.io/namespace": "live"}
SERVERS = ("managedFields", "resourceVersion", "uid", "creationTimestamp", "generation")
Made = dict[str, Any]


class Release:
    """The release ``web``, installed by the real helm."""

    def __init__(self, live: Live, tree: Tree, folder: pathlib.Path) -> None:
        self.live, self.tree, self._folder = live, tree, folder
        self.version = 0

    def upgrade(self, objects: list[Made], *flags: str) -> None:
        chart = self._folder / "chart"
        shutil.rmtree(chart, ignore_errors=True)
        (chart / "templates").mkdir(parents=True)
        (chart / "Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 1.0.0\n")
        (chart / "templates" / "all.yaml").write_text(manifests(*objects))
        line = ["helm", "upgrade", "--install", "web", str(chart), "-n", "live", *flags]
        environ = {**os.environ, "KUBECONFIG": str(self.live.cluster.kubeconfig), "HOME": str(self._folder)}
        done = subprocess.run(line, capture_output=True, text=True, env=environ, check=False)
        assert done.returncode == 0, done.stderr
        self.version += 1

    def diff(self, objects: list[Made], *flags: str, **spec: Any) -> Any:
        history = [{"name": "web", "version": self.version, "namespace": "live", "status": "deployed"}] if self.version else []
        release = {
            "apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": "web", "namespace": "live"},
            "spec": spec, "status": {"storageNamespace": "live", "history": history},
        }  # fmt: skip
        self.live.cluster.call("DELETE", "/apis/helm.toolkit.fluxcd.io/v2/namespaces/live/helmreleases/web")
        self.live.cluster.load([release])
        self.tree(
            {"web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n", "web/templates/all.yaml": manifests(*objects)}
        )
        line = f"diff hr web -n live --path ./web --kubeconfig {self.live.cluster.kubeconfig}"
        return self.live.flux(line, *flags, KUBECTL_EXTERNAL_DIFF="sh -c 'for f in MERGED/*; do echo ---; cat $f; done'")

    def foretold(self, objects: list[Made], *flags: str, **spec: Any) -> dict[str, Made]:
        """What the objects will be that change, by kind and name."""
        answer = self.diff(objects, "-o", "external", *flags, **spec)
        assert answer.code in (0, 1), answer.err
        found = [doc for doc in yaml.safe_load_all(answer.out) if doc]
        return {name(obj): cleaned(obj) for obj in found}

    def now(self, objects: list[Made]) -> dict[str, Made]:
        found = {}
        for obj in objects:
            status, body = self.live.cluster.call("GET", f"{self.live.cluster._path(obj)}/{obj['metadata']['name']}")
            if status == 200:
                found[name(obj)] = cleaned(body)
        return found


def name(obj: Made) -> str:
    return f"{obj['kind']}/{obj['metadata']['name']}"


def cleaned(obj: Made) -> Made:
    made = copy.deepcopy(obj)
    for field in SERVERS:
        made["metadata"].pop(field, None)
    if made["kind"] == "Service":
        made["spec"] = {k: v for k, v in made["spec"].items() if k not in ("clusterIP", "clusterIPs")}
    return {k: _by_name(v) for k, v in made.items() if k != "status"}


def _by_name(value: Any) -> Any:
    """Entries that are joined by name in one order: where new ones go among those of others is the server's affair."""
    if isinstance(value, dict):
        return {k: _by_name(v) for k, v in value.items()}
    if isinstance(value, list):
        return sorted(map(_by_name, value), key=lambda e: str(e.get("name", "")) if isinstance(e, dict) else "")
    return value


def owned(*objects: Made) -> list[Made]:
    for obj in objects:
        obj["metadata"]["labels"] = {**obj["metadata"].get("labels", {}), **OWNER}
    return list(objects)


def custom(title: str, **spec: Any) -> Made:
    return {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": title, "namespace": "live"}, "spec": spec}


@pytest.fixture
def release(live: Live, tree: Tree, tmp_path: pathlib.Path) -> Release:
    live.cluster.load([crd("example.com", "v1", "Thing", "things")])
    live.cluster.call("DELETE", "/apis/example.com/v1/namespaces/live/things")
    return Release(live, tree, tmp_path)


def test_what_a_chart_drops(release: Release) -> None:
    """Of a release that Helm merges itself: fields and entries that the manifests had, not those that others added."""
    env = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    before = deployment("front", env=env, args=["-v"], command=["run"])
    before["spec"]["minReadySeconds"] = 5
    release.upgrade(owned(before, config_map("web", kept="k", dropped="d"), config_map("gone", k="v")))
    release.live.apply({**config_map("web"), "data": {"theirs": "t"}}, "other")
    after = [deployment("front", env=env[:1], command=["run"]), config_map("web", kept="k")]
    assert release.diff(owned(*after)) == (
        1,
        "► ConfigMap/live/web drifted\n\ndata\n- one map entry removed:\ndropped: d\n\n"
        "► Deployment/live/front drifted\n\nmetadata.generation\n± value change\n- 1\n+ 2\n\n"
        "spec\n- one map entry removed:\nminReadySeconds: 5\n\n"
        'spec.template.spec.containers.front\n- one map entry removed:\nargs:\n- "-v"\n\n'
        "spec.template.spec.containers.front.env\n- one list entry removed:\n- name: B\n  value: 2\n\n"
        "► ConfigMap/live/gone deleted\n",
        FOUND,
    )


def made(dice: random.Random) -> list[Made]:
    """Objects of a release: each of these is in it or not, and each of their fields is there or not."""
    out = [config_map("web", **{k: str(dice.randrange(3)) for k in "abcd" if dice.random() < 0.6})]
    out.append(custom("web", **{k: dice.choice([1, [1, 2], {"x": dice.randrange(2)}]) for k in "abc" if dice.random() < 0.6}))
    ports = [
        {"name": f"p{i}", "port": 80 + i, "targetPort": 8080 + dice.randrange(2)}
        for i in range(4)
        if not i or dice.random() < 0.6
    ]
    out.append(service("web", *ports))
    if dice.random() < 0.7:
        rules = {"podSelector": {}, "ingress": [{"ports": [{"port": 80 + i} for i in range(1 + dice.randrange(3))]}]}
        meta = {"name": "web", "namespace": "live"}
        out.append({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta, "spec": rules})
    front = deployment("front", env=[{"name": n, "value": str(dice.randrange(2))} for n in "ABCD" if dice.random() < 0.6])
    pod = front["spec"]["template"]["spec"]
    if dice.random() < 0.5:
        pod["containers"].append({"name": "side", "image": f"registry.local/side:{dice.randrange(2)}"})
    if dice.random() < 0.5:
        pod["containers"][0]["args"] = [str(dice.randrange(2)), "x"]
    kinds = ({"configMap": {"name": "web"}}, {"emptyDir": {}}, {"secret": {"secretName": "web"}})
    volumes = [{"name": n, **dice.choice(kinds)} for n in "vw" if dice.random() < 0.6]
    pod |= {"volumes": volumes} if volumes else {}
    if dice.random() < 0.5:
        pod["tolerations"] = [{"key": str(dice.randrange(2)), "operator": "Exists"}]
    if dice.random() < 0.3:
        front["spec"]["strategy"] = {"type": "Recreate"}
    elif dice.random() < 0.5:
        front["spec"]["strategy"] = {"rollingUpdate": {"maxSurge": dice.randrange(1, 3)}}
    if dice.random() < 0.5:
        front["spec"]["replicas"] = dice.randrange(1, 4)
    if dice.random() < 0.5:
        front["metadata"]["annotations"] = {"note": str(dice.randrange(3))}
    out.append(front)
    return owned(*(obj for obj in out if dice.random() < 0.9 or obj["kind"] == "Deployment"))


def meddled(dice: random.Random, live: Live) -> None:
    """What others do to the objects meanwhile."""
    names = {"metadata": {"name": "web", "namespace": "live"}}
    patches = [
        ("/api/v1/namespaces/live/configmaps/web", {"data": {"a": "theirs", "z": "theirs"}}),
        ("/api/v1/namespaces/live/services/web", {"spec": {"ports": [{"name": "their", "port": 99}]}}),
        ("/apis/example.com/v1/namespaces/live/things/web", {"spec": {"a": "theirs", "z": [1]}}),
        ("/apis/apps/v1/namespaces/live/deployments/front", {"spec": {"replicas": 7}}),
        (
            "/apis/apps/v1/namespaces/live/deployments/front",
            {"spec": {"template": {"spec": {"containers": [{"name": "front", "env": [{"name": "Z", "value": "z"}]}]}}}},
        ),
        (
            "/apis/apps/v1/namespaces/live/deployments/front",
            {"spec": {"template": {"spec": {"containers": [{"name": "theirs", "image": "registry.local/theirs"}]}}}},
        ),
        ("/apis/apps/v1/namespaces/live/deployments/front", {"metadata": {"labels": {"theirs": "t"}}}),
    ]
    for path, patch in patches:
        if dice.random() < 0.4:
            form = "merge-patch" if "example.com" in path else "strategic-merge-patch"
            live.cluster.call("PATCH", f"{path}?fieldManager=other", names | patch, f"application/{form}+json")


@pytest.mark.parametrize("seed", range(2))
def test_an_upgrade_does_what_was_told(release: Release, seed: int) -> None:
    """Upgrades made up with a fixed seed, one after the other, while others change the same objects."""
    dice = random.Random(seed)
    release.upgrade(made(dice))
    for _ in range(4):
        objects = made(dice)
        meddled(dice, release.live)
        before = release.now(objects)
        told = {mode: release.foretold(objects, "--mode", mode) for mode in ("server", "client")}
        release.upgrade(objects)
        after = {title: obj for title, obj in release.now(objects).items() if before.get(title) != obj}
        assert told["server"].keys() == told["client"].keys() == after.keys()
        for title, obj in after.items():
            assert told["server"][title] == obj
            if title in before:
                assert told["client"][title] == obj


DROPPED = "► ConfigMap/live/web drifted\n\ndata\n- one map entry removed:\ndropped: d\n\n"


def by_controller(release: Release, objects: list[Made], method: str) -> None:
    """The release as helm-controller leaves it: applied by the server, or merged by itself."""
    release.upgrade(objects)
    for obj in objects:
        body = {**obj, "metadata": {**obj["metadata"], "labels": {**OWNER, "app.kubernetes.io/managed-by": "Helm"}}}
        body["metadata"]["annotations"] = {"meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "live"}
        path = f"{release.live.cluster._path(obj)}/{obj['metadata']['name']}"
        release.live.cluster.call("DELETE", path)
        if method == "ssa":
            release.live.apply(body, "helm-controller")
        else:
            query = "?fieldManager=helm-controller"
            assert release.live.cluster.call("POST", f"{release.live.cluster._path(obj)}{query}", body)[0] == 201
    path = f"/api/v1/namespaces/live/secrets/sh.helm.release.v1.web.v{release.version}"
    secret = release.live.cluster.call("GET", path)[1]
    record = json.loads(gzip.decompress(base64.b64decode(base64.b64decode(secret["data"]["release"]))))
    packed = base64.b64encode(base64.b64encode(gzip.compress(json.dumps(record | {"apply_method": method}).encode())))
    patch = {"data": {"release": packed.decode()}}
    assert release.live.cluster.call("PATCH", path, patch, "application/merge-patch+json")[0] == 200


@pytest.mark.parametrize(
    ("method", "spec"),
    [
        ("ssa", {}),
        ("csa", {"serverSideApply": "enabled"}),  # the apply takes over what the controller once merged
        ("csa", {"serverSideApply": "auto"}),
        ("ssa", {"serverSideApply": "disabled"}),
        ("csa", {"force": True}),
    ],
)
@pytest.mark.parametrize("mode", ["server", "client"])
def test_fields_that_the_controller_owns(release: Release, method: str, spec: Made, mode: str) -> None:
    by_controller(release, owned(config_map("web", kept="k", dropped="d"), config_map("same", k="v")), method)
    others = {**config_map("same"), "data": {"theirs": "t"}}
    if "force" not in spec:
        release.live.apply(others, "other")
    after = owned(config_map("web", kept="k"), config_map("same", k="v"))
    assert release.diff(after, "--mode", mode, upgrade=spec)[:2] == (1, DROPPED)


def test_a_replacement_leaves_nothing_of_others(release: Release) -> None:
    release.upgrade(owned(config_map("web", k="v")))
    release.live.apply({**config_map("web"), "data": {"theirs": "t"}}, "other")
    told = "► ConfigMap/live/web drifted\n\ndata\n- one map entry removed:\ntheirs: t\n\n"
    assert release.diff(owned(config_map("web", k="v")), upgrade={"force": True})[:2] == (1, told)
    assert release.diff(owned(config_map("web", k="v")))[:2] == (0, "")


def test_custom_kinds_are_not_compared_with_what_others_did(release: Release) -> None:
    """Helm merges the difference of the manifests only; a server-side apply sets the fields again."""
    release.upgrade(owned(custom("web", a=1, b=1)))
    path = "/apis/example.com/v1/namespaces/live/things/web"
    release.live.cluster.call("PATCH", path, {"spec": {"a": 9, "z": 1}}, "application/merge-patch+json")
    assert release.diff(owned(custom("web", a=1, b=1)))[:2] == (0, "")
    again = release.diff(owned(custom("web", a=1, b=1)), upgrade={"serverSideApply": "enabled"})
    assert again.out.endswith("spec.a\n± value change\n- 9\n+ 1\n\n")


def test_a_release_that_flux_does_not_know_yet(release: Release) -> None:
    """What somebody installed with helm under the same name is what the controller will upgrade."""
    release.upgrade(owned(config_map("web", kept="k", dropped="d"), config_map("gone", k="v")))
    release.version = 0
    told = f"{DROPPED}► ConfigMap/live/gone deleted\n"
    assert release.diff(owned(config_map("web", kept="k")))[:2] == (1, told)


def test_what_is_not_compared(release: Release) -> None:
    release.upgrade(owned(config_map("web", k="v")))
    far = release.diff(owned(config_map("web", k="w")), kubeConfig={"secretRef": {"name": "far"}})
    assert far == (0, "⚠️ HelmRelease/live/web skipped: diff not supported for remote clusters\n", "")
    kept = release.diff(owned(config_map("web", k="v")), upgrade={"preserveValues": True})
    said = "upgrade.preserveValues: the values of the last release, which Helm adds, are not known here\n"
    assert kept == (0, "", said)


def test_a_first_release_takes_over_what_is_there(release: Release) -> None:
    release.live.apply(config_map("web", kept="k", theirs="t"), "other")
    for said in ({}, {"install": {"serverSideApply": False}}):
        answer = release.diff(owned(config_map("web", kept="new")), "-o", "unified", **said)
        assert "-  kept: k\n+  kept: new\n" in answer.out
        assert "   theirs: t\n" in answer.out
