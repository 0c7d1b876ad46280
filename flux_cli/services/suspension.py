"""``suspend`` and ``resume``: switch reconciliation off and on; resume may wait until the object is ready again."""

from __future__ import annotations

import time

from flux_cli.core.api import Cluster
from flux_cli.core.errors import FluxError
from flux_cli.core.fieldselectors import named
from flux_cli.core.objects import Object, dig, name_of, namespace_of
from flux_cli.core.parallel import side_by_side
from flux_cli.core.view import Step
from flux_cli.kinds import Kind
from flux_cli.services import waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence


def suspend(cluster: Cluster, kind: Kind, namespace: str, names: Sequence[str]) -> Iterator[Step]:
    """The named objects, or all of the namespace where there are no names.

    As in the Go CLI a name that cannot be suspended is told and passed over, while ``--all`` ends at the first failure.
    """
    if not names:
        objects = _find(cluster, kind, namespace)
        if not objects:
            raise FluxError("no objects found")
        for obj in objects:
            yield from _suspend(cluster, kind, obj)
    for name in dict.fromkeys(names):
        try:
            objects = _find(cluster, kind, namespace, name)
            if not objects:
                yield Step("failure", f"{kind.kind} {name} not found in {namespace} namespace")
            for obj in objects:
                yield from _suspend(cluster, kind, obj)
        except FluxError as err:
            yield Step("failure", f"failed suspending {kind.kind} {name} in {namespace} namespace: {err}")


def _suspend(cluster: Cluster, kind: Kind, obj: Object) -> Iterator[Step]:
    yield Step("action", f"suspending {kind.names.human} {name_of(obj)} in {namespace_of(obj)} namespace")
    change = {} if _is_suspended(obj) else {"spec": {"suspend": True}}
    cluster.patch(kind.resource, namespace_of(obj), name_of(obj), change)
    yield Step("success", f"{kind.names.human} suspended")


def resume(cluster: Cluster, kind: Kind, namespace: str, names: Sequence[str]) -> Generator[Step, None, list[Object]]:
    """The named objects, or all of the namespace; yields the steps and returns what was written, for ``await_ready``."""
    written: list[Object] = []
    try:
        for name in dict.fromkeys(names) or [None]:
            found = _find(cluster, kind, namespace, name)
            if not found:
                yield Step("failure", _nothing(kind, namespace, names))
            for obj in found:
                written.append((yield from _resume(cluster, kind, obj)))
    except FluxError as err:
        raise err if names else FluxError(f"failed patching objects: {err}", hint=err.hint) from err
    return written


def _nothing(kind: Kind, namespace: str, names: Sequence[str]) -> str:
    """The Go CLI tells of the first name whichever is missing."""
    if names:
        return f"{kind.kind} object '{names[0]}' not found in {namespace} namespace"
    return f"no {kind.kind} objects found in {namespace} namespace"


def _resume(cluster: Cluster, kind: Kind, obj: Object) -> Generator[Step, None, Object]:
    yield Step("action", f"resuming {kind.names.human} {name_of(obj)} in {namespace_of(obj)} namespace")
    change = {"spec": {"suspend": None}} if _is_suspended(obj) else {}
    written = cluster.patch(kind.resource, namespace_of(obj), name_of(obj), change)
    yield Step("success", f"{kind.names.human} resumed")
    return written


def await_ready(
    cluster: Cluster, kind: Kind, objects: Sequence[Object], hints: bool, sleep: waiting.Sleep = time.sleep
) -> Iterator[Step]:
    """Wait for all of them side by side, then tell of each, by name. Raises FluxError where one failed."""
    for _ in objects:
        yield Step("waiting", f"waiting for {kind.kind} reconciliation")
    ordered = sorted(objects, key=name_of)
    failures = 0
    for obj, result in zip(ordered, side_by_side([_later(cluster, kind, obj, sleep) for obj in ordered]), strict=True):
        if isinstance(result, FluxError):
            failures += 1
            yield Step("failure", f"{kind.kind} {name_of(obj)} reconciliation failed: {result}")
            if result.hint and hints:
                yield Step("plain", result.hint)
        elif isinstance(result, Exception):
            raise result
        else:
            yield Step("success", f"{kind.kind} {name_of(obj)} reconciliation completed")
            yield Step("success", kind.done(result))
    if failures:
        raise FluxError(f"reconciliation failed for {failures} {kind.kind}(s)")


def _later(cluster: Cluster, kind: Kind, obj: Object, sleep: waiting.Sleep) -> Callable[[], Object]:
    return lambda: waiting.until(cluster, kind.resource, obj, waiting.resumed(kind), sleep)


def _is_suspended(obj: Object) -> bool:
    return dig(obj, "spec.suspend") is True


def _find(cluster: Cluster, kind: Kind, namespace: str, name: str | None = None) -> list[Object]:
    return cluster.list(kind.resource, namespace, fields=named(name)).items
