"""Where the objects are: one counter of resource versions, a history that watches read, and waiting for what comes.

Objects in the store are never changed in place: a write puts a new dict, so lists and watches hand out what is stored.
"""

import threading
from collections.abc import Callable, Iterable
from typing import NamedTuple

from flux_cli.core.objects import Object

Key = tuple[str, str]  # (group, plural)
Place = tuple[str, str]  # (namespace or "", name)
HISTORY = 20_000  # changes kept for watches; half of them go when it is full


class Change(NamedTuple):
    """One write. ``before`` is None for an addition; of a removal ``after`` is the object as it was last, at the new version."""

    version: int
    key: Key
    place: Place
    before: Object | None
    after: Object
    removed: bool = False


class Store:
    """All calls are safe from several threads; a read-modify-write holds ``lock``."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.version = 1
        self.oldest = 0  # watches from before this version are told 410
        self._changed = threading.Condition(self.lock)
        self._objects: dict[Key, dict[Place, Object]] = {}
        self._history: list[Change] = []
        self._listeners: list[Callable[[Change], None]] = []
        self.closed = False

    def get(self, key: Key, place: Place) -> Object | None:
        return self._objects.get(key, {}).get(place)

    def objects(self, key: Key, namespace: str = "") -> list[Object]:
        """In the order of the API server's storage: by ``namespace/name``."""
        with self.lock:
            found = self._objects.get(key, {})
            places = sorted(found if not namespace else (p for p in found if p[0] == namespace), key="/".join)
            return [found[p] for p in places]

    def places(self, key: Key) -> list[Place]:
        with self.lock:
            return [*self._objects.get(key, {})]

    def keys(self) -> Iterable[Key]:
        with self.lock:
            return [key for key, found in self._objects.items() if found]

    def put(self, key: Key, place: Place, obj: Object) -> Object:
        """Store ``obj`` (whose metadata may be written to) at the next resource version and tell the watches."""
        with self.lock:
            self.version += 1
            obj["metadata"]["resourceVersion"] = str(self.version)
            known = self._objects.setdefault(key, {})
            before = known.get(place)
            known[place] = obj
            self._record(Change(self.version, key, place, before, obj))
            return obj

    def keep(self, key: Key, place: Place, obj: Object) -> None:
        """Store an object as it is, resource version and all, as a snapshot has it; no watch is told."""
        with self.lock:
            self._objects.setdefault(key, {})[place] = obj
            version = obj["metadata"].get("resourceVersion", "")
            if isinstance(version, str) and version.isdigit():
                self.version = max(self.version, int(version))

    def remove(self, key: Key, place: Place) -> Object | None:
        with self.lock:
            before = self._objects.get(key, {}).pop(place, None)
            if before is None:
                return None
            self.version += 1
            after = before | {"metadata": before["metadata"] | {"resourceVersion": str(self.version)}}
            self._record(Change(self.version, key, place, before, after, removed=True))
            return after

    def listen(self, call: Callable[[Change], None]) -> None:
        """Call on every change, under the lock; for what follows from a change at once (kinds of CRDs)."""
        self._listeners.append(call)

    def compact(self) -> None:
        """Forget the history: every watch from an older version is told 410."""
        with self.lock:
            self._history.clear()
            self.oldest = self.version
            self._changed.notify_all()

    def since(self, version: int) -> list[Change] | None:
        """The changes after ``version``; None where they are forgotten."""
        with self.lock:
            if version < self.oldest:
                return None
            low, high = 0, len(self._history)
            while low < high:
                middle = (low + high) // 2
                low, high = (middle + 1, high) if self._history[middle].version <= version else (low, middle)
            return self._history[low:]

    def wait(self, version: int, seconds: float, over: Callable[[], bool]) -> None:
        """Return when something changed after ``version``, ``over`` holds, the store was closed, or ``seconds`` passed."""
        with self.lock:
            self._changed.wait_for(lambda: self.version > version or self.closed or over(), seconds)

    def wake(self) -> None:
        """Let everybody who waits look again."""
        with self.lock:
            self._changed.notify_all()

    def close(self) -> None:
        """End all watches."""
        with self.lock:
            self.closed = True
            self._changed.notify_all()

    def _record(self, change: Change) -> None:
        self._history.append(change)
        if len(self._history) > HISTORY:
            self.oldest = self._history[HISTORY // 2 - 1].version
            del self._history[: HISTORY // 2]
        for call in self._listeners:
            call(change)
        self._changed.notify_all()
