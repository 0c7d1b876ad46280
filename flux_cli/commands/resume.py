"""``flux resume``: let suspended objects be reconciled again."""

from __future__ import annotations

from flux_cli.core.errors import FluxError
from flux_cli.kinds import every, named
from flux_cli.printers import progress
from flux_cli.services import suspension

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.common import Names
    from flux_cli.commands.flags.reconcile import ResumeAll, ResumeWait
    from flux_cli.core.app import App
    from flux_cli.core.view import Step
    from flux_cli.kinds import Kind

_NOUNS = {"source": "Fetch suspended sources again", "image": "Let suspended image automation work again"}


def declare(root: Group) -> None:
    verb = root.group("resume", "Let suspended objects be reconciled again", flags=persistent)
    for kind in every():
        if "resume" not in kind.verbs:
            continue
        noun, aliases = kind.names.noun("resume")
        group = verb.group(noun, _NOUNS[noun], aliases=aliases) if noun else verb
        name, short_names = kind.names.leaf("resume")
        path = f"{noun} {name}".strip()
        group.leaf(
            name, run, aliases=short_names, bind={"kind": kind.kind}, usage="[name]",
            short=f"Let suspended {kind.kind} objects be reconciled again",
            long=f"Let suspended {kind.kind} objects be reconciled again. With one name it waits until the object is ready.",
            example=f"# One, and wait until it is ready\nflux resume {path} my-{name}\n\n"
            f"# All of the namespace, and wait for all\nflux resume {path} --all --wait",
        )  # fmt: skip


def persistent(app: App, all: ResumeAll = False, wait: ResumeWait = None) -> None:
    """Declares the flags that every ``resume`` has."""


def run(app: App, kind: str, names: Names, all: ResumeAll = False, wait: ResumeWait = None) -> None:
    found = named(kind)
    if not names and not all:
        raise FluxError(f"{found.names.human} name is required")
    waits = len(names) == 1 if wait is None else wait
    progress.tell(app.log, _steps(app, found, names, waits))


def _steps(app: App, kind: Kind, names: Names, waits: bool) -> Iterator[Step]:
    written = yield from suspension.resume(app.kube, kind, app.settings.namespace, names)
    if waits:
        yield from suspension.await_ready(app.kube, kind, written, progress.explains(app), app.clock.sleep)
