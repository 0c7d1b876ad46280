"""Independent calls side by side, one thread each: a round trip deep, however many there are."""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


def side_by_side(calls: Sequence[Callable[[], T]], *, at_once: int = 24) -> list[T | Exception]:
    """Results in the order of ``calls``; a call that raised yields its exception in its place.

    At most ``at_once`` run at a time. ``KeyboardInterrupt`` reaches the caller, not the threads.
    """
    results: list[T | Exception] = [RuntimeError("not run")] * len(calls)
    queue = iter(range(len(calls)))
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                index = next(queue, None)
            if index is None:
                return
            try:
                results[index] = calls[index]()
            except Exception as err:  # handed to the caller, who knows which failures may pass
                results[index] = err

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(at_once, len(calls)) - 1)]
    for thread in threads:
        thread.start()
    work()
    for thread in threads:
        thread.join()
    return results


class Another(NamedTuple):
    """Yielded by a source of ``as_they_come``: one more source to read beside the others."""

    source: Callable[[], Iterator[Any]]


def as_they_come(sources: Sequence[Callable[[], Iterator[Any]]]) -> Iterator[Any]:
    """What several iterators yield, in the order of time, one thread each, until all have ended.

    A source that raises yields its exception and ends; the others go on.
    """
    import queue

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
