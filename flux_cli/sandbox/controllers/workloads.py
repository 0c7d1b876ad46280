"""Deployments come up at once, with a pod each: as much of Kubernetes' own controllers as the watcher of a rollout sees.

Where the scenario has a fault for one, its pod says why it does not run.
"""

import hashlib
import threading
import time

from flux_cli.core.api import DEPLOYMENT, POD, Cluster
from flux_cli.core.errors import Conflict, FluxError
from flux_cli.core.objects import Object, dig, items, name_of, namespace_of, text
from flux_cli.sandbox.controllers._outcome import Failure
from flux_cli.sandbox.stamps import now
from flux_cli.sandbox.world import World

UNPLACED, CRASHING = "Unschedulable", "CrashLoopBackOff"  # reasons of faults that show in more than the container
WATCH = 20.0  # seconds of one watch


class Workloads:
    """Watches Deployments until ``stop``. Nothing runs: statuses are written, pods are objects."""

    def __init__(self, cluster: Cluster, world: World) -> None:
        self._cluster = cluster
        self._world = world
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
        fault = self._fault(deployment)
        self._cluster.patch(DEPLOYMENT, *place, {"status": _status(wanted, generation, fault)}, subresource="status")
        if wanted:
            try:
                self._pod(deployment, fault)
            except Conflict:
                return  # it has its pod

    def _fault(self, deployment: Object) -> Failure | None:
        try:
            self._world.play("Deployment", deployment)
        except Failure as err:
            return err
        return None

    def _pod(self, deployment: Object, fault: Failure | None) -> None:
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
        unplaced = fault is not None and fault.reason == UNPLACED
        spec = dig(deployment, "spec.template.spec", {}) | ({} if unplaced else {"nodeName": "node-1"})
        self._cluster.create(POD, namespace, {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
        self._cluster.patch(POD, namespace, metadata["name"], {"status": _running(spec, fault)}, subresource="status")


def _status(replicas: int, generation: int, fault: Failure | None) -> Object:
    at = now()
    available = {
        "type": "Available",
        "status": "False" if fault else "True",
        "reason": "MinimumReplicasUnavailable" if fault else "MinimumReplicasAvailable",
        "message": f"Deployment {'does not have' if fault else 'has'} minimum availability.",
    }
    rolled = {
        "type": "Progressing",
        "status": "True",
        "reason": "ReplicaSetUpdated" if fault else "NewReplicaSetAvailable",
        "message": f"ReplicaSet {'is progressing' if fault else 'has successfully progressed'}.",
    }
    ready = ("unavailableReplicas",) if fault else ("readyReplicas", "availableReplicas")
    counts = dict.fromkeys(("replicas", "updatedReplicas", *ready), replicas)
    conditions = [c | {"lastTransitionTime": at, "lastUpdateTime": at} for c in (available, rolled)]
    return {"observedGeneration": generation, **counts, "conditions": conditions}


def _running(spec: Object, fault: Failure | None) -> Object:
    """The status of its pod: running, waiting for the reason of the fault, or not placed on any node."""
    at = now()
    if fault and fault.reason == UNPLACED:
        placed = {
            "type": "PodScheduled",
            "status": "False",
            "reason": fault.reason,
            "message": str(fault),
            "lastTransitionTime": at,
        }
        return {"phase": "Pending", "conditions": [placed]}
    crashing = fault is not None and fault.reason == CRASHING
    ended = {"terminated": {"exitCode": 1, "reason": "Error", "startedAt": at, "finishedAt": at}}
    containers = [
        {
            "name": text(c, "name"),
            "image": text(c, "image"),
            "imageID": "",
            "ready": fault is None,
            "started": fault is None,
            "restartCount": 3 if crashing else 0,
            "state": {"waiting": {"reason": fault.reason, "message": str(fault)}} if fault else {"running": {"startedAt": at}},
            "lastState": ended if crashing else {},
        }
        for c in items(spec, "containers")
    ]
    ready = [
        {"type": kind, "status": "False" if fault and kind in ("Ready", "ContainersReady") else "True", "lastTransitionTime": at}
        for kind in ("PodScheduled", "Initialized", "Ready", "ContainersReady")
    ]
    phase = "Pending" if fault and not crashing else "Running"
    return {"phase": phase, "startTime": at, "conditions": ready, "containerStatuses": containers, "podIP": "10.1.0.1"}
