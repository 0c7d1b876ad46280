"""What of an object may leave the cluster in a snapshot: everything that a diagnosis reads, nothing that can hold a secret."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import Any

from flux_cli.core.objects import Object, dig, items, labels, text
from flux_cli.diagnosis.masking import MASK, credentials_in, secret_name

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
VOLUME_KEEPS = (
    "name", "configMap", "secret", "projected", "persistentVolumeClaim", "emptyDir", "hostPath", "nfs", "ephemeral", "csi",
    "flexVolume",
)  # fmt: skip
KEPT_FIELDS = ("apiVersion", "kind", "spec", "status", "type", "secrets", "imagePullSecrets")
HIDDEN = {  # fields of Flux objects whose content is the user's, and may be secret
    "HelmRelease": ("values", "postRenderers", "commonMetadata.annotations"),
    "Kustomization": (
        "patches",
        "patchesStrategicMerge",
        "patchesJson6902",
        "postBuild.substitute",
        "commonMetadata.annotations",
    ),
    "Provider": ("address", "proxy"),
    "Alert": ("eventMetadata", "summary"),
    "ImageUpdateAutomation": ("git.commit", "git.push.options"),
}
MARKER = "ENC[masked]"
NO_WORD = re.compile(r"[^a-z_./-]")


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


def secret_values(obj: Object) -> Iterator[str]:
    """What has to be masked wherever it turns up again: the values of Secrets, and what stands elsewhere under a secret's name.

    Certificates of CAs are public and left out.
    """
    kind, data = text(obj, "kind"), dig(obj, "data")
    if kind == "Secret":
        for key, value in data.items() if isinstance(data, dict) else ():
            if key not in ("ca.crt", "tls.crt", "namespace") and isinstance(value, str):
                yield value
                yield from _decoded(value)
        return
    for path in ("data", "spec.values", "spec.postBuild.substitute"):
        yield from named_secrets(dig(obj, path))
    for spec in ("spec", "spec.template.spec", "spec.jobTemplate.spec.template.spec"):
        for container in [*items(obj, f"{spec}.initContainers"), *items(obj, f"{spec}.containers")]:
            yield from named_secrets({text(e, "name"): text(e, "value") for e in items(container, "env")})


def _decoded(value: str) -> Iterator[str]:
    """A Secret's value in plain, and what stands in it under a secret's name: a kubeconfig's token, a registry's password."""
    try:
        plain = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):
        return
    yield plain
    for inner in credentials_in(plain):
        yield inner
        try:
            yield base64.b64decode(inner, validate=True).decode().partition(":")[2]  # "auth" of a registry: user:password
        except (binascii.Error, ValueError):
            continue


def named_secrets(value: Any, key: str = "") -> Iterator[str]:
    """Texts that stand under a name such as PASSWORD, at any depth; of longer texts what looks like ``password: x``.

    Plain words and addresses are left out: to mask "enabled" or a token's URL everywhere would hide what happened.
    """
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from named_secrets(inner, str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from named_secrets(inner, key)
    elif isinstance(value, str) and value:
        found = [value] if secret_name(key) and "\n" not in value.strip() else credentials_in(value)
        yield from (one for one in found if NO_WORD.search(one) and "://" not in one)


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
    if kind == "CustomResourceDefinition":
        return _definition(spec)
    for path in HIDDEN.get(kind, ()):
        spec = _hidden(spec, path.split("."))
    return spec


def _definition(spec: Object) -> Object:
    """Names and versions of a CRD; its schemas are the same wherever it is installed."""
    versions = [{k: v.get(k) for k in ("name", "served", "storage")} for v in items(spec, "versions") if isinstance(v, dict)]
    return {k: v for k, v in spec.items() if k in ("group", "names", "scope")} | {"versions": versions}


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
    if "volumes" in out:
        out["volumes"] = [_volume(v) for v in items(spec, "volumes") if isinstance(v, dict)]
    for group in ("initContainers", "containers"):
        if group in spec:
            out[group] = [_container(c, controller) for c in items(spec, group) if isinstance(c, dict)]
    return out


def _volume(volume: Object) -> Object:
    """What it refers to; of drivers the name alone, for their attributes are free text."""
    return {k: {"driver": text(v, "driver")} if k in ("csi", "flexVolume") else v for k, v in volume.items() if k in VOLUME_KEEPS}


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
