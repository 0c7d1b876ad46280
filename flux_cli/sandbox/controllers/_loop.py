"""The engine of the stand-ins: watches, a queue, and what every controller does around its own work."""

import heapq
import threading
import time
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from flux_cli.core import durations
from flux_cli.core.api import CONFIG_MAP, SECRET, Cluster, Resource
from flux_cli.core.errors import FluxError, NotFound
from flux_cli.core.objects import Object, annotations, condition, dig, items, name_of, namespace_of, text
from flux_cli.kinds import Kind, every
from flux_cli.sandbox.controllers._journal import Journal
from flux_cli.sandbox.controllers._outcome import RETRY, Condition, Failure, Line, Note, Outcome, Waiting, conditions
from flux_cli.sandbox.stamps import now
from flux_cli.sandbox.world import World

REQUESTED = "reconcile.fluxcd.io/requestedAt"
FINALIZER = "finalizers.fluxcd.io"
WATCH = 20.0  # seconds of one watch; it is begun anew then, so that stopping takes no longer
ODD = 30.0  # seconds until an object that nobody can make sense of is tried again
Key = tuple[str, str, str]  # (kind, namespace, name)


class Desk(NamedTuple):
    """What a controller works with."""

    cluster: Cluster
    world: World
    journal: Journal


class Controller(Protocol):
    """One kind's own work. ``progress`` says what is under way: (reason and message of Reconciling, message of Ready)."""

    kind: Kind
    static: bool  # such objects have no status
    work: str  # the message of Reconciling while it runs
    failing: str  # its message after a failure
    ready_work: str  # the message of Ready=Unknown

    def reconcile(self, desk: Desk, obj: Object) -> Outcome: ...
    def clean_up(self, desk: Desk, obj: Object) -> None: ...


class Loop:
    """Runs controllers on a cluster until ``stop``. One thread watches each kind, one does the work."""

    def __init__(self, cluster: Cluster, world: World, controllers: Sequence[Controller]) -> None:
        self.desk = Desk(cluster, world, Journal(cluster))
        self.controllers = {c.kind.kind: c for c in controllers}
        self._lock = threading.Condition()
        self._queue: dict[Key, None] = {}
        self._later: list[tuple[float, Key]] = []
        self._known: dict[Key, Object] = {}
        self._handled: dict[Key, tuple[Any, ...]] = {}
        self._stopped = False

    def start(self) -> None:
        kinds: list[Resource] = [kind.resource for kind in every()] + [SECRET, CONFIG_MAP]
        for resource in kinds:
            threading.Thread(target=self._watch, args=(resource,), daemon=True).start()
        threading.Thread(target=self._work, daemon=True).start()

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            self._lock.notify_all()

    def _watch(self, resource: Resource) -> None:
        version = ""
        while not self._stopped:
            try:
                if not version:
                    listed = self.desk.cluster.list(resource)
                    version = listed.resource_version
                    for obj in listed.items:
                        self._seen(resource.kind, obj)
                for event in self.desk.cluster.watch(resource, resource_version=version, timeout=WATCH):
                    version = text(event.object, "metadata.resourceVersion") or version
                    if event.type in ("ADDED", "MODIFIED"):
                        self._seen(resource.kind, event.object)
                    elif event.type == "DELETED":
                        self._gone(resource.kind, event.object)
            except FluxError:  # the server ended it, or forgot the version: from the start
                version = ""
                time.sleep(0.2)

    def _seen(self, kind: str, obj: Object) -> None:
        key = (kind, namespace_of(obj), name_of(obj))
        with self._lock:
            before = self._known.get(key)
            self._known[key] = obj
            if kind in self.controllers and _token(obj) != self._handled.get(key):
                self._add(key)
            if before is None or _face(before) != _face(obj):
                self._wake_dependents(key)

    def _gone(self, kind: str, obj: Object) -> None:
        key = (kind, namespace_of(obj), name_of(obj))
        with self._lock:
            self._known.pop(key, None)
            self._handled.pop(key, None)
            self._wake_dependents(key)

    def _wake_dependents(self, key: Key) -> None:
        for other, obj in self._known.items():
            controller = self.controllers.get(other[0])
            if controller and other != key and any(tuple(need.ref) == key for need in controller.kind.needs(obj)):
                self._add(other)

    def _add(self, key: Key) -> None:
        self._queue[key] = None
        self._lock.notify_all()

    def _work(self) -> None:
        while True:
            with self._lock:
                while not self._stopped and not self._queue and not self._due():
                    self._lock.wait(max(0.0, self._later[0][0] - time.monotonic()) if self._later else None)
                if self._stopped:
                    return
                key = next(iter(self._queue))
                del self._queue[key]
            try:
                self._handle(key)
            except FluxError:
                self._again(key, RETRY)  # changed meanwhile, or the server had trouble
            except (LookupError, TypeError, ValueError, AttributeError):
                self._again(key, ODD)  # an object of a shape that no schema would let through: the others go on

    def _due(self) -> bool:
        while self._later and self._later[0][0] <= time.monotonic():
            self._queue[heapq.heappop(self._later)[1]] = None
        return bool(self._queue)

    def _again(self, key: Key, seconds: float) -> None:
        with self._lock:
            heapq.heappush(self._later, (time.monotonic() + seconds, key))
            self._lock.notify_all()

    def _handle(self, key: Key) -> None:
        controller = self.controllers[key[0]]
        try:
            obj = self.desk.cluster.get(controller.kind.resource, key[1], key[2])
        except NotFound:
            return
        fresh = _token(obj) != self._handled.get(key)
        self._handled[key] = _token(obj)
        if text(obj, "metadata.deletionTimestamp"):
            self._finalize(controller, obj)
        elif controller.kind.suspended(obj):
            if fresh:
                self.desk.journal.line(controller.kind, obj, "reconciliation is suspended for this object")
        elif not controller.static and not controller.kind.static(obj):
            retry = Run(self.desk, controller, obj).through(fresh)
            self._again(key, retry or _interval(obj))

    def _finalize(self, controller: Controller, obj: Object) -> None:
        if FINALIZER in items(obj, "metadata.finalizers"):
            if not controller.kind.suspended(obj):
                controller.clean_up(self.desk, obj)
            left = [f for f in items(obj, "metadata.finalizers") if f != FINALIZER]
            patch = {"metadata": {"finalizers": left or None}}
            self.desk.cluster.patch(controller.kind.resource, namespace_of(obj), name_of(obj), patch)


class Run:
    """One reconciliation of one object: progress, the controller's own work, then the result."""

    def __init__(self, desk: Desk, controller: Controller, obj: Object) -> None:
        self.desk, self.controller, self.obj = desk, controller, obj

    def through(self, fresh: bool) -> float:
        """Returns the seconds until the next try, 0 for the interval."""
        kind, obj = self.controller.kind, self.obj
        if FINALIZER not in items(obj, "metadata.finalizers"):
            finalizers = [*items(obj, "metadata.finalizers"), FINALIZER]
            patch = {"metadata": {"finalizers": finalizers}}
            self.obj = obj = self.desk.cluster.patch(kind.resource, namespace_of(obj), name_of(obj), patch)
        if fresh:
            self._write(self._progress(), {})
        outcome = self._outcome()
        status = dict(outcome.status)
        requested = annotations(obj).get(REQUESTED)
        if requested:
            status["lastHandledReconcileAt"] = requested
        if outcome.done:
            status["observedGeneration"] = dig(obj, "metadata.generation", 1)
        changed = self._write(outcome.conditions, status)
        if changed or fresh:
            self._tell(outcome)
        return outcome.retry

    def _outcome(self) -> Outcome:
        try:
            self.desk.world.play(self.controller.kind.kind, self.obj)
            return self.controller.reconcile(self.desk, self.obj)
        except Failure as failure:
            return self._failed(failure)
        except Waiting as waiting:
            told = (waiting.note,) if waiting.note else ()
            wanted: tuple[Condition, ...] = (Condition("Ready", "False", waiting.reason, str(waiting)),)
            if self.controller.kind.kind == "HelmRelease":
                wanted = (Condition("Reconciling", "True", "Progressing", self.controller.work), *wanted)
            return Outcome(wanted, False, waiting.status, told, (Line(waiting.line),), RETRY)

    def _failed(self, failure: Failure) -> Outcome:
        message = str(failure)
        first = (
            Condition("Stalled", "True", failure.reason, message)
            if failure.stalled
            else Condition("Reconciling", "True", "ProgressingWithRetry", self.controller.failing)
        )
        wanted = [first, Condition("Ready", "False", failure.reason, message)]
        if failure.kind:
            status = "False" if failure.kind in ("SourceVerified", "Healthy", "Released") else "True"
            wanted.append(Condition(failure.kind, status, failure.reason, message))
        line = Line("reconciliation stalled" if failure.stalled else "Reconciler error", message)
        retry = 0.0 if failure.stalled else RETRY
        return Outcome(
            tuple(wanted), failure.stalled, failure.status, (Note(failure.reason, message, warning=True),), (line,), retry
        )

    def _progress(self) -> tuple[Condition, ...]:
        others = [c for c in items(self.obj, "status.conditions") if text(c, "type") not in ("Ready", "Reconciling", "Stalled")]
        kept = tuple(Condition(text(c, "type"), text(c, "status"), text(c, "reason"), text(c, "message")) for c in others)
        work = Condition("Reconciling", "True", "Progressing", self.controller.work)
        return (work, Condition("Ready", "Unknown", "Progressing", self.controller.ready_work), *kept)

    def _write(self, wanted: tuple[Condition, ...], status: Object) -> bool:
        """Patch what differs into the status; True where the conditions changed."""
        said = conditions(self.obj, wanted, now())
        before = items(self.obj, "status.conditions")
        patch = {k: v for k, v in status.items() if v != dig(self.obj, f"status.{k}")}
        if said != before:
            patch["conditions"] = said
        if patch:
            kind = self.controller.kind
            where = (kind.resource, namespace_of(self.obj), name_of(self.obj))
            self.obj = self.desk.cluster.patch(*where, {"status": patch}, subresource="status", field_manager=kind.controller)
        return said != before

    def _tell(self, outcome: Outcome) -> None:
        kind = self.controller.kind
        for note in outcome.notes:
            self.desk.journal.event(kind, self.obj, note)
            if not note.warning:
                self.desk.journal.line(kind, self.obj, note.message)
        for line in outcome.lines:
            self.desk.journal.line(kind, self.obj, line.message, error=line.error, **line.fields)


def _token(obj: Object) -> tuple[Any, ...]:
    """What a controller reacts to: the spec, the requests in annotations, deletion."""
    asked = sorted(
        (k, v) for k, v in annotations(obj).items() if k.startswith(("reconcile.fluxcd.io/", "source.extensions.fluxcd.io/"))
    )
    return (text(obj, "metadata.uid"), dig(obj, "metadata.generation"), tuple(asked), text(obj, "metadata.deletionTimestamp"))


def _face(obj: Object) -> tuple[Any, ...]:
    """What dependents react to."""
    found = condition(obj) or {}
    at = dig(obj, "metadata.generation") == dig(obj, "status.observedGeneration")
    done = (
        text(obj, "status.artifact.revision"),
        text(obj, "status.lastAppliedRevision"),
        str(dig(obj, "status.lastScanResult")),
    )
    content = str(obj.get("data")) if "spec" not in obj else ""
    return (found.get("status"), found.get("message"), at, done, content, dig(obj, "status.history.0.chartVersion"))


def _interval(obj: Object) -> float:
    try:
        return max(durations.parse(text(obj, "spec.interval") or "10m"), 5.0)
    except ValueError:
        return 600.0
