"""One call to the API server: its deadline, its refusal as an error, and the version of the kind that this cluster serves."""

from __future__ import annotations

import time

from flux_cli.core.api import Request, Resource, Response, Transport
from flux_cli.core.errors import FluxError, Forbidden, NoMatch, Timeout, Unauthorized, Unreachable
from flux_cli.core.record import Record
from flux_cli.kube import decoding
from flux_cli.kube.address import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any, TypeVar

    from flux_cli.kube.discovery import Discovery

    T = TypeVar("T")
    Query = tuple[tuple[str, str], ...]
    Known = Callable[[str, str], Resource | None]


JSON = "application/json"
ANONYMOUS = 'User "system:anonymous"'  # whom the server takes a request without credentials for


class Sent(Record):
    """What goes out. ``subject``: resource and name for error messages that lack them."""

    method: str
    path: str
    query: Query = ()
    accept: str = JSON
    subject: str = ""
    body: bytes | None = None
    content_type: str = ""


class Calls:
    """What all clients over one connection share: the transport, which versions answered, discovery.

    ``refused`` is the hint of a 401, from who knows where the credentials came from.
    """

    def __init__(self, transport: Transport, known: Known | None, cache_dir: str, refused: str) -> None:
        self.transport = transport
        self.known = known
        self._cache_dir = cache_dir
        self._refused = refused
        self._served: dict[Resource, Resource] = {}
        self._first: Resource | None = None
        self._discovery: Discovery | None = None

    def together(self, sents: Sequence[Sent], until: float | None) -> Iterator[Response | FluxError | None]:
        """``Transport.together`` within the deadline. Raises Timeout where that has passed."""
        _not_too_late(until)
        return self.transport.together([_request(sent) for sent in sents], timeout=left(until))

    def send(self, sent: Sent, until: float | None, *, stream: bool = False, given: Response | None = None) -> Response:
        """The answer (``given`` where it is here already) below 300. Raises the ApiError family, Unreachable, Timeout."""
        if not stream:
            _not_too_late(until)
        response = given or self.transport.send(_request(sent), timeout=left(until), stream=stream)
        if response.status < 300:
            return response
        try:
            data = response.read()
        finally:
            response.close()
        from flux_cli.kube import status  # a refusal is rare, and its words are long

        error = status.from_answer(response, data, server=self.transport.server, verb=sent.method, subject=sent.subject)
        if isinstance(error, Unauthorized) or (isinstance(error, Forbidden) and ANONYMOUS in str(error)):
            error.hint = self._refused
        raise error

    def json(self, sent: Sent, until: float | None) -> Any:
        """The object that answers."""
        response = self.send(sent, until)
        return decoding.decode(response.read(), response, self.transport.server)

    def served(self, resource: Resource) -> Resource:
        """The version that is known to be served, the newest where none is yet."""
        return self._served.get(resource, resource)

    def on_served(self, resource: Resource, until: float | None, call: Callable[[Resource], T]) -> T:
        """Call with the version that this cluster serves: the resource's own, else the older ones; remembered afterwards."""
        self._first = self._first or resource
        known = self._served.get(resource)
        if known:
            return call(known)
        try:
            return call(resource)
        except NoMatch:
            pass
        for version in resource.older:
            try:
                result = call(older := resource._replace(version=version))
            except NoMatch:
                continue
            self._served[resource] = older
            return result
        raise self._absent(resource, until)

    def discovery(self, until: float | None) -> Discovery:
        """What the cluster serves beyond the kinds that are known."""
        from flux_cli.kube.discovery import Discovery, cache_file

        if self._discovery is None:
            self._discovery = Discovery(
                lambda path, accept: self.json(Sent("GET", path, accept=accept), until),
                cache_file(self._cache_dir, self.transport.server),
            )
        return self._discovery

    def _absent(self, resource: Resource, until: float | None) -> NoMatch:
        """Which of client-go's two texts: is the version unknown, or the kind within it? It tells the first kind otherwise."""
        from flux_cli.kube import status

        if self._first != resource or not resource.group:
            return status.kind_absent(resource)
        try:
            self.json(Sent("GET", f"/apis/{resource.api_version}"), until)
        except NoMatch:
            self._must_be_an_api(until)
            return status.version_absent(resource)
        except FluxError:
            pass  # whatever this is, the kind is not there
        return status.kind_absent(resource)

    def _must_be_an_api(self, until: float | None) -> None:
        """Raises Unreachable where not even the list of groups is there: the address leads somewhere else."""
        try:
            self.json(Sent("GET", "/apis"), until)
        except NoMatch:
            from flux_cli.kube.status import ABSENT

            raise Unreachable(
                f"{self.transport.server} answers, but has no Kubernetes API: {ABSENT} (/apis)",
                hint="Look at the path of the cluster's server in the kubeconfig.",
            ) from None


def _request(sent: Sent) -> Request:
    headers = {"accept": sent.accept} | ({"content-type": sent.content_type} if sent.body is not None else {})
    return Request(sent.method, escape(sent.path, path=True), sent.query, headers, sent.body)


def _not_too_late(until: float | None) -> None:
    """Raises Timeout where there is no time left to send anything, in the words of the place where client-go looks first."""
    if until is not None and until <= time.monotonic():
        raise Timeout("client rate limiter Wait returned an error: context deadline exceeded")


def left(until: float | None, seconds: float | None = None) -> float | None:
    """Seconds that are left, the smaller of ``seconds`` and the deadline. Raises Timeout where the deadline has passed."""
    if until is None:
        return seconds
    rest = until - time.monotonic()
    if rest <= 0:
        raise Timeout("context deadline exceeded")
    return rest if seconds is None else min(rest, seconds)
