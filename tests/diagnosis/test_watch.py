"""``--watch``: looks again until all is well, and says only what changed."""

import pathlib
from collections.abc import Mapping
from typing import Any

from diagnosis.scenarios import GIT
from diagnosis.world import kept, ks
from front_door import Flux

from flux_cli.core.app import App, Settings, Streams
from flux_cli.core.errors import Unreachable
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


def watched(folder: pathlib.Path, happens: Any, timeout: str, *symptoms: str) -> tuple[int, str]:
    """Exit code, and both streams as one."""
    import io

    class Live:
        """Reads the folder anew for each look, as a cluster would."""

        server = ""

        def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
            self._settings, self._environ = settings._replace(from_path=str(folder)), environ

        def within(self, seconds: float) -> "Live":
            return self

        def __getattr__(self, name: str) -> Any:
            if not folder.exists():
                raise Unreachable("dial tcp 127.0.0.1:6443: connect: connection refused")
            return getattr(connect(self._settings, self._environ), name)

    out = io.StringIO()
    app = App(Streams(io.StringIO(), out, out), Clock(happens), {"HOME": str(folder), "PATH": ""}, Live)
    return main(["why", *(symptoms or ["ks/apps"]), "-n", "apps", "--watch", "--timeout", timeout], app), out.getvalue()


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


def test_what_is_deleted_is_waited_for(tmp_path: pathlib.Path) -> None:
    """As ``kubectl get -w`` tells a deletion and then what comes after it."""
    worlds = {6: [GIT], 12: [GIT, ks("apps")]}
    folder = kept(tmp_path / "s", GIT, ks("apps", "BuildFailed", 'kustomize build failed: json: unknown field "x"'))
    code, out = watched(folder, lambda now: kept(folder, *worlds[now]) if now in worlds else None, "1m")
    told = [line for line in out.splitlines() if line.startswith(("✗", "✔"))]
    assert code == 0
    assert told == [
        "✗ Kustomization apps/apps: kustomize-build-error",
        "✗ Kustomization apps/apps: gone",
        "✔ Kustomization apps/apps: healthy",
    ]
    assert "gone\n\nKustomization apps/apps does not exist any more. Waiting for it to come back.\n" in out


def test_what_stays_away(tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", GIT, ks("apps"), ks("infra", "BuildFailed", "odd"))
    code, out = watched(folder, lambda now: kept(folder, GIT, ks("infra", "BuildFailed", "odd")), "10s", "ks/apps", "ks/infra")
    assert (code, out.splitlines()[-1]) == (1, "✗ Kustomization apps is still gone")


def test_a_cluster_that_does_not_answer_for_a_while(tmp_path: pathlib.Path) -> None:
    folder = kept(tmp_path / "s", GIT, ks("apps", "BuildFailed", "odd"))

    def happens(now: float) -> None:
        if now == 3:
            folder.rename(tmp_path / "away")
        if now == 9:
            (tmp_path / "away").rename(folder)
            kept(folder, GIT, ks("apps"))

    code, out = watched(folder, happens, "1m")
    assert (code, [line for line in out.splitlines() if line.startswith(("✗", "✔"))]) == (
        0,
        [
            "✗ Kustomization apps/apps: kustomize-build-error",
            "✗ Kustomization apps/apps: out of reach",
            "✔ Kustomization apps/apps: healthy",
        ],
    )


def test_what_never_was_is_an_error(tmp_path: pathlib.Path) -> None:
    code, out = watched(kept(tmp_path / "s", GIT), lambda now: None, "1m")
    assert (code, out) == (
        1,
        '✗ Kustomization "apps" not found in apps namespace\nThere is no Kustomization in apps; -n names another namespace\n',
    )


def test_it_needs_something_to_watch(flux: Flux) -> None:
    got = flux("troubleshoot --watch")
    assert (got.code, got.err.splitlines()[0]) == (1, "✗ --watch needs an object to watch: flux troubleshoot KIND NAME --watch")
