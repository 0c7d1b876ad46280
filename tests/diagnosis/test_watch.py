"""``--watch``: looks again until all is well, and says only what changed."""

import pathlib
from collections.abc import Mapping
from typing import Any

from diagnosis.scenarios import GIT
from diagnosis.world import kept, ks
from front_door import Flux

from flux_cli.core.app import App, Settings, Streams
from flux_cli.main import connect, main


class Clock:
    """Time that passes only when somebody sleeps; what happens meanwhile is done then."""

    def __init__(self, happens: Any) -> None:
        self._now, self._happens = 0.0, happens

    def now(self) -> float:
        return self._now

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds
        self._happens(self._now)


def watched(folder: pathlib.Path, happens: Any, timeout: str) -> tuple[int, str]:
    import io

    class Live:
        """Reads the folder anew for each look, as a cluster would."""

        server = ""

        def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
            self._settings, self._environ = settings._replace(from_path=str(folder)), environ

        def within(self, seconds: float) -> "Live":
            return self

        def __getattr__(self, name: str) -> Any:
            return getattr(connect(self._settings, self._environ), name)

    out = io.StringIO()
    app = App(Streams(io.StringIO(), out, io.StringIO()), Clock(happens), {"HOME": str(folder), "PATH": ""}, Live)
    return main(["why", "ks/apps", "-n", "apps", "--watch", "--timeout", timeout], app), out.getvalue()


def test_until_it_is_healthy(tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", GIT, ks("apps", "BuildFailed", 'kustomize build failed: json: unknown field "x"'))
    code, out = watched(folder, lambda now: kept(folder, GIT, ks("apps")) if now > 5 else None, "1m")
    assert code == 0
    assert out.count("✗ Kustomization apps/apps: kustomize-build-error\n") == 1
    assert "✔ Kustomization apps/apps: healthy\n" in out


def test_until_the_timeout(tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", GIT, ks("apps", "BuildFailed", 'kustomize build failed: json: unknown field "x"'))
    code, out = watched(folder, lambda now: None, "10s")
    assert (code, out.count("kustomize-build-error\n")) == (3, 1)


def test_it_needs_something_to_watch(flux: Flux) -> None:
    got = flux("troubleshoot --watch")
    assert (got.code, got.err.splitlines()[0]) == (1, "✗ --watch needs an object to watch: flux troubleshoot KIND NAME --watch")
