"""``reconcile``: ask a controller to look at an object now, and wait for its answer."""

from __future__ import annotations

import time

from flux_cli.core.api import Cluster
from flux_cli.core.errors import Conflict, FluxError, NotReady
from flux_cli.core.objects import Object, Ref, condition, name_of, namespace_of, text
from flux_cli.core.parallel import as_they_come, later
from flux_cli.core.record import Record
from flux_cli.core.view import Amount, Step
from flux_cli.kinds import Kind, named
from flux_cli.services import waiting
from flux_cli.services.aftermath import Telling
from flux_cli.services.bulk import Tally, Words, change_all, dependencies_first

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

REQUESTED = "reconcile.fluxcd.io/requestedAt"
FORCED = "reconcile.fluxcd.io/forceAt"
RESET = "reconcile.fluxcd.io/resetAt"
ATTEMPTS = 4  # of a write that met a conflict: after 10 ms, 50 ms, 250 ms
SOURCES = {
    "Kustomization": ("OCIRepository", "GitRepository", "Bucket"),
    "HelmRelease": ("HelmChart", "OCIRepository"),
    "HelmChart": ("HelmRepository", "GitRepository", "Bucket"),
}


class Order(Record):
    """What to ask for. ``timeout`` (seconds) is what each source may take for itself; ``wait``: until the controller is done.

    ``dry_run``: the server checks the request and stores nothing, so there is nothing to wait for.
    """

    timeout: float
    now: Callable[[], float]
    with_source: bool = False
    force: bool = False
    reset: bool = False
    wait: bool = True
    sleep: Callable[[float], None] = time.sleep
    dry_run: bool = False

    @property
    def waits(self) -> bool:
        return self.wait and not self.dry_run


Asked = list[tuple[Object, Object]]  # objects before and after the request was written


def reconcile(cluster: Cluster, kind: Kind, namespace: str, name: str, order: Order) -> Generator[Step | Amount, None, Asked]:
    """One object, after its source where the order says so. Raises FluxError on every failure."""
    obj = cluster.get(kind.resource, namespace, name)
    if not kind.reconcilable(obj):
        yield Step("success", "reconciliation not supported by the object")
        return []
    if kind.suspended(obj):
        raise FluxError("resource is suspended")
    if order.with_source and kind.source is not None:
        yield from _source(cluster, kind, obj, order)
    asked = yield from _ask(cluster, kind, [obj], order)
    if order.waits:
        yield Step("waiting", f"waiting for {kind.kind} reconciliation")
        yield Step("success", _answer(cluster, kind, obj, asked.done[0][1], order))
    return asked.done


def reconcile_many(
    cluster: Cluster, kind: Kind, objects: Sequence[Object], order: Order
) -> Generator[Step | Amount, None, Asked]:
    """All of them, those first that others depend on: asked, then waited for side by side, each told when it is done.

    A source that several share is fetched once. Suspended ones are passed over. Raises FluxError in the end where one failed.
    """
    done: Asked = []
    fetched: dict[Ref, str] = {}
    failures = 0
    for group in dependencies_first(objects):
        able, failed = yield from _prepared(cluster, kind, group, order, fetched)
        asked = yield from _ask(cluster, kind, able, order, alone=len(objects) == 1)
        failures += failed + len(asked.failed)
        done += asked.done
        if order.waits and asked.done:
            failures += yield from _answers(cluster, kind, asked.done, order)
    if failures:
        raise FluxError(f"reconciliation failed for {failures} {kind.kind}(s)")
    return done


def _prepared(
    cluster: Cluster, kind: Kind, objects: Sequence[Object], order: Order, fetched: dict[Ref, str]
) -> Generator[Step | Amount, None, tuple[list[Object | Step], int]]:
    """The objects that can be asked, a step in the place of one that is passed over; and how many failed by their source.

    ``fetched``: what went wrong with each source so far, "" where nothing did.
    """
    able: list[Object | Step] = []
    failures = 0
    for obj in objects:
        if not kind.reconcilable(obj) or kind.suspended(obj):
            why = "is suspended" if kind.suspended(obj) else "has nothing to reconcile"
            able.append(Step("warning", f" {kind.kind} {name_of(obj)} in {namespace_of(obj)} namespace {why}, passed over"))
            continue
        ref = kind.source(obj) if order.with_source and kind.source else None
        if ref and ref not in fetched:
            try:
                yield from _source(cluster, kind, obj, order)
                fetched[ref] = ""
            except FluxError as err:
                fetched[ref] = str(err)
        if ref and fetched[ref]:
            failures += 1
            able.append(Step("failure", f"{kind.kind} {name_of(obj)}: {fetched[ref]}"))
        else:
            able.append(obj)
    return able, failures


def _ask(
    cluster: Cluster, kind: Kind, objects: Sequence[Object | Step], order: Order, *, alone: bool = True
) -> Generator[Step | Amount, None, Tally]:
    """Annotate every object. Raises what goes wrong with a single one, where it is ``alone``."""
    words = Words(
        f"annotating {kind.kind} objects",
        lambda obj: f"annotating {kind.kind} {name_of(obj)} in {namespace_of(obj)} namespace",
        lambda obj: f"{kind.kind} annotated" + (" (server dry run)" if order.dry_run else ""),
        lambda obj, err: f"{kind.kind} {name_of(obj)}: {err}",
    )
    try:
        return (yield from change_all([objects], lambda obj: _annotate(cluster, kind, obj, order), words))
    except FluxError as err:
        if alone:
            raise
        name = next(name_of(obj) for obj in objects if not isinstance(obj, Step))
        yield Step("failure", f"{kind.kind} {name}: {err}")
        return Tally([], [err])


def _answers(cluster: Cluster, kind: Kind, asked: Asked, order: Order) -> Generator[Step | Amount, None, int]:
    """Wait for all of them, tell each as soon as its controller is done with it; returns how many failed."""
    yield Step("waiting", f"waiting for {len(asked)} {kind.kind} reconciliation(s)")
    if len(asked) > 1:
        yield Amount(len(asked), f"waiting for {kind.kind} objects")

    def wait(before: Object, written: Object) -> Iterator[tuple[Object, str | FluxError]]:
        try:
            yield before, _answer(cluster, kind, before, written, order)
        except FluxError as err:
            yield before, err

    failures = 0
    for told in as_they_come([later(wait, *pair) for pair in asked]):
        if isinstance(told, Exception):
            raise told
        obj, result = told
        if isinstance(result, str):
            yield Step("success", f"{kind.kind} {name_of(obj)}: {result}")
            continue
        failures += 1
        yield Step("failure", f"{kind.kind} {name_of(obj)}: {result}")
        if result.hint:
            yield Step("plain", result.hint)
    return failures


def _source(cluster: Cluster, kind: Kind, obj: Object, order: Order) -> Iterator[Step | Amount]:
    """Reconcile what the object is made from. It has a deadline of its own, as in the Go CLI; a chart brings its own source."""
    assert kind.source is not None
    ref = kind.source(obj)
    if ref is None:
        raise FluxError(f"{kind.kind} {name_of(obj)} names no source")
    if ref.kind not in SOURCES[kind.kind]:
        raise FluxError(f"cannot reconcile source of kind {ref.kind}")
    plain = order._replace(with_source=ref.kind == "HelmChart", force=False, reset=False, wait=True)
    yield from reconcile(cluster.within(order.timeout), named(ref.kind), ref.namespace, ref.name, plain)


def _annotate(cluster: Cluster, kind: Kind, obj: Object, order: Order) -> Object:
    """Write the request; again after a conflict."""
    stamp = rfc3339_nano(order.now())
    wanted = {REQUESTED: stamp}
    if kind.kind == "HelmRelease":
        wanted |= {key: stamp for key, asked in ((FORCED, order.force), (RESET, order.reset)) if asked}

    def write() -> Object:
        change = {"metadata": {"annotations": wanted}}
        return cluster.patch(kind.resource, namespace_of(obj), name_of(obj), change, dry_run=order.dry_run)

    with Telling(cluster, kind.resource, obj, obj):
        for attempt in range(ATTEMPTS - 1):
            try:
                return write()
            except Conflict:
                order.sleep(0.01 * 5**attempt)
        return write()


def _answer(cluster: Cluster, kind: Kind, before: Object, asked: Object, order: Order) -> str:
    """Wait for the controller; the text that tells of its success."""
    settled = waiting.handled(text(before, "status.lastHandledReconcileAt"))
    done = waiting.until(cluster, kind.resource, asked, settled, order.sleep)
    ready = condition(done)
    if ready is None:
        raise NotReady("status can't be determined")
    if ready.get("status") != "True":
        quote = "" if kind.source else "'"  # the Go CLI quotes the message of kinds without a source only
        raise NotReady(f"{kind.kind} reconciliation failed: {quote}{text(ready, 'message')}{quote}")
    return kind.done(done)


def rfc3339_nano(seconds: float) -> str:
    """Local time as Go's RFC3339Nano: a fraction without trailing zeros, ``Z`` where the local zone is UTC."""
    whole, nanos = divmod(int(seconds * 1e9), 10**9)
    local = time.localtime(whole)
    fraction = f".{nanos:09d}".rstrip("0").rstrip(".")
    offset = local.tm_gmtoff // 60
    zone = "Z" if not offset else f"{'+' if offset > 0 else '-'}{abs(offset) // 60:02d}:{abs(offset) % 60:02d}"
    return time.strftime("%Y-%m-%dT%H:%M:%S", local) + fraction + zone
