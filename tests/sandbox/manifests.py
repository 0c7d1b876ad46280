"""Objects that the tests share."""

from typing import Any

Object = dict[str, Any]


def flux(kind: str, name: str, spec: Object, namespace: str = "default", **metadata: Any) -> Object:
    from flux_cli.kinds import named

    return {"apiVersion": named(kind).resource.api_version, "kind": kind, "metadata": {"name": name, "namespace": namespace, **metadata},
            "spec": spec}  # fmt: skip


def config(name: str, namespace: str = "default", **metadata: Any) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": namespace, **metadata},
        "data": {"k": "v"},
    }


def secret(name: str, namespace: str = "default", **data: str) -> Object:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": namespace}, "stringData": data}


def pod(name: str, namespace: str = "default", **labels: str) -> Object:
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace, "labels": labels},
            "spec": {"containers": [{"name": "main", "image": "registry.example.com/main:1"}]}}  # fmt: skip


def git(name: str = "repo", namespace: str = "default", **spec: Any) -> Object:
    return flux(
        "GitRepository", name, {"url": "https://example.com/repo", "interval": "10m", "ref": {"branch": "main"}} | spec, namespace
    )


def kustomization(name: str = "app", namespace: str = "default", **spec: Any) -> Object:
    body = {"interval": "10m", "path": "./", "prune": True, "sourceRef": {"kind": "GitRepository", "name": "repo"}} | spec
    return flux("Kustomization", name, body, namespace)


def helm_repository(name: str = "charts", namespace: str = "default", **spec: Any) -> Object:
    return flux("HelmRepository", name, {"url": "https://charts.example.com", "interval": "10m"} | spec, namespace)


def helm_release(name: str = "app", namespace: str = "default", version: str = "1.0.0", **spec: Any) -> Object:
    chart = {"spec": {"chart": "web", "version": version, "sourceRef": {"kind": "HelmRepository", "name": "charts"}}}
    return flux("HelmRelease", name, {"interval": "10m", "chart": chart} | spec, namespace)
