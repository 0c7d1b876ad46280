"""A namespace of a real API server with the Kustomization ``demo``, what the controller would have applied, and ``diff`` on it."""

import base64
import copy
from typing import Any

import yaml
from front_door import Flux, Result
from real_cluster import RealCluster

FOUND = "⚠️ identified at least one change, exiting with non-zero exit code\n"
APPLY = "application/apply-patch+yaml"
LABELS = {"kustomize.toolkit.fluxcd.io/name": "demo", "kustomize.toolkit.fluxcd.io/namespace": "live"}


def deployment(name: str, **container: Any) -> dict[str, Any]:
    pod = {"containers": [{"name": name, "image": "registry.local/web:1.0", **container}]}
    template = {"metadata": {"labels": {"app": name}}, "spec": pod}
    spec = {"replicas": 1, "selector": {"matchLabels": {"app": name}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": "live"}, "spec": spec}


def service(name: str, *ports: dict[str, Any]) -> dict[str, Any]:
    spec = {"ports": list(ports) or [{"port": 80}], "selector": {"app": name}}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": "live"}, "spec": spec}


def config_map(name: str, **data: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "live"}, "data": data}


def secret(name: str, **data: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": "live"}, "stringData": data}


def manifests(*objects: dict[str, Any]) -> str:
    return "---\n".join(yaml.safe_dump(obj) for obj in objects)


class Live:
    """Applies objects as the controller would, and runs ``diff`` on what a test wrote."""

    def __init__(self, cluster: RealCluster, flux: Flux) -> None:
        self.cluster = cluster
        self.flux = flux

    def apply(self, obj: dict[str, Any], manager: str = "kustomize-controller") -> None:
        obj = copy.deepcopy(obj)
        if manager == "kustomize-controller":
            obj["metadata"]["labels"] = {**obj["metadata"].get("labels", {}), **LABELS}
            data = obj.pop("stringData", None)
            if data:
                obj["data"] = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
        path = f"{self.cluster._path(obj)}/{obj['metadata']['name']}?fieldManager={manager}&force=true"
        status, answer = self.cluster.call("PATCH", path, obj, APPLY)
        assert status < 300, answer

    def diff(self, *more: str) -> Result:
        line = f"diff ks demo -n live --path ./apps --kubeconfig {self.cluster.kubeconfig}"
        return self.flux(line, *more)
