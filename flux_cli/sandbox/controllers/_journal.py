"""What a controller tells besides the status: events, and JSON lines in its pod's log."""

import json
import time
import uuid

from flux_cli.core.api import EVENT, POD, Cluster
from flux_cli.core.errors import ApiError, FluxError, NotFound
from flux_cli.core.objects import Object, name_of, namespace_of, text
from flux_cli.kinds import Kind
from flux_cli.sandbox.controllers._outcome import Note
from flux_cli.sandbox.populate import write_log
from flux_cli.sandbox.stamps import now


class Journal:
    """Events go to the object's namespace, lines to the pod of the kind's controller (where the cluster takes them)."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._pods: dict[str, tuple[str, str]] = {}
        self._mute = False
        self._events: dict[tuple[str, str, str], tuple[str, int]] = {}

    def event(self, kind: Kind, obj: Object, note: Note) -> None:
        """Write an event, or count up the one that says the same."""
        key = (text(obj, "metadata.uid"), note.reason, note.message)
        known, at = self._events.get(key), now()
        try:
            if known:
                name, count = known
                self._cluster.patch(EVENT, namespace_of(obj), name, {"count": count + 1, "lastTimestamp": at})
                self._events[key] = (name, count + 1)
                return
        except ApiError:
            pass  # it is gone: write a new one
        name = f"{name_of(obj)}.{time.time_ns():x}"
        self._cluster.create(EVENT, namespace_of(obj), _event(kind, obj, note, name, at))
        self._events[key] = (name, 1)

    def line(self, kind: Kind, obj: Object, message: str, *, error: str = "", **more: object) -> None:
        """One line in the controllers' format."""
        pod = self._pod(kind.controller)
        if pod is None:
            return
        ref = {"name": name_of(obj), "namespace": namespace_of(obj)}
        entry = {
            "level": "error" if error else "info",
            "ts": now("milliseconds"),
            "msg": message,
            "controller": kind.kind.lower(),
            "controllerGroup": kind.resource.group,
            "controllerKind": kind.kind,
            kind.kind: ref,
            "namespace": ref["namespace"],
            "name": ref["name"],
            "reconcileID": str(uuid.uuid4()),
            **more,
            **({"error": error} if error else {}),
        }
        try:
            write_log(self._cluster, *pod, [json.dumps(entry, ensure_ascii=False, separators=(",", ":"))])
        except NotFound:
            del self._pods[kind.controller]  # replaced by another pod
        except FluxError:
            self._mute = True  # not a cluster of ours: its pods write their own logs

    def _pod(self, controller: str) -> tuple[str, str] | None:
        if controller not in self._pods and not self._mute:
            found = self._cluster.list(POD, labels=f"app={controller}").items
            if found:
                self._pods[controller] = (namespace_of(found[0]), name_of(found[0]))
        return None if self._mute else self._pods.get(controller)


def _event(kind: Kind, obj: Object, note: Note, name: str, at: str) -> Object:
    involved = {
        "apiVersion": kind.resource.api_version,
        "kind": kind.kind,
        "name": name_of(obj),
        "namespace": namespace_of(obj),
        "uid": text(obj, "metadata.uid"),
        "resourceVersion": text(obj, "metadata.resourceVersion"),
    }
    metadata: Object = {"name": name, "namespace": namespace_of(obj)}
    if note.annotations:
        metadata["annotations"] = dict(note.annotations)
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": metadata,
        "involvedObject": involved,
        "reason": note.reason,
        "message": note.message,
        "type": "Warning" if note.warning else "Normal",
        "count": 1,
        "firstTimestamp": at,
        "lastTimestamp": at,
        "eventTime": None,
        "reportingComponent": kind.controller,
        "reportingInstance": "",
        "source": {"component": kind.controller},
    }
