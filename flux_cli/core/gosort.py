"""Go's ``sort.Sort``: a pattern-defeating quicksort, which leaves equal elements in an order of its own.

The Go CLI sorts events with it. Events of the same second come out in the order that this algorithm gives them, so the same
table needs the same algorithm (Peters' pdqsort, with Go's constants).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    T = TypeVar("T")


INSERTION = 12  # up to this length insertion sort is used, which keeps the order of equals
NINTHER = 50
MOST_SWAPS = 12
SHIFT_FROM = 50
STEPS = 5
MASK = (1 << 64) - 1


def go_sorted(items: Sequence[T], key: Callable[[T], float]) -> list[T]:
    """The items by ascending key."""
    order = _Order([key(item) for item in items])
    order.sort(0, len(items), len(items).bit_length())
    return [items[index] for index in order.places]


class _Order:
    """Keys, and where each stood at first."""

    def __init__(self, keys: list[float]) -> None:
        self.keys = keys
        self.places = list(range(len(keys)))

    def less(self, i: int, j: int) -> bool:
        return self.keys[i] < self.keys[j]

    def swap(self, i: int, j: int) -> None:
        self.keys[i], self.keys[j] = self.keys[j], self.keys[i]
        self.places[i], self.places[j] = self.places[j], self.places[i]

    def sort(self, a: int, b: int, limit: int) -> None:
        """Sort [a, b); ``limit`` bad pivots are allowed before heap sort takes over."""
        balanced = partitioned = True
        while b - a > INSERTION:
            if limit == 0:
                return self._heap_sort(a, b)
            if not balanced:
                self._break_patterns(a, b)
                limit -= 1
            pivot, swaps = self._pivot(a, b)
            if swaps == MOST_SWAPS:
                self._reverse(a, b)
                pivot, swaps = (b - 1) - (pivot - a), 0
            if balanced and partitioned and swaps == 0 and self._nearly_sorted(a, b):
                return None
            if a > 0 and not self.less(a - 1, pivot):
                a = self._partition_equal(a, b, pivot)
                continue
            middle, partitioned = self._partition(a, b, pivot)
            left, right = middle - a, b - middle
            balanced = min(left, right) >= (b - a) // 8
            if left < right:
                self.sort(a, middle, limit)
                a = middle + 1
            else:
                self.sort(middle + 1, b, limit)
                b = middle
        return self._insertion_sort(a, b)

    def _insertion_sort(self, a: int, b: int) -> None:
        for i in range(a + 1, b):
            while i > a and self.less(i, i - 1):
                self.swap(i, i - 1)
                i -= 1

    def _pivot(self, a: int, b: int) -> tuple[int, int]:
        """A pivot, and how many swaps its choice took: none hints at rising keys, the most at falling ones."""
        swaps = [0]
        quarter = (b - a) // 4
        i, j, k = a + quarter, a + quarter * 2, a + quarter * 3
        if b - a >= NINTHER:
            i, j, k = (self._median(m - 1, m, m + 1, swaps) for m in (i, j, k))
        return self._median(i, j, k, swaps), swaps[0]

    def _median(self, a: int, b: int, c: int, swaps: list[int]) -> int:
        if self.less(b, a):
            a, b = b, a
            swaps[0] += 1
        if self.less(c, b):
            b, c = c, b
            swaps[0] += 1
        if self.less(b, a):
            a, b = b, a
            swaps[0] += 1
        return b

    def _reverse(self, a: int, b: int) -> None:
        for offset in range((b - a) // 2):
            self.swap(a + offset, b - 1 - offset)

    def _nearly_sorted(self, a: int, b: int) -> bool:
        """Mend a few places; True where that was all it took."""
        i = a + 1
        for _ in range(STEPS):
            while i < b and not self.less(i, i - 1):
                i += 1
            if i == b:
                return True
            if b - a < SHIFT_FROM:
                return False
            self.swap(i, i - 1)
            j = i - 1
            while i - a >= 2 and j >= 1 and self.less(j, j - 1):
                self.swap(j, j - 1)
                j -= 1
            j = i + 1
            while b - i >= 2 and j < b and self.less(j, j - 1):
                self.swap(j, j - 1)
                j += 1
        return False

    def _partition(self, a: int, b: int, pivot: int) -> tuple[int, bool]:
        """Smaller ones to the left; the pivot's place, and whether nothing had to move."""
        self.swap(a, pivot)
        i, j, moved = a + 1, b - 1, False
        while True:
            while i <= j and self.less(i, a):
                i += 1
            while i <= j and not self.less(j, a):
                j -= 1
            if i > j:
                self.swap(j, a)
                return j, not moved
            self.swap(i, j)
            i, j, moved = i + 1, j - 1, True

    def _partition_equal(self, a: int, b: int, pivot: int) -> int:
        """Those equal to the pivot to the left; where the greater ones begin."""
        self.swap(a, pivot)
        i, j = a + 1, b - 1
        while True:
            while i <= j and not self.less(a, i):
                i += 1
            while i <= j and self.less(a, j):
                j -= 1
            if i > j:
                return i
            self.swap(i, j)
            i, j = i + 1, j - 1

    def _break_patterns(self, a: int, b: int) -> None:
        """Swap three elements around the middle with others, chosen by a xorshift that starts at the length."""
        length = random = b - a
        middle = a + (length // 4) * 2 - 1
        for offset in range(3):
            random ^= (random << 13) & MASK
            random ^= random >> 7
            random ^= (random << 17) & MASK
            other = random & ((1 << length.bit_length()) - 1)
            self.swap(middle - 1 + offset, a + (other - length if other >= length else other))

    def _heap_sort(self, a: int, b: int) -> None:
        for root in range((b - a - 1) // 2, -1, -1):
            self._sift_down(a, root, b - a)
        for end in range(b - a - 1, -1, -1):
            self.swap(a, a + end)
            self._sift_down(a, 0, end)

    def _sift_down(self, first: int, root: int, end: int) -> None:
        while (child := 2 * root + 1) < end:
            if child + 1 < end and self.less(first + child, first + child + 1):
                child += 1
            if not self.less(first + root, first + child):
                return
            self.swap(first + root, first + child)
            root = child
