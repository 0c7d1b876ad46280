"""The same objects on a real API server and in files: the same triage, and the same cause for each symptom."""

import json
import pathlib
from typing import Any

import pytest
import yaml
from diagnosis.scenarios import LOOP, WAITS
from diagnosis.world import Object, deployment, event, failing, inventory, kept, ks, made, pod, ready
from front_door import Flux
from real_cluster import RealCluster

WANTED = {
    "GitRepository": {"interval": "1m", "url": "https://git.example.com/r.git"},
    "Kustomization": {"interval": "1m", "prune": True, "path": "./"},
}


def world() -> list[Object]:
    """Five faults at once beside a namespace that is well."""
    web = deployment(labels={"app": "web"})
    web["spec"]["template"] = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "main", "image": "x:1"}]}}
    objects = [
        ready("GitRepository", "apps"),
        failing("GitRepository", "gone", "GitOperationFailed", "unable to clone 'https://h/r': repository not found: "),
        ks("waiting", "ArtifactFailed", "Source artifact not found, retrying in 30s", source="GitRepository/gone"),
        ks("apps", "HealthCheckFailed", WAITS, status=inventory("apps_web_apps_Deployment")), web, crashing := pod(web, [LOOP]),
        event(crashing, "BackOff", "Back-off restarting failed container"),
        ks("late", "DependencyNotReady", "dependency 'apps/apps' is not ready", dependsOn=[{"name": "apps"}]),
        ks("a", "DependencyNotReady", "dependency 'apps/b' is not ready", dependsOn=[{"name": "b"}]),
        ks("b", "DependencyNotReady", "dependency 'apps/a' is not ready", dependsOn=[{"name": "a"}]),
        made("Kustomization", "off", spec={"suspend": True, "sourceRef": {"kind": "GitRepository", "name": "apps"}}),
        ready("GitRepository", "fine", "well"),
    ]  # fmt: skip
    for obj in objects:
        obj["spec"] = WANTED.get(obj["kind"], {}) | obj.get("spec", {})
        artifact = obj.get("status", {}).get("artifact", {})
        if artifact:
            artifact |= {"digest": "sha256:" + "a" * 64, "path": "x", "url": "http://x/x"}
        for found in obj.get("status", {}).get("conditions", []):
            if obj["kind"] == "Pod":
                found.pop("observedGeneration", None)
        if obj["kind"] == "Event":
            obj.pop("spec")
    return objects


def answers(flux: Flux, source: str) -> list[Any]:
    """What matters of the triage and of each symptom, without uids and times."""
    triage = json.loads(flux(f"troubleshoot -A -o json {source}").out)
    groups = [(g["code"], g["object"], g["symptoms"], sorted(map(str, g["blocks"]))) for g in triage["groups"]]
    single = [json.loads(flux(f"why ks/{name} -n apps -o json {source}").out) for name in ("waiting", "apps", "late", "a", "off")]
    return [
        groups,
        triage["counts"],
        triage["healthyNamespaces"],
        [(d["verdict"], [(c["code"], c["object"]) for c in d["causes"]]) for d in single],
    ]


@pytest.mark.real
@pytest.mark.slow
def test_a_real_cluster_and_files_tell_the_same(
    flux: Flux, shared: pathlib.Path, real_cluster: RealCluster, tmp_path: pathlib.Path
) -> None:
    manifests = yaml.safe_load_all((shared / "conformance" / "cluster" / "install.yaml").read_text())
    spaces = [made("Namespace", name, "") for name in ("apps", "well", "flux-system")]
    real_cluster.load([*(obj for obj in manifests if obj["kind"] == "CustomResourceDefinition"), *spaces, *world()])
    here = answers(flux, f"--kubeconfig {real_cluster.kubeconfig}")
    assert here == answers(flux, f"--from {kept(tmp_path / 's', *world(), *spaces)}")
    assert [(code, obj["name"]) for code, obj, _, _ in here[0]] == [
        ("workload-crashloop", "web"), ("git-repo-not-found", "gone"), ("dependency-not-ready", "a"), ("object-suspended", "off"),
    ]  # fmt: skip
    assert here[2] == ["well"]
