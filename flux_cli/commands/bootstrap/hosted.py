"""From the flags of a Git host's sub-command to a bootstrap: token, repository, keys; the same way for all hosts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from flux_cli.commands.bootstrap import shared
from flux_cli.core.errors import FluxError, UsageError

if TYPE_CHECKING:
    from flux_cli.commands.bootstrap.shared import Common
    from flux_cli.core.app import App
    from flux_cli.providers.host import GitHost, Place, TokenHost
    from flux_cli.services.bootstrapping import SecretWish, Wish, World
    from flux_cli.services.keys import KeyPair

Connect = Callable[..., Any]


class Site(NamedTuple):
    """What differs between the hosts. ``user``: who clones, with the token as password; ``token_user``: who the source is."""

    connect: Connect
    place: Place
    hostname: str
    token: str
    user: str
    token_user: str = "git"
    teams: tuple[str, ...] = ()
    team_permission: str = "maintain"
    interval: float = 60.0
    path: str = ""
    read_write_key: bool = False
    reconcile: bool = False
    deploy_token: bool = False
    keeps_key: bool = False
    asks: bool = True


def token(app: App, variable: str, title: str) -> str:
    """The host's token: from the environment, otherwise asked for."""
    from flux_cli.commands.prompting import secret

    return app.environ.get(variable) or secret(app, f"Please enter your {title} personal access token (PAT): ")


def reject_reuse(common: Common, verb: str) -> None:
    """These hosts get a key that is made for them: there is none of the user's to sign with."""
    if common.ssh_signing_reuse_private_key:
        raise UsageError(
            f"--ssh-signing-reuse-private-key is not supported by 'bootstrap {verb}'; that subcommand generates the SSH "
            "transport key in-process and has no operator-supplied key to reuse"
        )


def run(app: App, common: Common, site: Site) -> None:
    """The bootstrap. A team that could not be granted access fails the command at its very end."""
    from flux_cli.git.access import Access

    checked = shared.check(app, common)
    options, ca = shared.options_of(app, common, checked, asks=site.asks), shared.ca_of(common)
    uses_key = site.keeps_key and not (common.token_auth or site.deploy_token)
    pair = shared.key_of(common, hint="Use a key without a passphrase here.") if uses_key else None
    release = shared.release_of(app, common, options)
    world = shared.world_of(app, checked, Access(site.user, site.token, ca=ca))
    host = site.connect(site.hostname, site.token, site.place, ca=ca, sleep=app.clock.sleep, now=app.clock.now)

    def reached() -> tuple[Wish, SecretWish]:
        """What is known once the host answered: it decides on the repository's address."""
        sync = host.clone_url if common.token_auth or site.deploy_token else _ssh_url(host.ssh_url, common.ssh_hostname)
        wish = shared.wish_of(
            common, checked, options, release, url=host.clone_url, sync_url=sync, path=site.path, interval=site.interval
        )
        return wish, _secret(common, site, host, ca, pair)

    try:
        if not common.plan:
            _bootstrap(app, site, host, world, reached)
        elif _plan(app, host, site):
            wish, secret = reached()
            if site.deploy_token:  # the host makes user and password when it comes to it
                secret = secret._replace(username="?", password="?")
            shared.show_plan(app, wish, secret, world, _published(common, site, host))
    finally:
        host.close()


def _bootstrap(app: App, site: Site, host: TokenHost, world: World, reached: Callable[[], tuple[Wish, SecretWish]]) -> None:
    from flux_cli.services import bootstrapping
    from flux_cli.services.bootstrapping import hosting

    access = hosting.Access(hosting.teams_of(site.teams, site.team_permission), site.reconcile)
    granted = hosting.reconcile(host, access, app.log, personal=site.place.personal)
    wish, secret = reached()
    if site.deploy_token:
        user, password = hosting.deploy_token(host, wish, app.log)
        secret = secret._replace(username=user, password=password)

    def publish(public: str) -> None:
        hosting.publish_key(host, wish, public, app.log, read_only=not site.read_write_key)

    bootstrapping.run(wish, secret, world, publish)
    if not granted:
        raise FluxError(
            "failed to grant permissions to team: reconciled with warning", hint="The lines with ✗ above say which and why."
        )


def _published(common: Common, site: Site, host: GitHost) -> str:
    """What a plan says about the host's part in the Secret, "" where it has none. ``{name}`` is the key's."""
    if common.token_auth:
        return ""
    if site.deploy_token:
        return f'make deploy token "{{name}}" of "{host.url}" for it'
    access = "which may write" if site.read_write_key else "read-only"
    return f'add its public key as deploy key "{{name}}", {access}, to "{host.url}"'


def _ssh_url(url: str, hostname: str) -> str:
    from flux_cli.git.access import split, user_of, with_user

    parts = split(url)
    return with_user(parts, user_of(parts), hostname).geturl()


def _secret(common: Common, site: Site, host: GitHost, ca: str, pair: KeyPair | None) -> SecretWish:
    from flux_cli.git.access import host_of, split
    from flux_cli.services.bootstrapping import SecretWish

    if common.token_auth:
        return SecretWish(site.token_user, site.token, ca=ca)
    if site.deploy_token:
        return SecretWish(ca=ca)
    return shared.key_wish(common, ca, host_of(split(_ssh_url(host.ssh_url, common.ssh_hostname))), pair)


def _plan(app: App, host: GitHost, site: Site) -> bool:
    """The host's part of the plan; False where the repository does not exist yet, and with it all that would be compared."""
    from flux_cli.services.bootstrapping import hosting

    write = app.streams.out.write
    write(f"Git host: {host.domain}\n")
    there = host.exists()
    write(f"  repository {host.url} {'exists' if there else f'would be created, {site.place.visibility}'}\n")
    for team, permission in hosting.teams_of(site.teams, site.team_permission) if not site.place.personal else ():
        write(f'  grant "{permission}" to "{team}"\n')
    if not there:
        write("  then the manifests would be committed, pushed and installed, and a key or token set up\nNothing was changed.\n")
    return there


def place_of(owner: str, repository: str, *, personal: bool, visibility: str) -> Place:
    from flux_cli.providers.host import Place

    return Place(owner, repository, personal, visibility)
