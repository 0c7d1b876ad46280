"""Looking at a change before it is made: the server runs its defaults, checks and admission, and stores nothing."""

from __future__ import annotations

from flux_cli.core.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from flux_cli.core.app import App
    from flux_cli.core.objects import Object


def asked(dry_run: str, diff: bool) -> bool:
    """Whether the flags ask for a preview. Raises UsageError for a mode that there is not."""
    if dry_run not in ("", "none", "server"):
        raise UsageError(f"--dry-run must be server or none, not {dry_run}")
    return diff or dry_run == "server"


def show(app: App, pairs: Iterable[tuple[Object | None, Object | None]]) -> None:
    """The diffs of objects, before and after, on stdout."""
    from flux_cli.services.previewing import difference

    for before, after in pairs:
        app.streams.out.write("".join(difference(before, after)))
