"""watch: what is there, then what changes, with bookmarks and 410 where the past is forgotten."""

import random
import time
from collections.abc import Callable, Iterator

from flux_cli.core.objects import Object
from flux_cli.sandbox import options, selectors, shapes
from flux_cli.sandbox.call import Answer, Call, Stream, encode
from flux_cli.sandbox.conversion import as_served
from flux_cli.sandbox.faults import Faults
from flux_cli.sandbox.reading import matching, unreadable_version
from flux_cli.sandbox.refusal import NO_REASON, Refusal, expired
from flux_cli.sandbox.store import Change, Store

BOOKMARK_EVERY = 60.0  # seconds, as the API server's watch cache
INITIAL_END = "k8s.io/initial-events-end"


def watch(store: Store, faults: Faults, call: Call) -> Answer:
    """The stream starts at once: the head goes out before the first event."""
    options.of_watch(call)
    version = call.query.get("resourceVersion", "")
    if version and not version.isdigit():
        raise Refusal(500, unreadable_version(version), reason=NO_REASON)
    test = _test(call)  # refuses a bad selector before the stream starts
    seconds = call.number("timeoutSeconds") or random.randint(1800, 3600)
    return Answer(200, {"content-type": "application/json"}, Stream(_Watch(store, faults, call, test, seconds).lines, store.wake))


def _test(call: Call) -> Callable[[Object], bool]:
    target = call.target
    by_label = selectors.by_labels(call.query.get("labelSelector", ""))
    by_field = selectors.by_fields(call.query.get("fieldSelector", ""), target.served)

    def matches(obj: Object) -> bool:
        if target.name and obj["metadata"]["name"] != target.name:
            return False
        return (not by_label or by_label(obj)) and (not by_field or by_field(obj))

    return matches


class _Watch:
    """One stream of events."""

    def __init__(self, store: Store, faults: Faults, call: Call, test: Callable[[Object], bool], seconds: float) -> None:
        self.store, self.faults, self.call, self.test = store, faults, call, test
        self.ends = time.monotonic() + seconds
        self.dropped = faults.drops
        self.bookmarks = call.flag("allowWatchBookmarks")

    def lines(self, stream: Stream) -> Iterator[bytes]:
        version = int(self.call.query.get("resourceVersion", "") or 0)
        initial = self.call.flag("sendInitialEvents")
        with self.store.lock:
            first: list[Object] = []
            if not version or initial:
                first, version = self.store.objects(self.call.served.key, self.call.target.namespace), self.store.version
        for obj in matching(first, self.call):
            if self.test(obj):
                yield self._line("ADDED", obj)
        if initial and self.bookmarks:
            yield self._bookmark(version, {INITIAL_END: "true"})
        yield from self._follow(version, stream)

    def _follow(self, version: int, stream: Stream) -> Iterator[bytes]:
        marked, next_mark = version, time.monotonic() + BOOKMARK_EVERY
        while True:
            changes = self.store.since(version)
            if changes is None:
                yield encode({"type": "ERROR", "object": expired(version, self.store.oldest).body()}) + b"\n"
                return
            for change in changes:
                version = change.version
                line = self._event(change)
                if line:
                    marked = version
                    yield line
            now = time.monotonic()
            if self.store.closed or self._over(stream):
                return
            if now >= min(self.ends, next_mark):
                if self.bookmarks and marked < version:
                    yield self._bookmark(version)
                    marked = version
                if now >= self.ends:
                    return
                next_mark = now + BOOKMARK_EVERY
            self.store.wait(version, min(self.ends, next_mark) - now, lambda: self._over(stream))

    def _over(self, stream: Stream) -> bool:
        return stream.closed or self.faults.drops != self.dropped

    def _event(self, change: Change) -> bytes:
        target = self.call.target
        if change.key != target.served.key or (target.namespace and change.place[0] != target.namespace):
            return b""
        before = change.before is not None and self.test(change.before)
        after = not change.removed and self.test(change.after)
        if after:
            return self._line("MODIFIED" if before else "ADDED", change.after)
        if not before or change.before is None:
            return b""
        last = change.before | {"metadata": change.before["metadata"] | {"resourceVersion": str(change.version)}}
        return self._line("DELETED", last)

    def _line(self, type_: str, obj: Object) -> bytes:
        return encode({"type": type_, "object": shapes.one(as_served(obj, self.call.served), self.call)}) + b"\n"

    def _bookmark(self, version: int, annotations: dict[str, str] | None = None) -> bytes:
        served = self.call.served
        metadata: Object = {"resourceVersion": str(version), "creationTimestamp": None}
        if annotations:
            metadata["annotations"] = annotations
        obj = {"kind": served.kind, "apiVersion": served.api_version, "metadata": metadata}
        if shapes.asked(self.call) == shapes.PARTIAL:
            obj = shapes.partial(obj)
        return encode({"type": "BOOKMARK", "object": obj}) + b"\n"
