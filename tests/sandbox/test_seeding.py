"""What is loaded in-process is what requests would have made of it."""

import json
import pathlib
import re
from typing import Any

import pytest

from flux_cli.core.errors import FluxError
from flux_cli.sandbox import loading
from flux_cli.sandbox.populate import load_paths
from flux_cli.sandbox.running import Running

OBJECTS: list[dict[str, Any]] = [
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "apps"}},
    {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": "a", "namespace": "apps", "uid": "1", "generation": 7, "labels": {}},
        "spec": {"interval": "10m", "sourceRef": {"kind": "GitRepository", "name": "a"}},
        "status": {"observedGeneration": 7, "conditions": [{"type": "Ready", "status": "True"}], "gone": None},
    },
    {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s", "namespace": "apps", "ownerReferences": [{"uid": "9"}]},
        "stringData": {"a": "b"},
    },
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "nowhere"}, "data": {"a": "b"}},
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "apps"}, "data": {"a": "b"}},
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "apps"}, "data": {"b": "c"}},
    {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "apps"}, "status": {"phase": "Running"},
     "spec": {"containers": [{"name": "a", "image": "a"}]}},
]  # fmt: skip


def manifest(folder: pathlib.Path, text: str = "") -> str:
    path = folder / "objects.json"
    path.write_text(text or json.dumps({"apiVersion": "v1", "kind": "List", "items": OBJECTS}))
    return str(path)


def content(running: Running) -> list[str]:
    """Everything in the store, without what differs from run to run."""
    store = running.sandbox.store
    found = [json.dumps(obj, sort_keys=True) for key in sorted(store.keys()) for obj in store.objects(key)]
    return [re.sub(r'[0-9a-f]{8}-[0-9a-f-]{27}|"20\d\d-[0-9-]+T[0-9:]+Z"', "*", obj) for obj in found]


def test_loading_in_process_is_loading_by_requests(tmp_path: pathlib.Path) -> None:
    direct, requests = Running(), Running()
    try:
        one, other = direct.load([manifest(tmp_path)]), load_paths(requests.cluster, [manifest(tmp_path)])
        assert one == other
        assert one.refused == ['ConfigMap/nowhere/c: namespaces "nowhere" not found']
        assert content(direct) == content(requests)
        assert any('"subresource": "status"' in obj for obj in content(direct))
    finally:
        direct.stop()
        requests.stop()


def test_a_large_list_is_read_as_a_small_one(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = next(iter(loading.files(manifest(tmp_path))))
    small = list(loading.objects(file))
    monkeypatch.setattr(loading, "LARGE", 1)
    assert list(loading.objects(file)) == small == OBJECTS


def test_a_large_list_that_is_broken_is_named(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "LARGE", 1)
    path = manifest(tmp_path, '{"apiVersion": "v1", "kind": "List", "items": [{]}')
    with pytest.raises(FluxError, match=re.escape(f"{path} is not ")):
        list(loading.objects(next(iter(loading.files(path)))))
