"""``events``: what the controllers told about Flux objects, oldest first."""

from __future__ import annotations

from flux_cli.core import rfc3339
from flux_cli.core.api import EVENT, Cluster, Event
from flux_cli.core.durations import age
from flux_cli.core.errors import ApiError, FluxError, Forbidden, Timeout, Unreachable, UsageError
from flux_cli.core.fieldselectors import equal
from flux_cli.core.gosort import go_sorted
from flux_cli.core.objects import Object, Ref, dig, name_of, namespace_of, text
from flux_cli.core.parallel import as_they_come, later, side_by_side
from flux_cli.core.record import Record
from flux_cli.core.view import Table
from flux_cli.kinds import NAMES, named
from flux_cli.services import waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

KINDS = tuple(name for name in NAMES if name != "ExternalArtifact")  # those that the Go CLI knows here
TYPES = ("Normal", "Warning")
PAGE = 500
_REFERENCES = {  # where an object names what its events hang together with
    "Kustomization": "spec.sourceRef",
    "HelmRelease": "spec.chart.spec.sourceRef",
    "HelmChart": "spec.sourceRef",
    "Alert": "spec.providerRef",
    "ImagePolicy": "spec.imageRepositoryRef",
}
_REFERENCED_KIND = {"Alert": "Provider", "ImagePolicy": "ImageRepository"}


class Question(Record):
    """Which events. ``namespace`` is empty for all; ``home`` is where a named object lives; ``types`` is empty for all."""

    namespace: str
    home: str
    kind: str = ""
    name: str = ""
    types: tuple[str, ...] = ()


class Place(Record):
    """A namespace and a field selector: one list, or one watch."""

    namespace: str
    fields: str


def question(namespace: str, all_namespaces: bool, about: str, types: Sequence[str]) -> Question:
    """Read ``--for`` and ``--types``. Raises UsageError with the Go CLI's messages."""
    for type_ in types:
        if type_.lower() not in [known.lower() for known in TYPES]:
            raise UsageError(f"type '{type_}' not supported. Supported types are {', '.join(TYPES)}")
    kind, name = _about(about) if about else ("", "")
    return Question("" if all_namespaces else namespace, namespace, kind, name, tuple(t.lower() for t in types))


def _about(text: str) -> tuple[str, str]:
    """``kind`` or ``kind/name``; with more than one slash the whole text is taken for a kind."""
    word, name = text, ""
    if text.count("/") == 1:
        word, name = text.split("/")
        if not word and not name:
            raise UsageError("--for selector must be of format <kind>[/<name>]")
        if not word:
            word, name = name, ""
    for kind in KINDS:
        if kind.lower() == word.lower():
            return kind, name
    raise UsageError(f"'{word}' is not a recognized Flux kind")


def places(cluster: Cluster, asked: Question) -> list[Place]:
    """Where the events are: the object's own, then those of what it refers to."""
    found = [Place(asked.namespace, _fields(asked.kind, asked.name))]
    if asked.name and asked.kind in _REFERENCES:
        obj = cluster.get(named(asked.kind).resource, asked.home, asked.name)
        found += [Place(ref.namespace, _fields(ref.kind, ref.name)) for ref in references(asked.kind, obj)]
    return found


def _fields(kind: str, name: str) -> str:
    parts = ((("involvedObject.kind", kind),) if kind else ()) + ((("involvedObject.name", name),) if name else ())
    return ",".join(equal(field, value) for field, value in parts)


def references(kind: str, obj: Object) -> list[Ref]:
    """What the Go CLI shows the events of beside the object's own. Raises FluxError where the field is missing."""
    field = _REFERENCES[kind]
    own = kind not in _REFERENCED_KIND
    for needed in (f"{field}.kind", f"{field}.name") if own else (f"{field}.name",):
        if not text(obj, needed):
            raise FluxError(f"field '{needed}' for '{namespace_of(obj)}/{name_of(obj)}' not found")
    home = namespace_of(obj) if kind == "Alert" else text(obj, f"{field}.namespace") or namespace_of(obj)
    found = [Ref(text(obj, f"{field}.kind") if own else _REFERENCED_KIND[kind], home, text(obj, f"{field}.name"))]
    if kind == "HelmRelease":
        found.append(Ref("HelmChart", home, f"{namespace_of(obj)}-{name_of(obj)}"))
    return found


def read(cluster: Cluster, asked: Question, where: Sequence[Place], unread: list[FluxError]) -> list[Object]:
    """The events, oldest first. ``unread`` gets the namespaces that may not be read; other failures raise FluxError."""
    found: list[Object] = []
    calls = [later(cluster.list, EVENT, place.namespace, fields=place.fields, limit=PAGE) for place in where]
    for answer in side_by_side(calls):
        if isinstance(answer, ApiError | Unreachable | Timeout):
            failure = FluxError(f"error getting events: {answer}", hint=answer.hint)
            if not isinstance(answer, Forbidden):
                raise failure from answer
            unread.append(failure)
        elif isinstance(answer, Exception):
            raise answer
        else:
            found += answer.items
    return [event for event in go_sorted(found, moment) if wanted(asked, event)]


def watch(cluster: Cluster, asked: Question, where: Sequence[Place]) -> Iterator[Object]:
    """Events as they come, first those that are there, until the deadline or the server ends it (both quietly)."""
    for change in as_they_come([_watched(cluster, place) for place in where]):
        if isinstance(change, Exception):
            raise FluxError(f"error watching events: {change}") from change
        if change.type in ("ADDED", "MODIFIED") and wanted(asked, change.object):
            yield change.object


def follow(cluster: Cluster, asked: Question, where: Sequence[Place], sleep: waiting.Sleep) -> Iterator[Object]:
    """The events that are there, oldest first, then new ones for ever. Raises FluxError where they cannot be listed."""
    for change in as_they_come([_followed(cluster, place, sleep) for place in where]):
        if isinstance(change, Exception):
            raise FluxError(f"error watching events: {change}") from change
        if change.type in ("ADDED", "MODIFIED") and wanted(asked, change.object):
            yield change.object


def _followed(cluster: Cluster, place: Place, sleep: waiting.Sleep) -> Callable[[], Iterator[Event]]:
    return lambda: waiting.changes(
        cluster, EVENT, place.namespace, fields=place.fields, sleep=sleep, order=lambda found: go_sorted(found, moment)
    )


def _watched(cluster: Cluster, place: Place) -> Callable[[], Iterator[Event]]:
    def events() -> Iterator[Event]:
        try:
            yield from cluster.watch(EVENT, place.namespace, fields=place.fields)
        except Timeout:
            return

    return events


def wanted(asked: Question, event: Object) -> bool:
    """An event of a Flux kind, of one of the types asked for."""
    about_flux = text(event, "involvedObject.kind") in KINDS
    return about_flux and (not asked.types or text(event, "type").lower() in asked.types)


def moment(event: Object) -> float:
    """When it last happened, in seconds since the epoch."""
    if isinstance(dig(event, "series"), dict):
        return rfc3339.seconds(text(event, "series.lastObservedTime"))
    return rfc3339.seconds(text(event, "lastTimestamp")) or rfc3339.seconds(text(event, "eventTime"))


def shows_namespace(asked: Question, where: Sequence[Place]) -> bool:
    """With all namespaces, or where a reference leads to another one."""
    return not asked.namespace or any(place.namespace != asked.namespace for place in where)


def table(events: Sequence[Object], namespaces: bool, now: float) -> Table:
    headers = ("Last seen", "Type", "Reason", "Object", "Message")
    rows = [_row(event, now) for event in events]
    if not namespaces:
        return Table(headers, rows)
    return Table(("Namespace", *headers), [(namespace_of(e), *row) for e, row in zip(events, rows, strict=True)])


def _row(event: Object, now: float) -> tuple[str, ...]:
    about = f"{text(event, 'involvedObject.kind')}/{text(event, 'involvedObject.name')}"
    return (last_seen(event, now), text(event, "type"), text(event, "reason"), about, text(event, "message"))


def last_seen(event: Object, now: float) -> str:
    """``3m`` or, for what happened more than once, ``3m (x4 over 2h)``."""
    first = _ago(text(event, "eventTime") or text(event, "firstTimestamp"), now)
    if isinstance(dig(event, "series"), dict):
        return f"{_ago(text(event, 'series.lastObservedTime'), now)} (x{dig(event, 'series.count', 0)} over {first})"
    count = dig(event, "count", 0)
    if isinstance(count, int) and count > 1:
        return f"{_ago(text(event, 'lastTimestamp'), now)} (x{count} over {first})"
    return first


def _ago(stamp: str, now: float) -> str:
    seconds = rfc3339.seconds(stamp)
    return age(now - seconds) if seconds else "<unknown>"
