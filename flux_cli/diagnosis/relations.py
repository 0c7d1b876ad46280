"""Who is connected with whom: needs from the registry, owners from labels, contents from inventories, waits from messages."""

import re
from typing import NamedTuple

from flux_cli import kinds
from flux_cli.core.objects import Object, Ref, dig, items, labels, name_of, namespace_of, ref_of, text
from flux_cli.kinds import Need

KUSTOMIZE, HELM = "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io"
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "Pod", "ReplicaSet")
_WAITED = re.compile(r"\b([A-Z][A-Za-z0-9]+)/(?:([\w.-]*)/)?([\w.:-]+) status: ?'(\w+)'")
_MANIFEST = re.compile(r"(?m)^(apiVersion|kind): *[\"']?([\w./-]+)|^  (name|namespace): *[\"']?([\w.:-]+)")


class Item(NamedTuple):
    """An object that a Kustomization or a HelmRelease applied."""

    ref: Ref
    api_version: str


class Waited(NamedTuple):
    """What a health check says it waits for."""

    ref: Ref
    status: str


def is_flux(kind: str) -> bool:
    return kind in kinds.NAMES


def needs(obj: Object) -> list[Need]:
    """What this object cannot work without, by the registry; empty for kinds that Flux does not own."""
    kind = text(obj, "kind")
    return list(kinds.named(kind).needs(obj)) if is_flux(kind) else []


def need_of(obj: Object, *roles: str) -> Need | None:
    return next((n for role in roles for n in needs(obj) if n.role == role), None)


def source_ref(obj: Object) -> Ref | None:
    """Where its content comes from: the source, not the HelmChart in between; None for a source itself."""
    if text(obj, "kind") in ("GitRepository", "OCIRepository", "Bucket", "HelmRepository", "ImageRepository"):
        return None
    found = need_of(obj, "source", "image")
    return found.ref if found else None


def owner(obj: Object) -> Ref | None:
    """The Kustomization or HelmRelease that applied it, by the labels that both leave on everything."""
    marks = labels(obj)
    for kind, prefix in (("HelmRelease", HELM), ("Kustomization", KUSTOMIZE)):
        name = marks.get(f"{prefix}/name")
        if isinstance(name, str) and name:
            ref = Ref(kind, str(marks.get(f"{prefix}/namespace") or namespace_of(obj)), name)
            if ref != ref_of(obj):
                return ref
    return None


def controlled_by(obj: Object) -> Ref | None:
    """The owner by ``ownerReferences``, the controlling one first."""
    found = [o for o in items(obj, "metadata.ownerReferences") if isinstance(o, dict)]
    found.sort(key=lambda o: o.get("controller") is not True)
    return Ref(text(found[0], "kind"), namespace_of(obj), text(found[0], "name")) if found else None


def inventory(obj: Object) -> list[Item]:
    """Entries ``<namespace>_<name>_<group>_<kind>``; colons of names are written as two underscores."""
    out = []
    for entry in items(obj, "status.inventory.entries"):
        written = str(entry.get("id", "")) if isinstance(entry, dict) else ""
        namespace, _, rest = written.partition("_")
        rest, _, kind = rest.rpartition("_")
        name, found, group = rest.rpartition("_")
        if not found:
            continue
        version = str(entry.get("v", ""))
        out.append(Item(Ref(kind, namespace, name.replace("__", ":")), f"{group}/{version}" if group else version))
    return out


def release_items(manifest: str, namespace: str) -> list[Item]:
    """The objects of a Helm manifest, read line by line: only who they are, nothing of what they hold."""
    out = []
    for document in re.split(r"(?m)^---", manifest):
        found: dict[str, str] = {}
        for top, top_value, inner, inner_value in _MANIFEST.findall(document):
            found.setdefault(top or inner, top_value or inner_value)
        if found.get("kind") and found.get("name"):
            out.append(Item(Ref(found["kind"], found.get("namespace", namespace), found["name"]), found.get("apiVersion", "")))
    return out


def waited(message: str) -> list[Waited]:
    """``[Kind/namespace/name status: 'InProgress', …]`` of a health check's message."""
    return [Waited(Ref(kind, namespace, name), status) for kind, namespace, name, status in _WAITED.findall(message)]


def controller_of(kind: str) -> str:
    """The Deployment that handles a kind; "" for kinds that Flux does not own."""
    return kinds.named(kind).controller if is_flux(kind) else ""


def target_namespaces(obj: Object) -> list[str]:
    """Where its workloads are: target namespace, storage namespace, its own, those of its inventory."""
    found = [text(obj, "spec.targetNamespace"), namespace_of(obj), *(i.ref.namespace for i in inventory(obj))]
    return [n for n in dict.fromkeys(found) if n]


def selects(workload: Object, pod: Object) -> bool:
    """Whether the workload's label selector takes this pod."""
    wanted = dig(workload, "spec.selector.matchLabels", {})
    have = labels(pod)
    return bool(wanted) and isinstance(wanted, dict) and all(have.get(k) == v for k, v in wanted.items())


def same_family(workload: Object, pod: Object) -> bool:
    """A pod of this workload: controlled by it, by one of its ReplicaSets, or taken by its selector."""
    by = controlled_by(pod)
    kind, name = text(workload, "kind"), name_of(workload)
    if by is None:
        return kind != "Job" and selects(workload, pod)
    if by.kind == kind:
        return by.name == name
    if by.kind == "ReplicaSet" and kind == "Deployment":
        return by.name.rpartition("-")[0] == name
    return False
