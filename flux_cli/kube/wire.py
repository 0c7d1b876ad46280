"""Requests over the network to one API server: connections kept, credentials added, patience where the server asks for it."""

from __future__ import annotations

import time
from _thread import allocate_lock as Lock  # threading's own lock, without the import of threading

from flux_cli.core.api import Request
from flux_cli.core.errors import Timeout, Unreachable
from flux_cli.kube.address import Address, escape
from flux_cli.kube.answers import Answer, asked_to_wait
from flux_cli.kube.dialing import Dialer
from flux_cli.kube.http import BadAnswer, Channel
from flux_cli.kube.tcp import Failed, readable
from flux_cli.kube.tls import reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Protocol

    from flux_cli.kube.http import Headers
else:
    Protocol = object

RETRIES = 10  # as client-go
IDLE = 8  # connections kept between requests


class Credentials(Protocol):
    """Who asks. Raises ConfigError where a plugin or file fails; safe from several threads."""

    def headers(self, until: float | None, /) -> Mapping[str, str]: ...

    def renew(self, used: Mapping[str, str], until: float | None, /) -> bool:
        """After a 401 to a request with the headers ``used``: whether it is worth another try."""


class Wire:
    """``core.api.Transport`` over sockets.

    ``prefix`` goes before every path (a proxy that relays wants whole addresses).
    ``origin`` says where the address was found, ``gap`` what a kubeconfig lacks that should have named it; both for hints.
    """

    def __init__(
        self,
        address: Address,
        dialer: Dialer,
        credentials: Credentials,
        *,
        headers: Headers,
        prefix: str = "",
        compression: bool = True,
        origin: str = "",
        gap: str = "",
        pace: Pace | None = None,
    ) -> None:
        self._idle: list[Channel] = []
        self._lock = Lock()
        self.server = str(address)
        self.address = address
        self.dialer = dialer
        self.credentials = credentials
        self.headers = {"host": address.authority, **headers}
        self._prefix = prefix
        self._compression = compression
        self._origin = origin
        self._gap = gap
        self._pace = pace

    def send(self, request: Request, *, timeout: float | None = None, stream: bool = False) -> Answer:
        until = None if timeout is None else time.monotonic() + timeout
        renewed = False
        tries = 0
        while True:
            if self._pace:
                self._pace.wait(until)
            who = self.credentials.headers(until)
            answer = self._attempt(request, who, until, stream)
            if answer.status == 401 and not renewed and self.credentials.renew(who, until):
                renewed = True
                answer.close()
                self._drop_idle()  # connections may carry the certificate that was refused
                continue
            pause = asked_to_wait(answer)
            if pause is None or tries == RETRIES:
                return answer
            tries += 1
            answer.close()
            self._sleep(pause, until, request)

    def together(
        self, requests: Sequence[Request], *, timeout: float | None = None
    ) -> Iterator[Answer | Unreachable | Timeout | None]:
        """All on one connection, written in one go: a handshake costs both sides more than a list."""
        from flux_cli.kube.pipeline import in_turn  # one list needs none

        until = None if timeout is None else time.monotonic() + timeout
        if self._pace:
            for _ in requests:
                self._pace.wait(until)
        who = self.credentials.headers(until)
        try:
            channel = self._kept() or self._open(until)
        except (OSError, Failed) as err:
            return iter([self.failure(request, err, until) for request in requests])
        channel.until = until
        return in_turn(self, channel, requests, [self._written(request, who, packed=self._compression) for request in requests])

    def close(self) -> None:
        self._drop_idle()

    def __del__(self) -> None:
        self._drop_idle()  # nobody has to close a client: who forgets it leaves no socket open

    def _attempt(self, request: Request, who: Mapping[str, str], until: float | None, stream: bool) -> Answer:
        """One request, on a kept connection where there is one; once more on a new one where that died while it was idle."""
        channel = self._kept()
        if channel:
            try:
                return self._exchange(channel, request, who, until, stream)
            except (OSError, BadAnswer) as err:
                if isinstance(err, TimeoutError) or channel.answered or request.method != "GET":
                    raise self.failure(request, err, until) from None
        try:
            channel = self._open(until)
            return self._exchange(channel, request, who, until, stream)
        except (OSError, BadAnswer, Failed) as err:
            raise self.failure(request, err, until) from None

    def _open(self, until: float | None) -> Channel:
        return Channel(self.dialer.dial(until))

    def _exchange(self, channel: Channel, request: Request, who: Mapping[str, str], until: float | None, stream: bool) -> Answer:
        channel.until = until
        try:
            channel.send(*self._written(request, who, packed=self._compression and not stream))
            return self.receive(channel, request)
        except BaseException:
            channel.close()
            raise

    def receive(self, channel: Channel, request: Request) -> Answer:
        """The answer to a request that was sent; its body is still to come, but where it tells of a refusal."""
        answer = Answer(self, channel, channel.head(), request)
        if answer.status >= 300:
            answer.fetch()
        return answer

    def _written(self, request: Request, who: Mapping[str, str], *, packed: bool) -> tuple[str, str, Headers, bytes | None]:
        headers = {**self.headers, **who, "accept-encoding": "gzip" if packed else "identity", **request.headers}
        return request.method, self._prefix + self._target(request), headers, request.body

    def _target(self, request: Request) -> str:
        query = "&".join(f"{escape(key)}={escape(value)}" for key, value in request.query)
        return f"{self.address.path}{request.path}" + (f"?{query}" if query else "")

    def failure(self, request: Request, err: Exception, until: float | None) -> Unreachable | Timeout:
        url = f"{self.server.removesuffix(self.address.path)}{self._target(request)}"
        prefix = f'{request.method.capitalize()} "{url}": '
        if until is not None and time.monotonic() >= until:
            return Timeout(f"{prefix}context deadline exceeded", hint=self._hint(f"No answer from {self.server} in time."))
        if isinstance(err, Failed):
            return Unreachable(prefix + str(err), hint=self._hint(err.hint))
        text = str(err) if isinstance(err, BadAnswer) else reason(err)
        return Unreachable(prefix + text, hint=self._hint(f"{self.server} broke off its answer; try again."))

    def _hint(self, words: str) -> str:
        """What to do, and where the address came from; only what is missing, where the kubeconfig did not give it."""
        return self._gap or f"{words} ({self._origin})".strip()

    def _sleep(self, seconds: float, until: float | None, request: Request) -> None:
        if until is not None and time.monotonic() + seconds >= until:
            raise self.failure(request, TimeoutError(), 0.0)
        time.sleep(seconds)

    # -- kept connections

    def _kept(self) -> Channel | None:
        while True:
            with self._lock:
                channel = self._idle.pop() if self._idle else None
            if channel is None:
                return None
            if not readable(channel.sock):
                return channel
            channel.close()  # readable while nothing was asked: the server has closed it

    def keep(self, channel: Channel) -> None:
        """Take a connection back whose answer has been read."""
        with self._lock:
            if channel.reusable and len(self._idle) < IDLE:
                self._idle.append(channel)
                return
        channel.close()

    def _drop_idle(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for channel in idle:
            channel.close()


class Pace:
    """A token bucket: ``burst`` at once, then ``qps`` a second. Safe from several threads."""

    def __init__(self, qps: float, burst: int) -> None:
        self._qps, self._burst = qps, max(burst, 1)
        self._tokens, self._filled = float(self._burst), time.monotonic()
        self._lock = Lock()

    def wait(self, until: float | None) -> None:
        with self._lock:
            now = time.monotonic()
            self._tokens = min(self._burst, self._tokens + (now - self._filled) * self._qps) - 1
            self._filled = now
            pause = -self._tokens / self._qps if self._tokens < 0 else 0.0
        if pause and until is not None and now + pause > until:
            raise Timeout("client rate limiter Wait returned an error: context deadline exceeded")
        if pause:
            time.sleep(pause)
