"""``--from``: files as a cluster, exactly as they are written."""

import io
import json
import pathlib
import tarfile
import zipfile

import pytest

from flux_cli.core.api import CONFIG_MAP, DEPLOYMENT, POD
from flux_cli.core.errors import FluxError
from flux_cli.core.objects import name_of
from flux_cli.kinds import named
from flux_cli.kube.client import KubeClient
from flux_cli.sandbox.snapshot import open_path

RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: apps
  uid: 11111111-2222-3333-4444-555555555555
  resourceVersion: '4711'
  generation: 7
  creationTimestamp: 2026-03-01T09:00:00Z
  managedFields:
  - {manager: flux, operation: Apply}
spec:
  unknown: yes
  interval: 12:30
status:
  conditions:
  - {type: Ready, status: 'False', message: y}
"""


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps" / "release.yaml").write_text(RELEASE)
    (tmp_path / "kustomization.yaml").write_text(
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [apps]\n"
    )
    maps = [{"metadata": {"name": n, "namespace": "apps"}} for n in "ab"]
    (tmp_path / "maps.json").write_text(json.dumps({"apiVersion": "v1", "kind": "ConfigMapList", "items": maps}))
    (tmp_path / "pod.yml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: web-1, namespace: apps}\nspec: {}\n")
    (tmp_path / "pod-web-1.log").write_text("the pod says\n")
    (tmp_path / "helm-controller.log").write_text("the controller says\n")
    (tmp_path / "notes.txt").write_text("no manifest")
    return tmp_path


def opened(path: pathlib.Path) -> KubeClient:
    return KubeClient(open_path(str(path)))


def test_objects_are_as_they_were_written(folder: pathlib.Path) -> None:
    obj = opened(folder).get(named("HelmRelease").resource, "apps", "web")
    assert obj["metadata"] == {
        "name": "web",
        "namespace": "apps",
        "uid": "11111111-2222-3333-4444-555555555555",
        "resourceVersion": "4711",
        "generation": 7,
        "creationTimestamp": "2026-03-01T09:00:00Z",
        "managedFields": [{"manager": "flux", "operation": "Apply"}],
    }
    assert obj["spec"] == {"unknown": True, "interval": "12:30"}
    assert obj["status"] == {"conditions": [{"type": "Ready", "status": "False", "message": "y"}]}


def test_lists_are_unfolded_and_logs_find_their_pods(folder: pathlib.Path) -> None:
    kube = opened(folder)
    assert [name_of(o) for o in kube.list(CONFIG_MAP).items] == ["a", "b"]
    assert list(kube.logs("apps", "web-1")) == [b"the pod says"]
    pods = kube.list(POD, labels="app=helm-controller").items
    assert [list(kube.logs("flux-system", name_of(p))) for p in pods] == [[b"the controller says"]]
    assert [name_of(d) for d in kube.list(DEPLOYMENT, labels="app.kubernetes.io/part-of=flux").items] == ["helm-controller"]


@pytest.mark.parametrize("kind", ["snapshot.tar.gz", "snapshot.tgz", "snapshot.zip"])
def test_archives_are_read_in_memory(folder: pathlib.Path, tmp_path_factory: pytest.TempPathFactory, kind: str) -> None:
    archive = tmp_path_factory.mktemp("archive") / kind
    if kind.endswith(".zip"):
        with zipfile.ZipFile(archive, "w") as out:
            for file in folder.rglob("*.*"):
                out.write(file, f"../../{file.name}")
    else:
        with tarfile.open(archive, "w:gz") as out:
            for file in folder.rglob("*.*"):
                out.add(file, f"/etc/../{file.name}")
            link = tarfile.TarInfo("link.yaml")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            out.addfile(link)
    kube = opened(archive)
    assert [name_of(o) for o in kube.list(CONFIG_MAP).items] == ["a", "b"]
    assert list(kube.logs("apps", "web-1")) == [b"the pod says"]
    assert [p.name for p in archive.parent.iterdir()] == [kind]


def test_one_file_and_kinds_that_nobody_defined(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text("apiVersion: example.com/v1\nkind: Policy\nmetadata: {name: p, namespace: apps}\n---\n---\n# nothing\n")
    kube = opened(file)
    resource = kube.resolve("example.com/v1", "Policy")
    assert (resource.plural, [name_of(o) for o in kube.list(resource).items]) == ("policies", ["p"])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("bad.yaml", "a: 1\nb: [1\nc: 2\n", "bad.yaml is not YAML: line 3: "),
        ("bad.json", '{"a": [1}', "bad.json is not YAML: line 1: "),
        ("none.yaml", "just: data\n", "no Kubernetes objects in "),
        ("broken.tar.gz", "not an archive", "cannot read the archive "),
        ("broken.zip", "not an archive", "cannot read the archive "),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(tmp_path: pathlib.Path, name: str, content: str, said: str) -> None:
    file = tmp_path / name
    file.write_text(content)
    with pytest.raises(FluxError) as caught:
        opened(file)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_not_there(tmp_path: pathlib.Path) -> None:
    with pytest.raises(FluxError, match="no such file or directory"):
        opened(tmp_path / "none")
    with pytest.raises(FluxError, match=r"no \.yaml, \.yml or \.json files in"):
        opened(tmp_path)


def test_an_archive_may_not_swell(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flux_cli.sandbox.loading.UNPACKED_LIMIT", 1000)
    with tarfile.open(tmp_path / "big.tgz", "w:gz") as out:
        info = tarfile.TarInfo("big.yaml")
        info.size = 2000
        out.addfile(info, io.BytesIO(b" " * 2000))
    with pytest.raises(FluxError, match="unpacks to more than"):
        opened(tmp_path / "big.tgz")


def test_ten_thousand_objects(tmp_path: pathlib.Path) -> None:
    items = [{"metadata": {"name": f"m{i}", "namespace": "apps"}, "data": {"k": "v" * 100}} for i in range(10_000)]
    (tmp_path / "big.json").write_text(json.dumps({"apiVersion": "v1", "kind": "ConfigMapList", "items": items}))
    assert len(opened(tmp_path).list(CONFIG_MAP).items) == 10_000
