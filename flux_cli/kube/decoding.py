"""Bodies to objects. A list is decoded item by item while it comes in, so that only what is kept of it is ever in memory."""

from __future__ import annotations

import codecs

from flux_cli.core import quickjson
from flux_cli.core.api import Resource, Response
from flux_cli.core.objects import Object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from flux_cli.core.errors import Unreachable

STEP = 1 << 20  # characters that are looked at together: most lists are smaller, and none of their items is ever cut


def encode(value: Any) -> bytes:
    return quickjson.dumps(value)


def decode(body: bytes, response: Response, server: str) -> Object:
    """The JSON object of an answer. Raises Unreachable where it is something else."""
    try:
        value = quickjson.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise _not_the_api(server, response, body)
    return value


def decode_list(
    response: Response, server: str, resource: Resource, into: list[Any], keep: Callable[[Object], Any] | None = None
) -> tuple[str, str]:
    """Append a page's items (what ``keep`` makes of each) to ``into``; the list's version and the token of the next page.

    The server leaves kind and version out of a list's items, and puts ``managedFields`` in: both the other way round here.
    """
    body = _Body(response.pieces())
    meta: Any = None
    try:
        for key in body.members():
            if key != "items" or body.next() != "[":
                value = body.value()
                meta = value if key == "metadata" else meta
                continue
            for item in body.items():
                if isinstance(item, dict):
                    item["apiVersion"], item["kind"] = resource.api_version, resource.kind
                    if isinstance(own := item.get("metadata"), dict):
                        own.pop("managedFields", None)
                    into.append(keep(item) if keep else item)
    except _Malformed:
        raise _not_the_api(server, response, body.start) from None
    meta = meta if isinstance(meta, dict) else {}
    return str(meta.get("resourceVersion") or ""), str(meta.get("continue") or "")


def _not_the_api(server: str, response: Response, body: bytes) -> Unreachable:
    from flux_cli.kube.status import not_the_api

    return not_the_api(server, response, body)


class _Malformed(Exception):
    """No JSON object, or not a whole one."""


class _Body:
    """A JSON object that is read while it comes in. ``start`` is its beginning, for messages."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogatepass")
        self._text, self._at = "", 0
        self._over = False
        self.start = b""

    def members(self) -> Iterator[str]:
        """Each key of the object; its value has to be read before the next."""
        for key in self._between("{", "}"):
            if not isinstance(key, str) or self._take() != ":":
                raise _Malformed
            yield key
        if self.next():
            raise _Malformed

    def items(self) -> Iterator[Any]:
        """The elements of the array that comes next."""
        return self._between("[", "]")

    def next(self) -> str:
        """The next character that is no blank, not taken yet; empty at the end."""
        while True:
            text, at = self._text, self._at
            while at < len(text) and text[at] in quickjson.BLANKS:
                at += 1
            self._at = at
            if at < len(text) or not self._more():
                return self._text[self._at : self._at + 1]

    def value(self) -> Any:
        """The value that comes next. Where it does not end in what is here, more is read and it is tried again."""
        self.next()
        while True:
            try:
                found, end = quickjson.value_at(self._text, self._at)
                if end < len(self._text) or not self._more():  # a number may go on
                    self._at = end
                    return found
            except RecursionError:
                raise _Malformed from None
            except ValueError:
                if not self._more():
                    raise _Malformed from None

    def _between(self, left: str, right: str) -> Iterator[Any]:
        if self._take() != left:
            raise _Malformed
        if self.next() == right:
            self._take()
            return
        while True:
            yield self.value()
            sign = self._take()
            if sign == right:
                return
            if sign != ",":
                raise _Malformed

    def _take(self) -> str:
        sign = self.next()
        self._at += 1
        return sign

    def _more(self) -> bool:
        """Read on, at least as much as is here and not understood yet; whether there was more."""
        if self._over:
            return False
        rest = self._text[self._at :]
        wanted, parts = max(STEP, len(rest)), [rest]
        try:
            while wanted > 0 and (piece := next(self._pieces, None)) is not None:
                self.start = self.start or piece
                parts.append(self._decoder.decode(piece))
                wanted -= len(piece)
            if wanted > 0:
                self._over = True
                parts.append(self._decoder.decode(b"", final=True))
        except ValueError:
            raise _Malformed from None
        self._text, self._at = "".join(parts), 0
        return len(self._text) > len(rest)
