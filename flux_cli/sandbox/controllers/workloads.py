"""Deployments come up at once, with a pod each: as much of Kubernetes' own controllers as the watcher of a rollout sees."""

import hashlib
import threading
import time

from flux_cli.core.api import DEPLOYMENT, POD, Cluster
from flux_cli.core.errors import Conflict, FluxError
from flux_cli.core.objects import Object, dig, items, name_of, namespace_of, text
from flux_cli.sandbox.controllers._journal import now

WATCH = 20.0  # seconds of one watch


class Workloads:
    """Watches Deployments until ``stop``. Nothing runs: statuses are written, pods are objects."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._stopped = False

    def start(self) -> None:
        threading.Thread(target=self._watch, daemon=True).start()

    def stop(self) -> None:
        self._stopped = True

    def _watch(self) -> None:
        while not self._stopped:
            try:
                for event in self._cluster.watch(DEPLOYMENT, timeout=WATCH):
                    if event.type in ("ADDED", "MODIFIED"):
                        self._roll_out(event.object)
            except FluxError:  # the server ended it: from the start
                time.sleep(0.2)

    def _roll_out(self, deployment: Object) -> None:
        """Status and pod of a Deployment whose spec was not seen yet; one that tells of its own state is left alone."""
        generation = dig(deployment, "metadata.generation", 1)
        if dig(deployment, "status.conditions") and dig(deployment, "status.observedGeneration", generation) >= generation:
            return
        if text(deployment, "metadata.deletionTimestamp"):
            return
        wanted = dig(deployment, "spec.replicas", 1)
        place = (namespace_of(deployment), name_of(deployment))
        self._cluster.patch(DEPLOYMENT, *place, {"status": _status(wanted, generation)}, subresource="status")
        if wanted:
            try:
                self._pod(deployment)
            except Conflict:
                return  # it has its pod

    def _pod(self, deployment: Object) -> None:
        namespace, name = namespace_of(deployment), name_of(deployment)
        digest = hashlib.sha256(str(dig(deployment, "spec.template")).encode()).hexdigest()
        owner = {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "name": name,
            "uid": text(deployment, "metadata.uid"),
            "controller": True,
        }
        for old in self._cluster.list(POD, namespace).items:
            if any(text(o, "uid") == owner["uid"] for o in items(old, "metadata.ownerReferences")):
                if name_of(old) == f"{name}-{digest[:10]}-{digest[10:15]}":
                    return
                self._cluster.delete(POD, namespace, name_of(old))
        labels = dig(deployment, "spec.template.metadata.labels", {}) | {"pod-template-hash": digest[:10]}
        metadata = {
            "name": f"{name}-{digest[:10]}-{digest[10:15]}",
            "namespace": namespace,
            "labels": labels,
            "ownerReferences": [owner],
        }
        spec = dig(deployment, "spec.template.spec", {}) | {"nodeName": "node-1"}
        self._cluster.create(POD, namespace, {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
        self._cluster.patch(POD, namespace, metadata["name"], {"status": _running(spec)}, subresource="status")


def _status(replicas: int, generation: int) -> Object:
    at = now()
    available = {
        "type": "Available",
        "status": "True",
        "reason": "MinimumReplicasAvailable",
        "message": "Deployment has minimum availability.",
    }
    rolled = {
        "type": "Progressing",
        "status": "True",
        "reason": "NewReplicaSetAvailable",
        "message": "ReplicaSet has successfully progressed.",
    }
    counts = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), replicas)
    conditions = [c | {"lastTransitionTime": at, "lastUpdateTime": at} for c in (available, rolled)]
    return {"observedGeneration": generation, **counts, "conditions": conditions}


def _running(spec: Object) -> Object:
    at = now()
    containers = [
        {
            "name": text(c, "name"),
            "image": text(c, "image"),
            "imageID": "",
            "ready": True,
            "started": True,
            "restartCount": 0,
            "state": {"running": {"startedAt": at}},
            "lastState": {},
        }
        for c in items(spec, "containers")
    ]
    ready = [
        {"type": kind, "status": "True", "lastTransitionTime": at}
        for kind in ("PodScheduled", "Initialized", "Ready", "ContainersReady")
    ]
    return {"phase": "Running", "startTime": at, "conditions": ready, "containerStatuses": containers, "podIP": "10.1.0.1"}
