"""Independent calls side by side, one thread each: a round trip deep, however many there are."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

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
