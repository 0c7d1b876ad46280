"""Steps of work, told line by line while they happen."""

from __future__ import annotations

from flux_cli.core.app import App, Log
from flux_cli.core.view import Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def tell(log: Log, steps: Iterable[Step]) -> None:
    """Write each step as soon as the service yields it."""
    for step in steps:
        getattr(log, step.sign)(step.text)


def explains(app: App) -> bool:
    """Does somebody read along, on a terminal or in the log of a CI run? A wait that ended badly is then followed by what the
    object itself says; elsewhere stderr holds the lines of the Go CLI and no more."""
    return app.streams.tty or bool(app.environ.get("CI"))
