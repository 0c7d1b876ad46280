"""Stand-ins for what a real cluster has beside its API server: kubelets and the two Flux controllers that a bootstrap waits for."""

import pathlib
import subprocess
import threading
from typing import Any

from flux_cli.core.api import DEPLOYMENT, Cluster
from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object, dig
from flux_cli.kinds import named

EVERY = 0.05


class Controllers:
    """Deployments become ready; the source has the commit that the repository is at, the Kustomization applies it."""

    def __init__(self, cluster: Cluster, repository: pathlib.Path | None = None, namespace: str = "flux-system") -> None:
        self._cluster, self.repository, self._namespace = cluster, repository, namespace
        self._end = threading.Event()
        self.broken = ""  # a Deployment that never becomes ready
        self.refusal = ""  # what the object of the kind ``refuser`` says instead of being ready
        self.refuser = "GitRepository"
        self.idle = False  # whether the two Flux controllers do nothing at all
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._end.set()
        self._thread.join(10)

    def settled(self) -> bool:
        """Whether every Deployment runs but the one that never does."""
        found = [obj for obj in self._cluster.list(DEPLOYMENT, self._namespace).items if obj["metadata"]["name"] != self.broken]
        return all(dig(obj, "status.readyReplicas") for obj in found)

    def _run(self) -> None:
        while not self._end.wait(EVERY):
            try:
                for obj in self._cluster.list(DEPLOYMENT, self._namespace).items:
                    if obj["metadata"]["name"] != self.broken:
                        self._status(DEPLOYMENT, obj, _running(obj))
                self._flux("GitRepository", "artifact")
                self._flux("Kustomization", "applied")
            except FluxError:
                continue  # not installed yet, or not any more

    def _flux(self, kind: str, how: str) -> None:
        resource = named(kind).resource
        for obj in self._cluster.list(resource, self._namespace).items:
            commit = self._commit()
            if not commit or self.idle:
                continue
            revision = f"main@sha1:{commit}"
            fields: Object = {"artifact": _artifact(revision)} if how == "artifact" else {}
            if how == "applied":
                fields = {"lastAppliedRevision": revision, "lastAttemptedRevision": revision}
            self._status(
                resource, obj, fields | {"observedGeneration": obj["metadata"]["generation"], "conditions": [self._ready(obj)]}
            )

    def _ready(self, obj: Object) -> Object:
        bad = self.refusal if obj["kind"] == self.refuser else ""
        return {
            "type": "Ready", "status": "False" if bad else "True", "reason": "Failed" if bad else "Succeeded",
            "message": bad or "done", "lastTransitionTime": "2026-01-01T00:00:00Z",
        }  # fmt: skip

    def _commit(self) -> str:
        command = ["git", "-C", str(self.repository), "-c", "safe.directory=*", "rev-parse", "--verify", "-q", "main"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    def _status(self, resource: Any, obj: Object, status: Object) -> None:
        if dig(obj, "status", {}) | status != dig(obj, "status", {}):
            name = obj["metadata"]["name"]
            self._cluster.patch(resource, self._namespace, name, {"status": status}, subresource="status")


def _running(obj: Object) -> Object:
    count = dig(obj, "spec.replicas", 1)
    reasons = {"Progressing": "NewReplicaSetAvailable", "Available": "MinimumReplicasAvailable"}
    stamp = "2026-01-01T00:00:00Z"
    conditions = [
        {"type": t, "status": "True", "reason": r, "message": "", "lastTransitionTime": stamp, "lastUpdateTime": stamp}
        for t, r in reasons.items()
    ]
    counts = dict.fromkeys(("replicas", "readyReplicas", "availableReplicas", "updatedReplicas"), count)
    return counts | {"observedGeneration": obj["metadata"]["generation"], "conditions": conditions}


def _artifact(revision: str) -> Object:
    return {
        "revision": revision, "digest": "sha256:" + "0" * 64, "path": "a.tar.gz", "url": "http://source-controller/a.tar.gz",
        "lastUpdateTime": "2026-01-01T00:00:00Z", "size": 1,
    }  # fmt: skip
