"""Helm's own record of a release, for controllers that keep no inventory; and the runbook where everything can be read."""

import base64
import gzip
import json
import pathlib

import pytest
from diagnosis.scenarios import LOOP, released
from diagnosis.world import Object, by, deployment, kept, ks, made, pod, ready
from front_door import Flux

from flux_cli.diagnosis.relations import release_items
from flux_cli.diagnosis.secrets import decoded_release

MANIFEST = """\
---
# Source: web/templates/cm.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: "web"
  namespace: apps
spec:
  template: {metadata: {name: inner}}
"""


def record(manifest: str, version: int = 1) -> Object:
    inner = gzip.compress(json.dumps({"name": "web", "manifest": manifest}).encode())
    data = base64.b64encode(base64.b64encode(inner)).decode()
    labels = {"owner": "helm", "name": "web", "version": str(version)}
    return made("Secret", f"sh.helm.release.v1.web.v{version}", type="helm.sh/release.v1", labels=labels, data={"release": data})


def test_the_contents_of_a_release_lead_to_its_pods(flux: Flux, tmp_path: pathlib.Path) -> None:
    web = deployment()
    objects = [
        *released("context deadline exceeded", status={"history": [{"name": "web", "status": "failed"}]}),
        record("", 1),
        record(MANIFEST, 2),
        web,
        pod(web, [LOOP]),
    ]
    answer = json.loads(flux(f"why hr/web -n apps --from {kept(tmp_path / 's', *objects)} -o json").out)
    assert (answer["causes"][0]["code"], answer["causes"][0]["object"]) == (
        "workload-crashloop",
        {"kind": "Deployment", "namespace": "apps", "name": "web"},
    )


def test_only_names_are_read_from_a_manifest() -> None:
    assert [(str(i.ref), i.api_version) for i in release_items(MANIFEST, "apps")] == [
        ("ConfigMap/apps/web", "v1"),
        ("Deployment/apps/web", "apps/v1"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        "",
        "x",
        "bWFza2Vk",
        base64.b64encode(base64.b64encode(b"\x1f\x8bcut")).decode(),
        base64.b64encode(base64.b64encode(b"[]")).decode(),
    ],
)
def test_a_damaged_or_masked_record_is_none(data: str) -> None:
    assert decoded_release(data) is None


def test_the_runbook_with_parents_secrets_and_logs(flux: Flux, tmp_path: pathlib.Path) -> None:
    line = {
        "level": "error",
        "ts": "2026-11-23T09:25:21Z",
        "msg": "Reconciler error",
        "error": "boom",
        "controllerKind": "HelmRelease",
        "name": "web",
        "namespace": "apps",
    }
    web = deployment()
    objects = [
        *released("timed out waiting for the condition", valuesFrom=[{"kind": "Secret", "name": "vals"}, {"kind": "ConfigMap", "name": "gone"}]),
        made("Secret", "vals", data={"values.yaml": "c2VjcmV0"}), ready("GitRepository", "apps"), ks("apps"), web, pod(web, [LOOP]), deployment("stray", up=True),
    ]  # fmt: skip
    next(o for o in objects if o["kind"] == "HelmRelease")["metadata"]["labels"] = by("Kustomization", "apps")
    web["metadata"]["labels"] = by("HelmRelease", "web")
    folder = kept(tmp_path / "s", *objects, helm_controller=json.dumps(line) + "\n")
    steps = json.loads(flux(f"why hr/web -n apps --steps --from {folder} -o json").out)["steps"]
    assert [s["state"] for s in steps] == ["problem", "problem", "ok", "problem", "problem", "problem"]
    assert "Secret apps/vals: there, keys values.yaml" in steps[1]["lines"]
    assert "ConfigMap apps/gone: does not exist" in steps[1]["lines"]
    assert steps[2]["lines"][0] == "Kustomization apps/apps: Ready — fine"
    assert steps[3]["lines"] == ["2026-11-23T09:25:21Z HelmRelease/web.apps Reconciler error: boom"]
    assert steps[4]["lines"][:2] == ["Deployment apps/web: not up", "  Pod apps/web-5f6c7d8e9-abcde: Pending"]
