"""``suspend`` and ``resume``: switch reconciliation off and on; resume may wait until the object is ready again."""

from __future__ import annotations

import time

from flux_cli.core.api import Cluster
from flux_cli.core.errors import FluxError
from flux_cli.core.fieldselectors import named
from flux_cli.core.objects import Object, dig, name_of, namespace_of
from flux_cli.core.parallel import later, side_by_side
from flux_cli.core.record import Record
from flux_cli.core.view import Amount, Step
from flux_cli.kinds import Kind
from flux_cli.services import waiting
from flux_cli.services.aftermath import Telling
from flux_cli.services.bulk import Tally, Words, change_all, dependencies_first, dependents_first

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    Changing = Generator[Step | Amount, None, Tally]


class Which(Record):
    """The objects of a namespace that are meant: by name, or without names all that ``labels`` chooses."""

    namespace: str
    names: Sequence[str] = ()
    labels: str = ""


def chosen(kind: Kind, namespace: str, names: Sequence[str], labels: str, *, all: bool) -> Which:
    """What a command line means. Raises FluxError where it says neither names nor labels nor ``all``."""
    if not names and not all and not labels:
        raise FluxError(f"{kind.names.human} name is required")
    return Which(namespace, names, labels)


def suspend(cluster: Cluster, kind: Kind, which: Which, *, dry_run: bool = False) -> Changing:
    """As in the Go CLI a name that cannot be suspended is told and passed over.

    Of all in a namespace those go first that depend on others; what cannot be suspended is in the tally. Raises FluxError
    where there are none, and what is wrong with a single one.
    """

    def failed(name: str, err: FluxError) -> str:
        return f"failed suspending {kind.kind} {name} in {which.namespace} namespace: {err}"

    words = _words(kind, "suspending", "suspended", dry_run, lambda obj, err: failed(name_of(obj), err))

    def change(obj: Object) -> Object:
        return _suspend(cluster, kind, dry_run, obj)

    if not which.names:
        objects = cluster.list(kind.resource, which.namespace, labels=which.labels).items
        if not objects:
            raise FluxError("no objects found")
        return (yield from change_all(dependents_first(objects), change, words))
    found: list[Object | Step] = []
    for name, answer in _named(cluster, kind, which):
        if isinstance(answer, FluxError):
            found += [Step("failure", failed(name, answer))] + ([Step("plain", answer.hint)] if answer.hint else [])
        else:
            found += answer or [Step("failure", f"{kind.kind} {name} not found in {which.namespace} namespace")]
    try:
        return (yield from change_all([found], change, words))
    except FluxError as err:
        yield Step("failure", next(failed(name_of(obj), err) for obj in found if not isinstance(obj, Step)))
        if err.hint:
            yield Step("plain", err.hint)
        return Tally([], [err])


def resume(cluster: Cluster, kind: Kind, which: Which, *, dry_run: bool = False) -> Changing:
    """What others depend on goes before them, where no names are given. The tally is for ``await_ready``, and for what failed.

    Raises what is wrong with a single one.
    """
    failed = f"failed resuming {kind.kind} {{}} in {which.namespace} namespace: {{}}"
    words = _words(kind, "resuming", "resumed", dry_run, lambda obj, err: failed.format(name_of(obj), err))

    def change(obj: Object) -> Object:
        return _resume(cluster, kind, dry_run, obj)

    nothing = Step("failure", _nothing(kind, which))
    if which.names:
        found: list[Object | Step] = []
        for _, answer in _named(cluster, kind, which):
            if isinstance(answer, FluxError):
                raise answer
            found += answer or [nothing]
        return (yield from change_all([found], change, words))
    try:
        objects = cluster.list(kind.resource, which.namespace, labels=which.labels).items
        return (yield from change_all(dependencies_first(objects) or [[nothing]], change, words))
    except FluxError as err:
        raise FluxError(f"failed patching objects: {err}", hint=err.hint) from err


def _words(kind: Kind, doing: str, done: str, dry_run: bool, failed: Callable[[Object, FluxError], str]) -> Words:
    tail = " (server dry run)" if dry_run else ""
    return Words(
        f"{doing} {kind.kind} objects",
        lambda obj: f"{doing} {kind.names.human} {name_of(obj)} in {namespace_of(obj)} namespace",
        lambda obj: f"{kind.names.human} {done}{tail}",
        failed,
    )


def _named(cluster: Cluster, kind: Kind, which: Which) -> Iterator[tuple[str, list[Object] | FluxError]]:
    """Every name once, with what is found under it. The Go CLI lists too, where one could get."""
    names = list(dict.fromkeys(which.names))
    calls = [later(cluster.list, kind.resource, which.namespace, fields=named(name)) for name in names]
    for name, answer in zip(names, side_by_side(calls), strict=True):
        if isinstance(answer, Exception) and not isinstance(answer, FluxError):
            raise answer
        yield name, answer if isinstance(answer, FluxError) else answer.items


def _suspend(cluster: Cluster, kind: Kind, dry_run: bool, obj: Object) -> Object:
    change = {} if is_suspended(obj) else {"spec": {"suspend": True}}
    with Telling(cluster, kind.resource, obj, obj):
        return cluster.patch(kind.resource, namespace_of(obj), name_of(obj), change, dry_run=dry_run)


def _resume(cluster: Cluster, kind: Kind, dry_run: bool, obj: Object) -> Object:
    change = {"spec": {"suspend": None}} if is_suspended(obj) else {}
    with Telling(cluster, kind.resource, obj, obj):
        return cluster.patch(kind.resource, namespace_of(obj), name_of(obj), change, dry_run=dry_run)


def _nothing(kind: Kind, which: Which) -> str:
    """The Go CLI tells of the first name whichever is missing."""
    if which.names:
        return f"{kind.kind} object '{which.names[0]}' not found in {which.namespace} namespace"
    return f"no {kind.kind} objects found in {which.namespace} namespace"


def await_ready(
    cluster: Cluster, kind: Kind, objects: Sequence[Object], hints: bool, sleep: waiting.Sleep = time.sleep
) -> Iterator[Step]:
    """Wait for all of them side by side, then tell of each, by name. Raises FluxError where one failed."""
    for _ in objects:
        yield Step("waiting", f"waiting for {kind.kind} reconciliation")
    ordered = sorted(objects, key=name_of)
    failures = 0
    calls = [later(waiting.until, cluster, kind.resource, obj, waiting.resumed(kind), sleep) for obj in ordered]
    for obj, result in zip(ordered, side_by_side(calls), strict=True):
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


def is_suspended(obj: Object) -> bool:
    return dig(obj, "spec.suspend") is True
