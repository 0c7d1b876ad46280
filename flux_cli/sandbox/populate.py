"""Objects from files into a cluster that runs, as a client would put them there: created, then given their status."""

import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flux_cli.core.api import POD, Cluster, Resource
from flux_cli.core.errors import ApiError, Conflict, NotFound
from flux_cli.core.objects import Object, items, name_of, namespace_of, text
from flux_cli.sandbox.controller_pods import controller_pod
from flux_cli.sandbox.loading import File, files, in_order, objects

CONTROLLER = re.compile(r"[a-z-]+-controller|source-watcher")
SERVER_SET = ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink", "deletionTimestamp",
              "deletionGracePeriodSeconds")  # fmt: skip


class Loaded(NamedTuple):
    """How many objects there were, and what was refused: one line each."""

    total: int
    refused: list[str]


class Writer:
    """Writes through a cluster's API, as any client does."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def put(self, resource: Resource, namespace: str, obj: Object) -> Object:
        """Create the object, or change the one that is there; what the cluster has now. ``obj`` is given away."""
        try:
            return self.cluster.create(resource, namespace, obj)
        except Conflict:
            return self.cluster.patch(resource, namespace, name_of(obj), obj)

    def set_status(self, resource: Resource, namespace: str, obj: Object, status: Object) -> None:
        with contextlib.suppress(NotFound):  # a kind without that subresource: its status came with the object
            self.cluster.patch(resource, namespace, name_of(obj), {"status": status}, subresource="status")


def load_paths(cluster: Cluster, paths: Iterable[str], writer: Writer | None = None) -> Loaded:
    """Load the manifests at these paths and the logs beside them. Raises FluxError where a path cannot be read."""
    logs: list[File] = []
    loaded = load(cluster, _manifests(paths, logs), writer)
    for log in logs:
        _write_log(cluster, log)
    return loaded


def _manifests(paths: Iterable[str], logs: list[File]) -> Iterator[Object]:
    """The objects at these paths; log files are put into ``logs``."""
    for path in paths:
        for file in files(path):
            if file.name.endswith(".log"):
                logs.append(file)
            else:
                yield from objects(file)


def load(cluster: Cluster, found: Iterable[Object], writer: Writer | None = None) -> Loaded:
    """Put objects into the cluster, owners before what they own, so that owner references can be made to fit."""
    writer = writer or Writer(cluster)
    uids: dict[str, str] = {}
    refused, left = [], in_order(found)[::-1]
    total = len(left)
    while left:  # each is let go once it is in, so that many are not there twice
        obj = left.pop()
        try:
            _put(writer, obj, uids)
        except ApiError as err:
            refused.append(f"{obj['kind']}/{namespace_of(obj)}/{name_of(obj)}: {err}")
    return Loaded(total, refused)


def _put(writer: Writer, obj: Object, uids: dict[str, str]) -> None:
    resource = writer.cluster.resolve(obj["apiVersion"], obj["kind"])
    namespace = (namespace_of(obj) or "default") if resource.namespaced else ""
    metadata = {k: v for k, v in obj["metadata"].items() if k not in SERVER_SET and k != "ownerReferences"}
    owners = [
        owner | {"uid": uids[text(owner, "uid")]}
        for owner in items(obj, "metadata.ownerReferences")
        if text(owner, "uid") in uids
    ]
    if owners:
        metadata["ownerReferences"] = owners
    body = {k: v for k, v in obj.items() if k != "status"} | {"metadata": metadata}
    made = writer.put(resource, namespace, body)
    uids[text(obj, "metadata.uid")] = text(made, "metadata.uid")
    if obj.get("status"):
        writer.set_status(resource, namespace, obj, obj["status"])


PREVIOUS = "_previous"  # a log of the run before: the file's name ends so


def log_places(stem: str, pods: Iterable[Object]) -> list[tuple[str, str]]:
    """(namespace, name) of the pods that a log file of this name is about.

    ``pod-NAME``, ``NAME``, ``pod-NAMESPACE_NAME``, or a controller's name; ``_previous`` at the end is no part of it.
    """
    name = stem.removeprefix("pod-").removesuffix(PREVIOUS)
    namespace, _, name = name.rpartition("_")
    known = list(pods)
    exact = [p for p in known if name_of(p) in (name, stem) and namespace in ("", namespace_of(p))]
    if not exact and CONTROLLER.fullmatch(stem):
        exact = [p for p in known if text(p, "metadata.labels.app") == stem or name_of(p).startswith(f"{stem}-")][:1]
    return [(namespace_of(p) or "default", name_of(p)) for p in exact]


def log_stem(file: File) -> str:
    return re.split(r"[/:\\]", file.name)[-1].removesuffix(".log")


def log_lines(file: File) -> list[str]:
    return file.content.decode("utf-8", "replace").splitlines()


def _write_log(cluster: Cluster, file: File) -> None:
    stem = log_stem(file)
    if stem.endswith(PREVIOUS):  # the API has no way to write what a run before has said
        return
    places = log_places(stem, cluster.list(POD).items)
    if not places and CONTROLLER.fullmatch(stem):
        load(cluster, controller_pod(stem))
        places = log_places(stem, cluster.list(POD).items)
    for namespace, name in places:
        write_log(cluster, namespace, name, log_lines(file))


def write_log(cluster: Cluster, namespace: str, pod: str, lines: list[str]) -> None:
    """Add lines to a pod's log, which the embedded cluster allows (and no other)."""
    body = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": pod, "namespace": namespace}, "lines": lines}
    cluster.update(POD, namespace, body, subresource="log")
