"""Fixtures of the tests on build and diff: work trees to build from, and a cluster that knows Kustomizations."""

import hashlib
import pathlib
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from building.live import Live
from front_door import Flux
from real_cluster import RealCluster

Tree = Callable[[dict[str, str]], pathlib.Path]


def crd(group: str, version: str, kind: str, plural: str) -> dict[str, Any]:
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    served = {
        "name": version,
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": schema},
        "subresources": {"status": {}},
    }
    spec = {"group": group, "scope": "Namespaced", "names": {"kind": kind, "plural": plural}, "versions": [served]}
    meta = {"name": f"{plural}.{group}"}
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": meta, "spec": spec}


CRDS = [
    crd("kustomize.toolkit.fluxcd.io", "v1", "Kustomization", "kustomizations"),
    crd("helm.toolkit.fluxcd.io", "v2", "HelmRelease", "helmreleases"),
]


@pytest.fixture
def tree(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tree]:
    """``tree({path: text})`` writes files into the working folder. What was written must be the same afterwards, and all there is."""
    root = tmp_path / "work"
    root.mkdir()
    monkeypatch.chdir(root)
    state: dict[str, str] = {}

    def make(files: dict[str, str]) -> pathlib.Path:
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(textwrap.dedent(text).lstrip("\n"))
        state.clear()
        state.update(_state(root))
        return root

    yield make
    assert _state(root) == state, "the command wrote into the user's files"


def _state(root: pathlib.Path) -> dict[str, str]:
    found = {}
    for path in sorted(root.rglob("*")):
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        found[str(path.relative_to(root))] = f"{content} {path.stat().st_mtime_ns if path.is_file() else ''}"
    return found


@pytest.fixture
def live(real_cluster: RealCluster, flux: Flux) -> Live:
    """Namespace ``live``, empty but for the Kustomization ``demo``, which prunes and applied a ConfigMap that is gone."""
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "live"}}
    entries = [{"id": "live_gone__x__ConfigMap", "v": "v1"}, {"id": "live_front__ConfigMap", "v": "v1"}]
    demo = {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": {"name": "demo", "namespace": "live"},
        "spec": {"prune": True, "path": "./"}, "status": {"inventory": {"entries": entries}},
    }  # fmt: skip
    demo["status"]["inventory"]["entries"][0]["id"] = "live_gone__ConfigMap"  # type: ignore[index]
    real_cluster.load([*CRDS, namespace, demo])
    for path in (
        "/api/v1/namespaces/live/configmaps",
        "/api/v1/namespaces/live/secrets",
        "/apis/apps/v1/namespaces/live/deployments",
    ):
        real_cluster.call("DELETE", path)
    for item in real_cluster.call("GET", "/api/v1/namespaces/live/services")[1]["items"]:
        real_cluster.call("DELETE", f"/api/v1/namespaces/live/services/{item['metadata']['name']}")
    return Live(real_cluster, flux)
