"""A snapshot: what a diagnosis reads, without any secret, in a folder or an archive that ``--from`` takes back."""

import io
import json
import os
import tarfile
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flux_cli import kinds
from flux_cli.core import api, labelselectors
from flux_cli.core.errors import FluxError, NoMatch, UsageError
from flux_cli.core.objects import Object, items, labels, name_of, namespace_of, text
from flux_cli.core.parallel import later, side_by_side
from flux_cli.diagnosis import controllers, relations, workloads
from flux_cli.diagnosis.masking import KnownValues
from flux_cli.diagnosis.reader import LIMIT_RANGE, MUTATING, RELEASE, VALIDATING, Reader
from flux_cli.services.cleansing import clean_object, secret_values

POLICY = api.Resource("admissionregistration.k8s.io", "v1", "validatingadmissionpolicies", "ValidatingAdmissionPolicy", False)
WHOLE = (api.NAMESPACE, api.NODE, VALIDATING, MUTATING, POLICY, api.CRD)
AROUND = (
    api.DEPLOYMENT, api.STATEFUL_SET, api.DAEMON_SET, api.REPLICA_SET, api.JOB, api.POD, api.PVC, api.SERVICE, api.EVENT,
    api.SECRET, api.CONFIG_MAP, api.SERVICE_ACCOUNT, api.QUOTA, LIMIT_RANGE,
)  # fmt: skip
MAX_LOGS = 60  # pods whose log is kept: the controllers', then those that are not up


class Snapshot(NamedTuple):
    """File name → content, and what could not be read."""

    files: dict[str, bytes]
    objects: int
    notes: list[str]


def take(cluster: api.Cluster, *, tail: int = 2000, now: str = "") -> Snapshot:
    """Read the Flux objects of the cluster and what is around them in their namespaces; nothing is written to the cluster."""
    resources = [*(kind.resource for kind in kinds.every()), *AROUND, *WHOLE]
    answers = side_by_side([later(_listed, cluster, r) for r in resources])
    notes: list[str] = []
    lists: dict[str, list[Object]] = {}
    for resource, answer in zip(resources, answers, strict=True):
        if isinstance(answer, NoMatch):
            continue
        if isinstance(answer, FluxError):
            notes.append(f"{resource.plural} could not be listed: {answer}")
        elif isinstance(answer, Exception):
            raise answer
        else:
            lists[resource.kind] = answer
    if not lists:
        raise FluxError(
            notes[0] if notes else "nothing could be read", hint="flux check tells whether the cluster can be reached"
        )
    names = {name_of(obj) for found in lists.values() for obj in found}  # ``existingSecret: web-1`` names one, and is none
    known = KnownValues(v for found in lists.values() for obj in found for v in secret_values(obj) if v not in names)
    spaces = _namespaces(lists)
    files: dict[str, bytes] = {}
    count = 0
    for resource in resources:
        kept = [
            o
            for o in lists.get(resource.kind, [])
            if not resource.namespaced or resource.kind in kinds.NAMES or namespace_of(o) in spaces
        ]
        if resource.kind == "Namespace":
            kept = [o for o in kept if name_of(o) in spaces]
        cleaned = [clean_object({"apiVersion": resource.api_version, **o, "kind": resource.kind}, known) for o in kept]
        count += len(cleaned)
        if cleaned:
            files[f"{resource.name}.json"] = _json({"apiVersion": "v1", "kind": "List", "items": cleaned})
    files |= _logs(cluster, lists, spaces, known, tail, notes)
    files["snapshot.json"] = _json({"takenAt": now, "kubernetes": _version(cluster), "notes": [known(n) for n in notes]})
    return Snapshot(files, count, notes)


def _listed(cluster: api.Cluster, resource: api.Resource) -> list[Object]:
    """Helm's release records are left out, and the CRDs of others: both are large, and a diagnosis does not read them."""
    fields = f"type!={RELEASE}" if resource.kind == "Secret" else ""
    return cluster.list(
        resource, fields=fields, labels=controllers.PART_OF if resource.kind == "CustomResourceDefinition" else ""
    ).items


def _version(cluster: api.Cluster) -> Any:
    try:
        return cluster.raw("/version")
    except FluxError:
        return None


def _namespaces(lists: dict[str, list[Object]]) -> set[str]:
    """Where Flux objects are, and where they deploy to."""
    spaces = _homes(lists)
    for name in kinds.NAMES:
        for obj in lists.get(name, []):
            spaces |= {namespace_of(obj), text(obj, "spec.targetNamespace"), *(i.ref.namespace for i in relations.inventory(obj))}
    return spaces - {""}


def _homes(lists: dict[str, list[Object]]) -> set[str]:
    """Where the controllers run: flux-system, and wherever else a Deployment carries Flux's label."""
    marked = [d for d in lists.get("Deployment", []) if labelselectors.matches(controllers.PART_OF, labels(d))]
    return {controllers.HOME, *map(namespace_of, marked)}


def _logs(
    cluster: api.Cluster, lists: dict[str, list[Object]], spaces: set[str], known: KnownValues, tail: int, notes: list[str]
) -> dict[str, bytes]:
    """The logs of the controllers and of pods that are not up, also of the run before that ended; masked line by line."""
    homes = _homes(lists)
    pods = [p for p in lists.get("Pod", []) if namespace_of(p) in spaces and items(p, "status.containerStatuses")]
    wanted = [p for p in pods if namespace_of(p) in homes]
    wanted = (wanted + [p for p in pods if namespace_of(p) not in homes and not workloads.settled(p)])[:MAX_LOGS]
    again = [p for p in wanted if any(workloads.number(s, "restartCount") for s in items(p, "status.containerStatuses"))]
    reader = Reader(cluster)
    asked = [(p, False) for p in wanted] + [(p, True) for p in again]
    answers = side_by_side(
        [later(reader.logs, namespace_of(p), name_of(p), tail=tail, previous=previous) for p, previous in asked]
    )
    files = {}
    for (pod, previous), lines in zip(asked, answers, strict=True):
        if isinstance(lines, list) and lines:
            files[_log_name(pod, wanted, previous)] = known("\n".join(lines) + "\n").encode()
    notes += reader.notes
    return files


def _log_name(pod: Object, pods: list[Object], previous: bool) -> str:
    """The pod's name; its namespace before it where another pod has the same."""
    alone = sum(name_of(p) == name_of(pod) for p in pods) == 1
    return f"pod-{'' if alone else namespace_of(pod) + '_'}{name_of(pod)}{'_previous' if previous else ''}.log"


def _json(value: Any) -> bytes:
    return (json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n").encode()


def write(found: Snapshot, path: str) -> None:
    """As a folder, or as an archive where the path ends like one. Raises UsageError where something stands there already."""
    if os.path.exists(path) and (not os.path.isdir(path) or os.listdir(path)):
        raise UsageError(f"{path} exists already", hint="name another path, or remove it first")
    save: Callable[[Iterable[tuple[str, bytes]], str], None] = _archive if path.endswith((".tar.gz", ".tgz")) else _folder
    try:
        save(sorted(found.files.items()), path)
    except OSError as err:
        raise FluxError(f"cannot write {path}: {(err.strerror or str(err)).lower()}") from None


def _folder(files: Iterable[tuple[str, bytes]], path: str) -> None:
    os.makedirs(path, mode=0o700, exist_ok=True)
    for name, content in files:
        handle = os.open(os.path.join(path, name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)


def _archive(files: Iterable[tuple[str, bytes]], path: str) -> None:
    """Whole or not at all: written beside its place, then moved there."""
    half = f"{path}.part"
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, content in files:
            info = tarfile.TarInfo(f"snapshot/{name}")
            info.size, info.mode = len(content), 0o600
            archive.addfile(info, io.BytesIO(content))
    os.replace(half, path)
