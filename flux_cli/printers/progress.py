"""Steps of work, told line by line while they happen."""

from __future__ import annotations

from flux_cli.core.view import Amount

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from typing import TypeVar

    from rich.progress import Progress

    from flux_cli.core.app import App
    from flux_cli.core.view import Step

    T = TypeVar("T")

_RESULTS = ("success", "failure")


def tell(app: App, steps: Iterable[Step | Amount]) -> None:
    """Write each step as soon as the service yields it; on a terminal with a bar below while several are under way."""
    bar: Progress | None = None
    try:
        for step in steps:
            if isinstance(step, Amount):
                _end(bar)
                bar = _bar(app, step) if app.streams.tty else None
                continue
            if bar is None:
                getattr(app.log, step.sign)(step.text)
                continue
            bar.stop()  # so that the line is written where the bar was, which comes again below it
            getattr(app.log, step.sign)(step.text)
            bar.update(bar.task_ids[0], advance=step.sign in _RESULTS)
            bar.start()
    finally:
        _end(bar)


def told(app: App, steps: Generator[Step | Amount, None, T]) -> T:
    """The same, for what the generator returns in the end."""
    results: list[T] = []

    def whole() -> Generator[Step | Amount, None, None]:
        results.append((yield from steps))

    tell(app, whole())
    return results[0]


def _bar(app: App, amount: Amount) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(
        file=app.streams.err, force_terminal=True, no_color=not app.streams.color, width=app.streams.width, highlight=False
    )
    columns = TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn()
    bar = Progress(*columns, console=console, transient=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False)
    bar.add_task(amount.doing, total=amount.total)
    bar.start()
    return bar


def _end(bar: Progress | None) -> None:
    if bar is not None:
        bar.stop()


def explains(app: App) -> bool:
    """Does somebody read along, on a terminal or in the log of a CI run? A wait that ended badly is then followed by what the
    object itself says; elsewhere stderr holds the lines of the Go CLI and no more."""
    return app.streams.tty or bool(app.environ.get("CI"))
