"""The part of a bootstrap that happens on a Git host: the repository, the teams, the deploy key or token."""

from collections.abc import Sequence
from typing import NamedTuple

from flux_cli.core.app import Log
from flux_cli.core.errors import FluxError
from flux_cli.providers.host import PERMISSIONS, GitHost, TokenHost
from flux_cli.services.bootstrapping.wish import Wish


class Access(NamedTuple):
    """Who else gets access. ``update``: also change access that a team has already."""

    teams: tuple[tuple[str, str], ...] = ()
    update: bool = False


def teams_of(specs: Sequence[str], default: str) -> tuple[tuple[str, str], ...]:
    """``name`` or ``name:permission`` as (name, permission). Raises FluxError for an unknown permission."""
    found = []
    for spec in specs:
        name, colon, permission = spec.partition(":")
        if colon and permission not in PERMISSIONS:
            raise FluxError(
                f'failed to reconcile repository team access: invalid permission "{permission}" for team "{name}"',
                hint=f"Permissions are {', '.join(PERMISSIONS)}.",
            )
        found.append((name, permission if colon else default))
    return tuple(dict(found).items())


def reconcile(host: GitHost, access: Access, log: Log, *, personal: bool) -> bool:
    """Make sure of the repository and the teams' access; False where a team's grant failed, which was told. Raises FluxError."""
    log.action(f"connecting to {host.domain}")
    try:
        there = host.exists()
    except FluxError as err:
        raise FluxError(f'failed to get Git repository "{host.url}": provider error: {err}', hint=err.hint) from err
    if not there:
        try:
            host.create()
        except FluxError as err:
            raise FluxError(f'failed to create new Git repository "{host.url}": {err}', hint=err.hint) from err
        log.success(f'repository "{host.url}" created')
    return True if personal or not access.teams else _grant(host, access, log)


def _grant(host: GitHost, access: Access, log: Log) -> bool:
    log.action("reconciling repository permissions")
    good = True
    for team, permission in access.teams:
        try:
            if host.grant(team, permission, update=access.update):
                log.success(f'granted "{permission}" permissions to "{team}"')
        except FluxError as err:
            log.failure(f'failed to grant "{permission}" permissions to "{team}": {err}')
            good = False
    log.success("reconciled repository permissions")
    return good


def key_name(wish: Wish) -> str:
    """What the deploy key (or token) is called on the host: it is found again by this name."""
    return "-".join(part for part in (wish.namespace, wish.branch, wish.secret_name, wish.path) if part)


def publish_key(host: GitHost, wish: Wish, public: str, log: Log, *, read_only: bool) -> None:
    name = key_name(wish)
    if host.put_key(name, public, read_only=read_only):
        log.success(f'configured deploy key "{name}" for "{host.url}"')


def deploy_token(host: TokenHost, wish: Wish, log: Log) -> tuple[str, str]:
    """(user, token): made anew on each run, because a host never tells a token twice."""
    name = key_name(wish)
    log.action("checking to reconcile deploy token for source secret")
    found = host.put_token(name)
    log.success(f'configured deploy token "{name}" for "{host.url}"')
    return found
