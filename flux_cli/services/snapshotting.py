"""A snapshot: what a diagnosis reads, without any secret, in a folder or an archive that ``--from`` takes back."""

import io
import json
import os
import tarfile
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

from flux_cli import kinds
from flux_cli.core import api
from flux_cli.core.errors import FluxError, NoMatch, UsageError
from flux_cli.core.objects import Object, items, name_of, namespace_of, text
from flux_cli.core.parallel import side_by_side
from flux_cli.diagnosis import controllers, relations, workloads
from flux_cli.diagnosis.masking import KnownValues
from flux_cli.diagnosis.reader import LIMIT_RANGE, MUTATING, RELEASE, VALIDATING, Reader
from flux_cli.services.cleansing import clean_object, secret_values

POLICY = api.Resource("admissionregistration.k8s.io", "v1", "validatingadmissionpolicies", "ValidatingAdmissionPolicy", False)
WHOLE = (api.NAMESPACE, api.NODE, VALIDATING, MUTATING, POLICY)
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
    answers = side_by_side([partial(_listed, cluster, r) for r in resources])
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
    known = KnownValues(value for secret in lists.get("Secret", []) for value in secret_values(secret))
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
    return cluster.list(resource, fields=f"type!={RELEASE}" if resource.kind == "Secret" else "").items


def _version(cluster: api.Cluster) -> Any:
    try:
        return cluster.raw("/version")
    except FluxError:
        return None


def _namespaces(lists: dict[str, list[Object]]) -> set[str]:
    """Where Flux objects are, and where they deploy to."""
    spaces = {controllers.HOME}
    for name in kinds.NAMES:
        for obj in lists.get(name, []):
            spaces |= {namespace_of(obj), text(obj, "spec.targetNamespace"), *(i.ref.namespace for i in relations.inventory(obj))}
    return spaces - {""}


def _logs(
    cluster: api.Cluster, lists: dict[str, list[Object]], spaces: set[str], known: KnownValues, tail: int, notes: list[str]
) -> dict[str, bytes]:
    """The logs of the controllers and of pods that are not up, masked line by line."""
    pods = [p for p in lists.get("Pod", []) if namespace_of(p) in spaces]
    wanted = [p for p in pods if namespace_of(p) == controllers.HOME] + [
        p for p in pods if namespace_of(p) != controllers.HOME and not workloads.settled(p)
    ]
    wanted = [p for p in wanted if items(p, "status.containerStatuses")][:MAX_LOGS]
    reader = Reader(cluster)
    answers = side_by_side([partial(reader.logs, namespace_of(p), name_of(p), tail=tail) for p in wanted])
    files = {}
    for pod, lines in zip(wanted, answers, strict=True):
        if isinstance(lines, list) and lines:
            files[f"pod-{name_of(pod)}.log"] = known("\n".join(lines) + "\n").encode()
    notes += reader.notes
    return files


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
