"""Several reads on one connection, written in one go (RFC 9112, 9.3.2): answers come in the order of the requests.

Go's server answers so, and proxies that pass bytes on let it. Where one does not, or a list takes long, what has not been
answered is asked again in the ordinary way: reads may be repeated.
"""

from __future__ import annotations

import time

from flux_cli.core.errors import Timeout, Unreachable
from flux_cli.kube.answers import Answer, asked_to_wait
from flux_cli.kube.http import BadAnswer, Channel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flux_cli.core.api import Request
    from flux_cli.kube.answers import Origin
    from flux_cli.kube.http import Headers

PATIENCE = 1.0  # seconds for the head of an answer; the server is slow then, or something between has lost what we asked


class _Line:
    """Who gets the connection back after each answer: the next answer, or its owner after the last."""

    def __init__(self, owner: Origin, left: int) -> None:
        self._owner = owner
        self.left = left

    def keep(self, channel: Channel) -> None:
        if not self.left:
            self._owner.keep(channel)

    def failure(self, request: Request, err: Exception, until: float | None) -> Unreachable | Timeout:
        self.left = 0
        return self._owner.failure(request, err, until)


def in_turn(
    owner: Origin, channel: Channel, requests: Sequence[Request], written: Sequence[tuple[str, str, Headers, bytes | None]]
) -> Iterator[Answer | None]:
    """``core.api.Transport.together`` on this connection of ``owner``, which is closed where it is of no more use."""
    line = _Line(owner, len(requests))
    until = channel.until
    try:
        channel.send_all(written)
        for request in requests:
            patience = time.monotonic() + PATIENCE
            channel.until = patience if until is None else min(until, patience)
            head = channel.head()
            channel.until = until
            line.left -= 1
            answer = Answer(line, channel, head, request)
            if answer.status >= 300:
                answer.fetch()
            yield None if answer.status == 401 or asked_to_wait(answer) is not None else answer
            if not head.stays_open:
                break
    except (OSError, BadAnswer):
        pass  # the others are asked again, and tell what is wrong
    finally:
        if line.left:
            channel.close()
    while True:
        yield None
