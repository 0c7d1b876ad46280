"""The one thing a command receives from outside: streams, clock, settings, progress log, the way to a cluster.

``main`` builds the real one; tests and the library build their own.
"""

from __future__ import annotations

from flux_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Protocol, TextIO

    from flux_cli.core.api import Cluster
else:
    Protocol = object


class Log:
    """Progress in Flux's vocabulary: one line each on stderr, never data, the same on a terminal and in a pipe."""

    def __init__(self, err: TextIO) -> None:
        self._err = err

    def action(self, text: str) -> None:
        self._line("►", text)

    def generate(self, text: str) -> None:
        self._line("✚", text)

    def waiting(self, text: str) -> None:
        self._line("◎", text)

    def success(self, text: str) -> None:
        self._line("✔", text)

    def warning(self, text: str) -> None:
        self._line("⚠️", text)

    def failure(self, text: str) -> None:
        self._line("✗", text)

    def plain(self, text: str) -> None:
        """A line of our own without a sign: a hint, a note on what could not be read."""
        from flux_cli.core.text import clean

        self._err.write(clean(text) + "\n")
        self._err.flush()

    def _line(self, sign: str, text: str) -> None:
        self.plain(f"{sign} {text}")


class Streams(Record):
    """``tty``: a person looks at stdout; ``color``: and wants colour (NO_COLOR, TERM=dumb and pipes do not)."""

    stdin: TextIO
    out: TextIO
    err: TextIO
    tty: bool = False
    color: bool = False
    width: int = 80


class Clock(Protocol):
    """Time as the commands see it, so that tests need not wait."""

    def now(self) -> float:
        """Seconds since the epoch."""

    def monotonic(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...


class Settings(Record):
    """The global flags, parsed. ``namespace`` is resolved; ``timeout`` is in seconds."""

    namespace: str = "flux-system"
    timeout: float = 300.0
    verbose: bool = False
    kubeconfig: str = ""
    context: str = ""
    cluster: str = ""
    user: str = ""
    server: str = ""
    token: str = ""
    as_user: str = ""
    as_uid: str = ""
    as_group: tuple[str, ...] = ()
    as_user_extra: tuple[str, ...] = ()
    client_certificate: str = ""
    client_key: str = ""
    certificate_authority: str = ""
    tls_server_name: str = ""
    insecure_skip_tls_verify: bool = False
    disable_compression: bool = False
    cache_dir: str = ""
    kube_api_qps: float = 50.0
    kube_api_burst: int = 300
    from_path: str = ""  # ours: read from files instead of a cluster


class App:
    """The world as a command sees it.

    ``kube`` connects on first use and keeps the connection; its deadline is ``--timeout`` from then on.
    """

    def __init__(
        self,
        streams: Streams,
        clock: Clock,
        environ: Mapping[str, str],
        connect: Callable[[Settings, Mapping[str, str]], Cluster],
        settings: Settings | None = None,
    ) -> None:
        self.streams = streams
        self.clock = clock
        self.environ = environ
        self.connect = connect
        self.settings = settings or Settings()
        self.log = Log(streams.err)
        self._kube: Cluster | None = None

    @property
    def kube(self) -> Cluster:
        if self._kube is None:
            self._kube = self.connect(self.settings, self.environ).within(self.settings.timeout)
        return self._kube

    def with_settings(self, **changes: Any) -> App:
        """The same world with other settings; nothing is shared that could be changed."""
        return App(self.streams, self.clock, self.environ, self.connect, self.settings._replace(**changes))
