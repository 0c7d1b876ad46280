"""What the benchmarks read: objects of every Flux kind with statuses as controllers write them.

Made by a fixed rule, no randomness.
"""

from typing import Any

from flux_cli import kinds

REVISION = "main@sha1:696f056df216eea4f9401adbee0ff744d4df390f"


def crds() -> list[dict[str, Any]]:
    """A CRD for each kind of the registry, open to any field: enough for a real API server to serve them."""
    return [_crd(kind.resource) for kind in kinds.every()]


def _crd(resource: Any) -> dict[str, Any]:
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    version = {"name": resource.version, "served": True, "storage": True, "schema": schema, "subresources": {"status": {}}}
    names = {
        "plural": resource.plural,
        "singular": resource.kind.lower(),
        "kind": resource.kind,
        "listKind": f"{resource.kind}List",
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": resource.name},
        "spec": {"group": resource.group, "names": names, "scope": "Namespaced", "versions": [version]},
    }


def objects(each: int) -> list[dict[str, Any]]:
    """``each`` objects of every kind in namespace flux-system, and one that the first Kustomization has applied."""
    return [make(kind.kind, number) for kind in kinds.every() for number in range(each)] + [_applied()]


APPLIED = "applied"  # a ConfigMap


def _applied() -> dict[str, Any]:
    group = "kustomize.toolkit.fluxcd.io"
    owner = {f"{group}/name": "app-00000", f"{group}/namespace": "flux-system"}
    metadata = {"name": APPLIED, "namespace": "flux-system", "labels": owner}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {}}


SOURCES = ("GitRepository", "OCIRepository", "Bucket", "HelmRepository", "HelmChart", "ExternalArtifact")


def make(kind: str, number: int) -> dict[str, Any]:
    """One object, ready: sources have an artifact, Kustomizations an inventory of 20 (2.8 KB as the API server returns it)."""
    resource = kinds.named(kind).resource
    message = f"Applied revision: {REVISION}"
    condition = {"type": "Ready", "status": "True", "reason": "ReconciliationSucceeded", "message": message,
                 "lastTransitionTime": "2026-01-01T00:00:00Z", "observedGeneration": 1}  # fmt: skip
    entries = [{"id": f"apps_web-{number}-{i}_apps_Deployment", "v": "v1"} for i in range(20)]
    return {
        "apiVersion": resource.api_version,
        "kind": kind,
        "metadata": {"name": f"app-{number:05d}", "namespace": "flux-system", "labels": {"team": f"t{number % 7}"}},
        "spec": {
            "interval": "10m",
            "path": f"./apps/{number}",
            "prune": True,
            "sourceRef": {"kind": "GitRepository", "name": "app-00000"},
            "url": "https://example.com/apps.git",
        },
        "status": {
            "observedGeneration": 1,
            "conditions": [condition],
            "lastAppliedRevision": REVISION,
            "lastAttemptedRevision": REVISION,
            **({"artifact": _artifact()} if kind in SOURCES else {}),
            **({"inventory": {"entries": entries}} if kind == "Kustomization" else {}),
        },
    }


def _artifact() -> dict[str, Any]:
    return {
        "revision": REVISION,
        "size": 4096,
        "digest": "sha256:" + "0" * 64,
        "lastUpdateTime": "2026-01-01T00:00:00Z",
        "path": "x",
        "url": "http://source-controller/x.tar.gz",
    }
