"""The repository of a bootstrap: cloned with a second try, committed to, pushed; once more where somebody else pushed."""

from collections.abc import Callable

from flux_cli.core.errors import FluxError
from flux_cli.git.access import Moved, shown
from flux_cli.git.checkout import Checkout
from flux_cli.services.bootstrapping.wish import Wish, World

_CLONES = 2
_PAUSE = 2.0
_PUSHES = 5

Change = Callable[[Checkout], None]


class Repository:
    """The branch as it is now; ``checkout`` is replaced when the remote moved."""

    def __init__(self, wish: Wish, world: World) -> None:
        self._wish = wish
        self._world = world
        self.checkout = self._clone()

    def _clone(self) -> Checkout:
        world = self._world
        for attempt in range(_CLONES):
            if attempt:
                world.clock.sleep(_PAUSE)
            try:
                return Checkout(self._wish.url, self._wish.branch, world.access, world.environ, world.timeout)
            except FluxError as err:
                world.log.warning(f" clone failure: {err}")
                failure = err
        raise FluxError(f"failed to clone repository: {failure}", hint=failure.hint)

    def record(self, what: str, message: str, failed: str, change: Change) -> None:
        """Commit what ``change`` writes, and push it. ``what``: "component" or "sync"; ``failed``: how a push's error begins."""
        log, wish = self._world.log, self._wish
        for _ in range(_PUSHES):
            change(self.checkout)
            commit = self._commit(what, message)
            if not commit:
                log.success(f"{what} manifests are up to date")
                return
            log.success(f'committed {what} manifests to "{wish.branch}" ("{commit}")')
            log.action(f'pushing {what} manifests to "{shown(wish.url)}"')
            try:
                self.checkout.push()
                return
            except Moved:
                log.waiting("git conflict detected, retrying with a fresh clone")
                self.checkout = self._clone()
            except FluxError as err:
                raise FluxError(f"{failed}: {err}", hint=err.hint) from err
        raise FluxError(f"{failed}: the branch {wish.branch} moves faster than it can be pushed to", hint="Run it again.")

    def _commit(self, what: str, message: str) -> str:
        try:
            return self.checkout.commit(self._wish.message(message), self._wish.author, self._world.signer)
        except FluxError as err:
            raise FluxError(f"failed to commit {what} manifests: {err}", hint=err.hint) from err
