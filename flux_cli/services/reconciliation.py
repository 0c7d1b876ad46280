"""``reconcile``: ask a controller to look at an object now, and wait for its answer."""

from __future__ import annotations

import time

from flux_cli.core.api import Cluster
from flux_cli.core.errors import Conflict, FluxError, NotReady
from flux_cli.core.objects import Object, Ref, condition, name_of, namespace_of, text
from flux_cli.core.parallel import side_by_side
from flux_cli.core.record import Record
from flux_cli.core.view import Step
from flux_cli.kinds import Kind, named
from flux_cli.services import waiting

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
    """What to ask for. ``timeout`` (seconds) is what each source may take for itself; ``wait``: until the controller is done."""

    timeout: float
    now: Callable[[], float]
    with_source: bool = False
    force: bool = False
    reset: bool = False
    wait: bool = True
    sleep: Callable[[float], None] = time.sleep


def reconcile(cluster: Cluster, kind: Kind, namespace: str, name: str, order: Order) -> Iterator[Step]:
    """One object, after its source where the order says so. Raises FluxError on every failure."""
    obj = cluster.get(kind.resource, namespace, name)
    if not kind.reconcilable(obj):
        yield Step("success", "reconciliation not supported by the object")
        return
    asked = yield from _ask(cluster, kind, obj, order)
    if order.wait:
        yield Step("waiting", f"waiting for {kind.kind} reconciliation")
        yield Step("success", _answer(cluster, kind, obj, asked, order))


def reconcile_many(cluster: Cluster, kind: Kind, objects: Sequence[Object], order: Order) -> Iterator[Step]:
    """All of them: asked one after the other, waited for side by side, told in their order. Suspended ones are passed over."""
    asked, failures = yield from _ask_all(cluster, kind, objects, order)
    if order.wait and asked:
        yield Step("waiting", f"waiting for {len(asked)} {kind.kind} reconciliation(s)")
        calls = [_later(cluster, kind, obj, answer, order) for obj, answer in asked]
        for (obj, _), result in zip(asked, side_by_side(calls), strict=True):
            if isinstance(result, str):
                yield Step("success", f"{kind.kind} {name_of(obj)}: {result}")
            elif isinstance(result, FluxError):
                failures += 1
                yield Step("failure", f"{kind.kind} {name_of(obj)}: {result}")
                if result.hint:
                    yield Step("plain", result.hint)
            else:
                raise result
    if failures:
        raise FluxError(f"reconciliation failed for {failures} {kind.kind}(s)")


def _ask_all(
    cluster: Cluster, kind: Kind, objects: Sequence[Object], order: Order
) -> Generator[Step, None, tuple[list[tuple[Object, Object]], int]]:
    """Annotate each, a source that several share once; returns (before, as written) of each, and how many failed."""
    asked: list[tuple[Object, Object]] = []
    fetched: dict[Ref, str] = {}  # what went wrong with a source, "" where nothing did
    failures = 0
    for obj in objects:
        if not kind.reconcilable(obj) or kind.suspended(obj):
            why = "is suspended" if kind.suspended(obj) else "has nothing to reconcile"
            yield Step("warning", f" {kind.kind} {name_of(obj)} in {namespace_of(obj)} namespace {why}, passed over")
            continue
        ref = kind.source(obj) if order.with_source and kind.source else None
        if ref and ref not in fetched:
            try:
                yield from _source(cluster, kind, obj, order)
                fetched[ref] = ""
            except FluxError as err:
                fetched[ref] = str(err)
        try:
            if ref and fetched[ref]:
                raise FluxError(fetched[ref])
            asked.append((obj, (yield from _ask(cluster, kind, obj, order._replace(with_source=order.with_source and not ref)))))
        except FluxError as err:
            failures += 1
            yield Step("failure", f"{kind.kind} {name_of(obj)}: {err}")
    return asked, failures


def _later(cluster: Cluster, kind: Kind, before: Object, asked: Object, order: Order) -> Callable[[], str]:
    return lambda: _answer(cluster, kind, before, asked, order)


def _ask(cluster: Cluster, kind: Kind, obj: Object, order: Order) -> Generator[Step, None, Object]:
    """Annotate the object (its source first); returns it as it was written."""
    if kind.suspended(obj):
        raise FluxError("resource is suspended")
    if order.with_source and kind.source is not None:
        yield from _source(cluster, kind, obj, order)
    namespace, name = namespace_of(obj), name_of(obj)
    yield Step("action", f"annotating {kind.kind} {name} in {namespace} namespace")
    written = _annotate(cluster, kind, namespace, name, order)
    yield Step("success", f"{kind.kind} annotated")
    return written


def _source(cluster: Cluster, kind: Kind, obj: Object, order: Order) -> Iterator[Step]:
    """Reconcile what the object is made from. It has a deadline of its own, as in the Go CLI; a chart brings its own source."""
    assert kind.source is not None
    ref = kind.source(obj)
    if ref is None:
        raise FluxError(f"{kind.kind} {name_of(obj)} names no source")
    if ref.kind not in SOURCES[kind.kind]:
        raise FluxError(f"cannot reconcile source of kind {ref.kind}")
    plain = order._replace(with_source=ref.kind == "HelmChart", force=False, reset=False, wait=True)
    yield from reconcile(cluster.within(order.timeout), named(ref.kind), ref.namespace, ref.name, plain)


def _annotate(cluster: Cluster, kind: Kind, namespace: str, name: str, order: Order) -> Object:
    """Write the request; again after a conflict."""
    stamp = rfc3339_nano(order.now())
    wanted = {REQUESTED: stamp}
    if kind.kind == "HelmRelease":
        wanted |= {key: stamp for key, asked in ((FORCED, order.force), (RESET, order.reset)) if asked}
    patch = {"metadata": {"annotations": wanted}}
    for attempt in range(ATTEMPTS - 1):
        try:
            return cluster.patch(kind.resource, namespace, name, patch)
        except Conflict:
            order.sleep(0.01 * 5**attempt)
    return cluster.patch(kind.resource, namespace, name, patch)


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
