"""Object storage, read only: S3 and what speaks like it, Google's and Azure's. Each adapter has the two verbs of ``Store``."""

from collections.abc import Iterator
from typing import IO, NamedTuple, Protocol


class Entry(NamedTuple):
    """An object of a bucket; ``size`` in bytes."""

    key: str
    size: int


class Store(Protocol):
    """One bucket. Both verbs raise BucketError."""

    def entries(self, prefix: str) -> Iterator[Entry]:
        """All objects whose key starts with ``prefix``, page by page."""

    def read(self, entry: Entry, out: IO[bytes]) -> None:
        """Write the object's bytes; others than were announced are an error."""

    def close(self) -> None: ...
