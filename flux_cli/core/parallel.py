"""Independent calls side by side, one thread each: a round trip deep, however many there are."""

from __future__ import annotations

from flux_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any, ParamSpec, TypeVar

    P = ParamSpec("P")
    T = TypeVar("T")


FIRST = 4  # threads, and so connections, that a near server needs: more handshakes would cost more than they save
PATIENCE = 0.01  # seconds after which the server counts as far, and every call gets a thread


def side_by_side(calls: Sequence[Callable[[], T]], *, at_once: int = 24) -> list[T | Exception]:
    """Results in the order of ``calls``; a call that raised yields its exception in its place.

    At most ``at_once`` run at a time, a few at first, all of them when the first are not answered at once.
    ``KeyboardInterrupt`` reaches the caller, not the threads.
    """
    if len(calls) < 2:  # no thread, and no module for threads
        return [_result(call) for call in calls]
    import threading

    results: list[T | Exception] = [RuntimeError("not run")] * len(calls)
    queue = iter(range(len(calls)))
    lock, drained = threading.Lock(), threading.Event()

    def work() -> None:
        while True:
            with lock:
                index = next(queue, None)
            if index is None:
                drained.set()
                return
            results[index] = _result(calls[index])

    def all_of_them() -> None:
        if not drained.wait(PATIENCE):
            _finish([_start(work) for _ in range(min(at_once, len(calls)) - FIRST)])

    threads = [_start(work) for _ in range(min(at_once, len(calls), FIRST) - 1)]
    if min(at_once, len(calls)) > FIRST:
        threads.append(_start(all_of_them))
    work()
    _finish(threads)
    return results


def later(call: Callable[P, T], *args: P.args, **named: P.kwargs) -> Callable[[], T]:
    """``call`` with these arguments, for ``side_by_side``: ``functools.partial`` without the import, with its types."""
    return lambda: call(*args, **named)


def _result(call: Callable[[], T]) -> T | Exception:
    try:
        return call()
    except Exception as err:  # handed to the caller, who knows which failures may pass
        return err


def _start(work: Callable[[], None]) -> threading.Thread:
    import threading

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def _finish(threads: Sequence[threading.Thread]) -> None:
    for thread in threads:
        thread.join()


class Another(Record):
    """Yielded by a source of ``as_they_come``: one more source to read beside the others."""

    source: Callable[[], Iterator[Any]]


def as_they_come(sources: Sequence[Callable[[], Iterator[Any]]]) -> Iterator[Any]:
    """What several iterators yield, in the order of time, one thread each, until all have ended.

    A source that raises yields its exception and ends; the others go on.
    """
    import queue
    import threading

    ended = object()
    found: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def drain(source: Callable[[], Iterator[Any]]) -> None:
        try:
            for value in source():
                found.put(value)
        except Exception as err:  # handed to the caller, who knows which failures may pass
            found.put(err)
        found.put(ended)

    waiting = list(sources)
    running = 0
    while waiting or running:
        while waiting:
            threading.Thread(target=drain, args=(waiting.pop(0),), daemon=True).start()
            running += 1
        value = found.get()
        if value is ended:
            running -= 1
        elif isinstance(value, Another):
            waiting.append(value.source)
        else:
            yield value
