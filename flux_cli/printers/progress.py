"""Steps of work, told line by line while they happen."""

from collections.abc import Iterable

from flux_cli.core.app import Log
from flux_cli.core.view import Step


def tell(log: Log, steps: Iterable[Step]) -> None:
    """Write each step as soon as the service yields it."""
    for step in steps:
        getattr(log, step.sign)(step.text)
