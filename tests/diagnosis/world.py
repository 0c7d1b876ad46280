"""Objects as the controllers leave them, for tests: short to write, complete enough to be read back."""

import json
import pathlib
from typing import Any

Object = dict[str, Any]
SOURCE, KUSTOMIZE, HELM = "source.toolkit.fluxcd.io/v1", "kustomize.toolkit.fluxcd.io/v1", "helm.toolkit.fluxcd.io/v2"
IMAGE, NOTIFY = "image.toolkit.fluxcd.io/v1", "notification.toolkit.fluxcd.io/v1beta3"
VERSIONS = {
    "Kustomization": KUSTOMIZE, "HelmRelease": HELM, "ImageRepository": IMAGE, "ImagePolicy": IMAGE, "ImageUpdateAutomation": IMAGE,
    "Alert": NOTIFY, "Provider": NOTIFY, "Receiver": "notification.toolkit.fluxcd.io/v1", "Deployment": "apps/v1", "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1", "ReplicaSet": "apps/v1", "Job": "batch/v1", "ArtifactGenerator": "source.extensions.fluxcd.io/v1beta1",
    "ValidatingWebhookConfiguration": "admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration": "admissionregistration.k8s.io/v1",
}  # fmt: skip
CORE = (
    "Secret",
    "ConfigMap",
    "Service",
    "ServiceAccount",
    "Pod",
    "Event",
    "Namespace",
    "PersistentVolumeClaim",
    "ResourceQuota",
    "LimitRange",
)
REVISION = "main@sha1:77e95a8aef7b32e591f060c31963210c517292b0"
TIME = "2026-11-23T09:24:49Z"


def made(kind: str, name: str, namespace: str = "apps", **fields: Any) -> Object:
    """An object of any kind; ``fields``: spec, status, data, labels, annotations, owner, metadata."""
    metadata: Object = {
        "name": name,
        "generation": 1,
        "creationTimestamp": "2026-11-23T09:00:00Z",
        "uid": f"{kind}-{namespace}-{name}",
    }
    if namespace:
        metadata["namespace"] = namespace
    for key in ("labels", "annotations", "finalizers", "deletionTimestamp"):
        if key in fields:
            metadata[key] = fields.pop(key)
    owner = fields.pop("owner", None)
    if owner:
        metadata["ownerReferences"] = [
            {
                "apiVersion": owner["apiVersion"],
                "kind": owner["kind"],
                "name": owner["metadata"]["name"],
                "uid": owner["metadata"]["uid"],
                "controller": True,
            }
        ]
    metadata |= fields.pop("metadata", {})
    version = "v1" if kind in CORE else VERSIONS.get(kind, SOURCE)
    return {"apiVersion": fields.pop("api_version", version), "kind": kind, "metadata": metadata, **fields}


def condition(type_: str, status: str, reason: str, message: str = "") -> Object:
    return {
        "type": type_,
        "status": status,
        "reason": reason,
        "message": message,
        "lastTransitionTime": TIME,
        "observedGeneration": 1,
    }


def failing(
    kind: str, name: str, reason: str, message: str, *, more: tuple[Object, ...] = (), namespace: str = "apps", **fields: Any
) -> Object:
    """An object whose Ready is False."""
    status = {"conditions": [condition("Ready", "False", reason, message), *more], "observedGeneration": 1} | fields.pop(
        "status", {}
    )
    return made(kind, name, namespace, status=status, **fields)


def ready(kind: str, name: str, namespace: str = "apps", **fields: Any) -> Object:
    """An object whose Ready is True; a source with its artifact, a Kustomization that applied it."""
    reason = {"Kustomization": "ReconciliationSucceeded", "HelmRelease": "InstallSucceeded"}.get(kind, "Succeeded")
    status: Object = {"conditions": [condition("Ready", "True", reason, "fine")], "observedGeneration": 1}
    if kind in ("GitRepository", "OCIRepository", "Bucket", "HelmRepository"):
        status["artifact"] = {"revision": REVISION, "lastUpdateTime": TIME}
    if kind == "Kustomization":
        status |= {"lastAppliedRevision": REVISION, "lastAttemptedRevision": REVISION}
    return made(kind, name, namespace, status=status | fields.pop("status", {}), **fields)


def ks(
    name: str = "apps",
    reason: str = "",
    message: str = "",
    source: str = "GitRepository/apps",
    status: Object | None = None,
    **spec: Any,
) -> Object:
    """A Kustomization on a source; failing where a reason is given."""
    kind, _, source_name = source.partition("/")
    spec = {"path": "./", "sourceRef": {"kind": kind, "name": source_name}} | spec
    extra = {k: spec.pop(k) for k in ("labels", "annotations", "finalizers", "deletionTimestamp") if k in spec}
    if reason:
        return failing("Kustomization", name, reason, message, spec=spec, status=status or {}, **extra)
    return ready("Kustomization", name, spec=spec, status=status or {}, **extra)


def hr(
    name: str = "web",
    reason: str = "",
    message: str = "",
    more: tuple[Object, ...] = (),
    source: str = "HelmRepository/charts",
    status: Object | None = None,
    **spec: Any,
) -> Object:
    """A HelmRelease of chart web; failing where a reason is given."""
    kind, _, source_name = source.partition("/")
    spec = {"chart": {"spec": {"chart": "web", "version": "1.0.0", "sourceRef": {"kind": kind, "name": source_name}}}} | spec
    extra = {k: spec.pop(k) for k in ("labels", "annotations", "finalizers", "deletionTimestamp") if k in spec}
    made_status = {"helmChart": f"apps/apps-{name}"} | (status or {})
    if reason:
        return failing("HelmRelease", name, reason, message, more=more, spec=spec, status=made_status, **extra)
    return ready("HelmRelease", name, spec=spec, status=made_status | {"lastAttemptedRevision": "1.0.0"}, **extra)


def chart(name: str = "web", reason: str = "", message: str = "", source: str = "HelmRepository/charts", **spec: Any) -> Object:
    """The HelmChart that helm-controller makes for a release."""
    kind, _, source_name = source.partition("/")
    spec = {"chart": "web", "version": "1.0.0", "sourceRef": {"kind": kind, "name": source_name}} | spec
    labels = {"helm.toolkit.fluxcd.io/name": name, "helm.toolkit.fluxcd.io/namespace": "apps"}
    if reason:
        return failing("HelmChart", f"apps-{name}", reason, message, spec=spec, labels=labels)
    return ready("HelmChart", f"apps-{name}", spec=spec, labels=labels, status={"artifact": {"revision": "1.0.0"}})


def inventory(*entries: str) -> Object:
    """``namespace_name_group_Kind`` entries as a status."""
    return {"inventory": {"entries": [{"id": entry, "v": "v1"} for entry in entries]}}


def by(kind: str, name: str, namespace: str = "apps") -> dict[str, str]:
    """The labels that a Kustomization or a HelmRelease leaves on what it applies."""
    group = {"Kustomization": "kustomize", "HelmRelease": "helm"}[kind]
    return {f"{group}.toolkit.fluxcd.io/name": name, f"{group}.toolkit.fluxcd.io/namespace": namespace}


def deployment(name: str = "web", up: bool = False, namespace: str = "apps", **fields: Any) -> Object:
    have = 1 if up else 0
    state = condition(
        "Available",
        "True" if up else "False",
        "MinimumReplicasAvailable" if up else "MinimumReplicasUnavailable",
        "Deployment does not have minimum availability.",
    )
    status = {
        "observedGeneration": 1,
        "replicas": 1,
        "updatedReplicas": 1,
        "readyReplicas": have,
        "availableReplicas": have,
        "conditions": [state],
    }
    return made(
        "Deployment",
        name,
        namespace,
        spec={"replicas": 1, "selector": {"matchLabels": {"app": name}}},
        status=status | fields.pop("status", {}),
        **fields,
    )


def pod(
    owner: Object, states: list[Object] | None = None, *, name: str = "", init: list[Object] | None = None, **status: Any
) -> Object:
    """A pod of this workload with these container states; a Deployment's goes through a ReplicaSet."""
    top, namespace = owner["metadata"]["name"], owner["metadata"]["namespace"]
    by_ = made("ReplicaSet", f"{top}-5f6c7d8e9", namespace) if owner["kind"] == "Deployment" else owner
    containers = [{"name": "main", "ready": False, "restartCount": 3, "image": "x:1", "imageID": "", **s} for s in states or []]
    inits = [{"name": "init", "ready": False, "restartCount": 0, "image": "x:1", "imageID": "", **s} for s in init or []]
    found: Object = {
        "phase": "Pending",
        "conditions": [condition("Ready", "False", "ContainersNotReady")],
        "containerStatuses": containers,
        "initContainerStatuses": inits,
    }
    return made(
        "Pod",
        name or f"{by_['metadata']['name']}-abcde",
        namespace,
        owner=by_,
        spec={"containers": [{"name": "main", "image": "x:1"}]},
        status=found | status,
        labels={"app": top},
    )


def waiting(reason: str, message: str = "") -> Object:
    return {"state": {"waiting": {"reason": reason, "message": message}}}


def event(about: Object | str, reason: str, message: str, type_: str = "Warning", time: str = TIME) -> Object:
    """An event about an object, or about ``Kind/name`` that is gone."""
    if isinstance(about, str):
        kind, _, name = about.partition("/")
        about = made(kind, name)
    involved = {
        "apiVersion": about["apiVersion"],
        "kind": about["kind"],
        "name": about["metadata"]["name"],
        "namespace": about["metadata"].get("namespace", ""),
    }
    name = f"{involved['name']}.{abs(hash((reason, message, time))) % 10**10:x}"
    return made(
        "Event",
        name,
        involved["namespace"] or "default",
        type=type_,
        reason=reason,
        message=message,
        involvedObject=involved,
        lastTimestamp=time,
        firstTimestamp=time,
    )


def kept(folder: pathlib.Path, *objects: Object, **logs: str) -> pathlib.Path:
    """The objects as a snapshot; ``logs``: NAME=text becomes NAME.log (underscores stand for dashes)."""
    folder.mkdir(exist_ok=True)
    spaces = {o["metadata"].get("namespace") for o in objects} - {None}
    there = {o["metadata"]["name"] for o in objects if o["kind"] == "Namespace"}
    all_ = [*objects, *(made("Namespace", n, "", status={"phase": "Active"}) for n in sorted(spaces - there))]
    (folder / "objects.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": all_}))
    for name, content in logs.items():
        (folder / f"{name.replace('_', '-')}.log").write_text(content)
    return folder
