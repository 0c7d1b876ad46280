"""Lists: page by page of one kind, side by side of several; decoded as they come in."""

from __future__ import annotations

from _thread import allocate_lock, start_new_thread

from flux_cli.core.api import ObjectList
from flux_cli.core.errors import FluxError, Gone, Unreachable
from flux_cli.core.record import Record
from flux_cli.kube import decoding
from flux_cli.kube.calls import JSON, Sent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _thread import LockType
    from collections.abc import Callable, Sequence
    from typing import Any

    from flux_cli.core.api import Found, Resource, Response
    from flux_cli.core.objects import Object
    from flux_cli.kube.calls import Calls, Query

    Keep = Callable[[Object], Any] | None


WORTH_TWO = 6  # lists: as many are worth a second connection beside the first, whose handshake costs both sides some


class Later(Record):
    """A list to ask for in the ordinary way; ``first`` is a refusal that came already, of which that way may know more."""

    first: Response | None


def _beside(work: Callable[[], None]) -> LockType:
    """Do ``work`` in a thread of its own; the lock is free when it is over. (``threading`` costs a start 2 ms.)"""
    over = allocate_lock()
    over.acquire()

    def run() -> None:
        try:
            work()
        finally:
            over.release()

    start_new_thread(run, ())
    return over


class Lists:
    """The lists of one client: what is asked for, and until when (``time.monotonic``)."""

    def __init__(self, calls: Calls, until: float | None, namespace: str, query: Query) -> None:
        self._calls = calls
        self._until = until
        self._namespace = namespace
        self._query = query

    def one(
        self, resource: Resource, keep: Keep, *, limit: int = 0, accept: str = JSON, first: Response | None = None
    ) -> ObjectList:
        """All pages of a kind, in the version that is served. ``first`` is the first answer where it came already."""
        answers = [first] if first else []

        def call(served: Resource) -> ObjectList:
            return self._pages(served, keep, limit, accept, answers.pop() if answers else None)

        return self._calls.on_served(resource, self._until, call)

    def each(self, resources: Sequence[Resource], keeps: Sequence[Keep]) -> Found:
        """The items of several kinds, or why they could not be read. What the first way did not give is asked side by side."""
        wanted = list(zip(resources, keeps, strict=True))
        found: list[list[Any] | Exception | Later] = [Later(None)] * len(wanted)

        def lane(number: int, lanes: int) -> None:
            found[number::lanes] = self._in_turn(wanted[number::lanes])

        if len(wanted) < WORTH_TWO:
            lane(0, 1)
        else:
            beside = _beside(lambda: lane(1, 2))
            lane(0, 2)
            beside.acquire()
        rest = [(index, answer.first) for index, answer in enumerate(found) if isinstance(answer, Later)]
        if rest:
            from flux_cli.core.parallel import later, side_by_side

            calls = [later(self._items, *wanted[index], first) for index, first in rest]
            for (index, _), result in zip(rest, side_by_side(calls), strict=True):
                found[index] = result
        return [[] if isinstance(result, Later) else result for result in found]

    def _in_turn(self, wanted: Sequence[tuple[Resource, Keep]]) -> list[list[Any] | Exception | Later]:
        """What comes on one connection, in the order of the requests."""
        found: list[list[Any] | Exception | Later] = []
        try:
            sent = [self._sent(self._calls.served(resource), (), JSON) for resource, _ in wanted]
            for (resource, keep), answer in zip(wanted, self._calls.together(sent, self._until), strict=False):
                if isinstance(answer, FluxError):
                    found.append(answer)
                elif answer is None or answer.status >= 300:
                    found.append(Later(answer))
                else:
                    found.append(self._tried(resource, keep, answer))
        except Exception as err:  # handed to the caller in the place of each, as of calls side by side
            return [err] * len(wanted)
        return found

    def _tried(self, resource: Resource, keep: Keep, answer: Response) -> list[Any] | Exception | Later:
        try:
            return self._items(resource, keep, answer)
        except Unreachable:  # it broke off: perhaps because it was not alone
            return Later(None)
        except FluxError as err:
            return err

    def _items(self, resource: Resource, keep: Keep, first: Response | None) -> list[Any]:
        return self.one(resource, keep, first=first).items

    def _pages(self, resource: Resource, keep: Keep, limit: int, accept: str, first: Response | None) -> ObjectList:
        items: list[Any] = []
        token = ""
        while True:
            paging = tuple(pair for pair in (("continue", token), ("limit", str(limit or ""))) if pair[1])
            try:
                response = self._calls.send(self._sent(resource, paging, accept), self._until, given=first)
            except Gone:
                if not token:
                    raise
                return self._pages(resource, keep, 0, accept, None)  # the pages expired: once more in one piece
            version, token = decoding.decode_list(response, self._calls.transport.server, resource, items, keep)
            first = None
            if not token:
                return ObjectList(items, version)

    def _sent(self, resource: Resource, paging: Query, accept: str) -> Sent:
        return Sent("GET", resource.path(self._namespace), tuple(sorted(self._query + paging)), accept, resource.name)
