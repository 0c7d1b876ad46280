"""The Deployments and pods that the Flux controllers run as."""

from flux_cli.core import __version__
from flux_cli.core.objects import Object

VERSIONS = {
    "source-controller": "v1.9.4",
    "kustomize-controller": "v1.9.4",
    "helm-controller": "v1.6.3",
    "notification-controller": "v1.9.3",
    "image-reflector-controller": "v1.2.4",
    "image-automation-controller": "v1.2.4",
    "source-watcher": "v2.2.3",
}
CONTROLLERS = tuple(VERSIONS)
TEMPLATE_HASH = "7d4f6b8f7c"


def controller_pod(name: str, namespace: str = "flux-system") -> tuple[Object, Object]:
    """(Deployment, Pod) of a controller that runs and is ready."""
    labels = {
        "app": name,
        "app.kubernetes.io/component": name,
        "app.kubernetes.io/instance": namespace,
        "app.kubernetes.io/part-of": "flux",
        "app.kubernetes.io/version": "v" + __version__.split("+")[0],
    }
    container = {
        "name": "manager",
        "image": f"ghcr.io/fluxcd/{name}:{VERSIONS.get(name, 'latest')}",
        "imagePullPolicy": "IfNotPresent",
        "args": ["--log-level=info", "--log-encoding=json", "--enable-leader-election"],
    }
    return _deployment(name, namespace, labels, container), _pod(name, namespace, labels, container)


def _deployment(name: str, namespace: str, labels: dict[str, str], container: Object) -> Object:
    said = (
        ("Available", "MinimumReplicasAvailable", "Deployment has minimum availability."),
        ("Progressing", "NewReplicaSetAvailable", f'ReplicaSet "{name}-{TEMPLATE_HASH}" has successfully progressed.'),
    )
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "generation": 1,
            "labels": {k: v for k, v in labels.items() if k != "app"} | {"control-plane": "controller"},
        },
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": labels}, "spec": {"serviceAccountName": name, "containers": [container]}},
        },
        "status": {
            "observedGeneration": 1,
            "replicas": 1,
            "updatedReplicas": 1,
            "readyReplicas": 1,
            "availableReplicas": 1,
            "conditions": [{"type": t, "status": "True", "reason": r, "message": m} for t, r, m in said],
        },
    }


def _pod(name: str, namespace: str, labels: dict[str, str], container: Object) -> Object:
    running = {"name": "manager", "image": container["image"], "imageID": "", "ready": True, "restartCount": 0}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"{name}-{TEMPLATE_HASH}-abc12",
            "namespace": namespace,
            "labels": labels | {"pod-template-hash": TEMPLATE_HASH},
        },
        "spec": {"serviceAccountName": name, "nodeName": "node-1", "containers": [container]},
        "status": {
            "phase": "Running",
            "conditions": [{"type": "Ready", "status": "True"}],
            "containerStatuses": [running | {"state": {"running": {}}}],
        },
    }
