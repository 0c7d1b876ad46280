"""The files of a release, small ones of our own: for machines without the recordings, where the real ones are.

Names, kinds and positions are those that the commands rely on; definitions take any content.
"""

import pathlib
from typing import Any

import yaml

from flux_cli.kinds import every
from flux_cli.services.manifests import AVAILABLE

Doc = dict[str, Any]
SERVED = {
    "source-controller": ["source-controller"],
    "source-watcher": ["source-watcher"],
    "notification-controller": ["notification-controller", "webhook-receiver"],
}


def write(folder: pathlib.Path) -> pathlib.Path:
    """The nine files in ``folder``, which is made."""
    folder.mkdir()
    for component in AVAILABLE:
        documents = [*_definitions(component), _account(component)]
        documents += [_service(name, component) for name in SERVED.get(component, ())]
        _save(folder / f"{component}.yaml", [*documents, _deployment(component)])
    _save(folder / "policies.yaml", [_policy(name) for name in ("allow-egress", "allow-scraping", "allow-webhooks")])
    _save(folder / "rbac.yaml", _access())
    return folder


def _save(file: pathlib.Path, documents: list[Doc]) -> None:
    file.write_text(yaml.safe_dump_all(documents, sort_keys=True))


def _meta(name: str, component: str) -> Doc:
    return {"name": name, "labels": {"app.kubernetes.io/component": component, "app.kubernetes.io/part-of": "flux"}}


def _definitions(component: str) -> list[Doc]:
    owner = {"ExternalArtifact": "source-controller"}  # the watcher makes them, the source controller defines them
    return [
        _definition(component, kind.resource)
        for kind in sorted(every(), key=lambda kind: kind.resource.plural)
        if owner.get(kind.kind, kind.controller) == component
    ]


def _definition(component: str, resource: Any) -> Doc:
    free = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    schema = {"openAPIV3Schema": {"type": "object", "properties": {"spec": free, "status": free}}}
    version = {"name": resource.version, "served": True, "storage": True, "schema": schema, "subresources": {"status": {}}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": _meta(f"{resource.plural}.{resource.group}", component),
        "spec": {
            "group": resource.group, "scope": "Namespaced", "versions": [version],
            "names": {
                "kind": resource.kind, "listKind": f"{resource.kind}List", "plural": resource.plural,
                "singular": resource.kind.lower(),
            },
        },
    }  # fmt: skip


def _account(component: str) -> Doc:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": _meta(component, component)}


def _service(name: str, component: str) -> Doc:
    ports = [{"name": "http", "port": 80, "protocol": "TCP", "targetPort": "http"}]
    spec = {"type": "ClusterIP", "selector": {"app": component}, "ports": ports}
    return {"apiVersion": "v1", "kind": "Service", "metadata": _meta(name, component), "spec": spec}


def _deployment(component: str) -> Doc:
    args = [
        "--events-addr=",
        "--watch-all-namespaces=true",
        "--log-level=info",
        "--log-encoding=json",
        "--enable-leader-election",
    ]
    if component in ("source-controller", "source-watcher"):
        args += ["--storage-path=/data", "--storage-adv-addr="]
    if component == "notification-controller":
        args = args[1:]
    container = {"name": "manager", "image": f"fluxcd/{component}:v1.0.0", "args": args}
    template = {"metadata": {"labels": {"app": component}}, "spec": {"containers": [container], "serviceAccountName": component}}
    spec = {"replicas": 1, "selector": {"matchLabels": {"app": component}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": _meta(component, component), "spec": spec}


def _policy(name: str) -> Doc:
    spec = {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{"from": [{"namespaceSelector": {}}]}]}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": name}, "spec": spec}


def _access() -> list[Doc]:
    groups = sorted({kind.resource.group for kind in every()})
    rbac = "rbac.authorization.k8s.io"
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "critical-pods"},
        "spec": {"hard": {"pods": "1000"}},
    }
    verbs = {"crd-controller": ["*"], "flux-edit": ["create", "delete", "patch", "update"], "flux-view": ["get", "list", "watch"]}
    roles = [
        {
            "apiVersion": f"{rbac}/v1", "kind": "ClusterRole", "metadata": {"name": name},
            "rules": [{"apiGroups": groups, "resources": ["*"], "verbs": allowed}],
        }
        for name, allowed in verbs.items()
    ]  # fmt: skip
    subjects = [
        {"kind": "ServiceAccount", "name": name, "namespace": "flux-system"}
        for name in ("kustomize-controller", "helm-controller")
    ]
    bindings = [
        {
            "apiVersion": f"{rbac}/v1", "kind": "ClusterRoleBinding", "metadata": {"name": name},
            "roleRef": {"apiGroup": rbac, "kind": "ClusterRole", "name": role}, "subjects": subjects,
        }
        for name, role in (("cluster-reconciler", "cluster-admin"), ("crd-controller", "crd-controller"))
    ]  # fmt: skip
    return [quota, *roles, *bindings]
