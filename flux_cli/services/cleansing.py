"""What of an object may leave the cluster in a snapshot: everything that a diagnosis reads, nothing that can hold a secret."""

import base64
import binascii
from collections.abc import Callable, Iterator
from typing import Any

from flux_cli.core.objects import Object, dig, items, labels, text
from flux_cli.diagnosis.masking import MASK

Masker = Callable[[str], str]
KEPT_ANNOTATIONS = (
    "fluxcd.io/",
    "helm.sh/",
    "deployment.kubernetes.io/",
    "kubernetes.io/service-account.name",
    "storageclass.kubernetes.io/",
)
CONTAINER_KEEPS = ("name", "image", "imagePullPolicy", "resources", "ports", "volumeMounts", "envFrom")
POD_KEEPS = (
    "nodeName", "nodeSelector", "tolerations", "serviceAccountName", "imagePullSecrets", "volumes", "restartPolicy",
    "schedulerName", "priorityClassName", "hostNetwork",
)  # fmt: skip
KEPT_FIELDS = ("apiVersion", "kind", "spec", "status", "type", "secrets", "imagePullSecrets")
HIDDEN = {  # fields of Flux objects whose content is the user's, and may be secret
    "HelmRelease": ("values", "postRenderers"),
    "Kustomization": ("patches", "patchesStrategicMerge", "patchesJson6902", "postBuild.substitute"),
    "Provider": ("address",),
    "Alert": ("eventMetadata", "summary"),
    "ImageUpdateAutomation": ("git.commit",),
}
MARKER = "ENC[masked]"


def clean_object(obj: Object, mask: Masker) -> Object:
    """A copy that is fit to be handed on."""
    kind = text(obj, "kind")
    out = {k: v for k, v in obj.items() if k in KEPT_FIELDS or kind == "Event"}
    out["metadata"] = _metadata(dig(obj, "metadata", {}))
    spec = dig(obj, "spec")
    if isinstance(spec, dict):
        out["spec"] = _spec(kind, spec, obj)
    if kind == "Receiver" and isinstance(dig(obj, "status"), dict):
        out["status"] = {**obj["status"], "webhookPath": MASK if text(obj, "status.webhookPath") else ""}
    masked: Object = _strings(out, mask)
    if kind in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
        masked["webhooks"] = [{"name": text(hook, "name")} for hook in items(obj, "webhooks")]
    data = dig(obj, "data")
    if kind in ("Secret", "ConfigMap"):
        masked["data"] = {str(k): _emptied(kind, v) for k, v in data.items()} if isinstance(data, dict) else {}
    if kind == "Receiver":  # the path is a hash of the token: who knows it can call the hook
        masked = _strings(masked, lambda value: value.split("/hook/")[0] + f"/hook/{MASK}" if "/hook/" in value else value)
    return masked


def secret_values(secret: Object) -> Iterator[str]:
    """The decoded values of a Secret, for finding them again elsewhere. Certificates of CAs are public and left out."""
    data = dig(secret, "data", {})
    for key, value in data.items() if isinstance(data, dict) else ():
        if key in ("ca.crt", "tls.crt", "namespace") or not isinstance(value, str):
            continue
        yield value
        try:
            yield base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError):
            continue


def _emptied(kind: str, value: object) -> str:
    """Only whether it is ciphertext of SOPS is kept of a Secret's value."""
    if kind != "Secret" or not isinstance(value, str):
        return ""
    try:
        encrypted = base64.b64decode(value[:16], validate=True).startswith(b"ENC[")
    except (binascii.Error, ValueError):
        encrypted = False
    return base64.b64encode(MARKER.encode()).decode() if encrypted else ""


def _metadata(metadata: Any) -> Object:
    if not isinstance(metadata, dict):
        return {}
    out = {k: v for k, v in metadata.items() if k not in ("managedFields", "annotations")}
    notes = metadata.get("annotations")
    if isinstance(notes, dict):
        out["annotations"] = {
            str(k): v if any(part in str(k) for part in KEPT_ANNOTATIONS) else MASK
            for k, v in notes.items()
            if "last-applied" not in str(k)
        }
    return out


def _spec(kind: str, spec: Object, obj: Object) -> Object:
    controller = labels(obj).get("app.kubernetes.io/part-of") == "flux"
    if kind == "Pod":
        return _pod(spec, controller)
    if isinstance(dig(spec, "template.spec"), dict):
        pod = {
            "metadata": {"labels": dig(spec, "template.metadata.labels", {})},
            "spec": _pod(spec["template"]["spec"], controller),
        }
        return {**spec, "template": pod}
    if isinstance(dig(spec, "jobTemplate"), dict):
        return {k: v for k, v in spec.items() if k != "jobTemplate"}
    for path in HIDDEN.get(kind, ()):
        spec = _hidden(spec, path.split("."))
    return spec


def _hidden(spec: Object, path: list[str]) -> Object:
    """The field kept in its shape, every text in it masked."""
    key, *rest = path
    if key not in spec:
        return spec
    value = spec[key]
    if rest:
        return {**spec, key: _hidden(value, rest)} if isinstance(value, dict) else spec
    return {**spec, key: _strings(value, lambda _: MASK)}


def _pod(spec: Object, controller: bool) -> Object:
    """Names, images, references and placement; environment, arguments and probes stay behind."""
    out = {k: spec[k] for k in POD_KEEPS if k in spec}
    for group in ("initContainers", "containers"):
        if group in spec:
            out[group] = [_container(c, controller) for c in items(spec, group) if isinstance(c, dict)]
    return out


def _container(container: Object, controller: bool) -> Object:
    out = {k: container[k] for k in CONTAINER_KEEPS if k in container}
    out["env"] = [
        {"name": text(e, "name"), **({"valueFrom": e["valueFrom"]} if "valueFrom" in e else {"value": MASK})}
        for e in items(container, "env")
        if isinstance(e, dict)
    ]
    if controller and "args" in container:  # the controllers' own flags tell shards, gates and limits
        out["args"] = container["args"]
    return out


def _strings(value: Any, change: Masker) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {k: _strings(v, change) for k, v in value.items()}
    if isinstance(value, list):
        return [_strings(v, change) for v in value]
    return value
