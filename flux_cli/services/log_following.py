"""``logs --follow``: the lines of several pods as they are written, and of those that appear later."""

from __future__ import annotations

from flux_cli.core.api import POD, Cluster
from flux_cli.core.errors import ApiError, NotFound, Timeout, Unreachable
from flux_cli.core.objects import Object, name_of, namespace_of, text
from flux_cli.core.parallel import Another, as_they_come
from flux_cli.services import waiting
from flux_cli.services.log_reading import Failure, Line, Wanted, Window, lines_of, matches, opened, utc
from flux_cli.services.versions import COMPONENTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def follow(
    cluster: Cluster, found: Sequence[Object], part: Window, wanted: Wanted, sleep: waiting.Sleep
) -> Iterator[Line | Failure]:
    """Lines as they are written, also by pods that appear later, until the cluster's deadline; for ever where it has none."""
    namespace = namespace_of(found[0])
    there = {name_of(pod) for pod in cluster.list(POD, namespace, labels=COMPONENTS).items}
    there |= {name_of(pod) for pod in found}
    sources = [_followed(cluster, pod, part, sleep) for pod in found]
    for line in as_they_come([*sources, lambda: _newcomers(cluster, namespace, there, sleep)]):
        if isinstance(line, Timeout):
            return
        if isinstance(line, ApiError | Unreachable):
            yield Failure("", line)
        elif isinstance(line, Exception):
            raise line
        elif matches(line, wanted):
            yield line


def _followed(cluster: Cluster, pod: Object, part: Window, sleep: waiting.Sleep) -> Callable[[], Iterator[Line]]:
    """One pod's lines, taken up again where they broke off (its container was restarted, the line was cut), until it is gone.

    Only where nothing could be read at all is the error raised.
    """

    def lines() -> Iterator[Line]:
        reached, answered = "", False
        while True:
            try:
                found = lines_of(name_of(pod), opened(cluster, pod, _rest(part, reached), follow=True), stamped=True)
                answered = True
                for line in _unseen(found, reached):
                    reached = line.written or reached
                    yield line
            except (ApiError, Unreachable):
                if not answered:
                    raise
            sleep(waiting.POLL)
            if not _is_there(cluster, pod):
                return

    return lines


def _rest(part: Window, reached: str) -> Window:
    """What is asked for after a line of that moment was read; the API server takes whole seconds only."""
    return Window(since_time=utc(reached)) if reached else part


def _unseen(lines: Iterator[Line], reached: str) -> Iterator[Line]:
    """The lines after those that were read before: a log keeps its order, so all after the first new one are new."""
    before = _order(reached) if reached else ""
    for line in lines:
        if not before or (line.written and _order(line.written) > before):
            before = ""
            yield line


def _order(stamp: str) -> str:
    """The time with all nine digits of a second, so that texts compare as times do."""
    second, _, fraction = stamp.partition(".")
    return second[:19] + fraction.rstrip("Zz")[:9].ljust(9, "0")


def _is_there(cluster: Cluster, pod: Object) -> bool:
    try:
        cluster.get(POD, namespace_of(pod), name_of(pod))
    except NotFound:
        return False
    except (ApiError, Unreachable):
        return True  # nobody can tell
    return True


def _newcomers(cluster: Cluster, namespace: str, there: set[str], sleep: waiting.Sleep) -> Iterator[Another]:
    """The logs of Flux's pods that were not there at first, from their beginning."""
    for event in waiting.changes(cluster, POD, namespace, labels=COMPONENTS, sleep=sleep):
        running = event.type != "DELETED" and text(event.object, "status.phase") == "Running"
        if running and name_of(event.object) not in there:
            there.add(name_of(event.object))
            yield Another(_followed(cluster, event.object, Window(), sleep))
