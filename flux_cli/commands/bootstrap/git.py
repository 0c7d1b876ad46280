"""``flux bootstrap git``: any Git server."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import SplitResult

from flux_cli.commands.bootstrap import shared
from flux_cli.commands.bootstrap.shared import Common, takes_common
from flux_cli.core.errors import FluxError

if TYPE_CHECKING:
    from flux_cli.commands.flags import bootstrap as flags
    from flux_cli.core.app import App
    from flux_cli.git.access import Access
    from flux_cli.services.bootstrapping import SecretWish


@takes_common
def git(
    app: App, common: Common, url: flags.Url = "", interval: flags.Interval = 60.0, path: flags.Path = "",
    username: flags.Username = "git", password: flags.Password = "", silent: flags.Silent = False,
    allow_insecure_http: flags.AllowInsecureHttp = False, with_bearer_token: flags.WithBearerToken = False,
) -> None:  # fmt: skip
    """Bootstrap from a repository on any Git server

    The repository must exist; it may be empty. Over SSH the agent, ~/.ssh/config and known_hosts work as they do for git.
    The password is read from GIT_PASSWORD where --password is not given.

    Examples:
    # Over SSH, with the keys of the agent; the cluster gets a deploy key of its own
    flux bootstrap git --url=ssh://git@example.com/fleet.git --path=clusters/prod

    # Over HTTPS with a token
    flux bootstrap git --url=https://example.com/fleet.git --username=me --password=$TOKEN --token-auth --path=clusters/prod

    # With a private key that has access already
    flux bootstrap git --url=ssh://git@example.com/fleet.git --private-key-file=./id_ed25519 --path=clusters/prod

    # What would be done
    flux bootstrap git --url=ssh://git@example.com/fleet.git --path=clusters/prod --plan
    """
    from flux_cli.commands.prompting import confirm
    from flux_cli.commands.prompting import secret as ask
    from flux_cli.git.access import split
    from flux_cli.services.bootstrapping import run as bootstrap

    common = common._replace(token_auth=common.token_auth or with_bearer_token)
    password = password or app.environ.get("GIT_PASSWORD", "")
    if common.token_auth and not password:
        password = ask(app, "Please enter your Git repository password: ")
    checked = shared.check(app, common, password)
    parts = split(url)
    iam = _code_commit(app, common, parts)
    if iam:
        username, password = iam
        common = common._replace(token_auth=True)
    options, ca = shared.options_of(app, common, checked), shared.ca_of(common)
    access = _access(app, common, parts, username, password, ca, allow_insecure_http, with_bearer_token)
    sync = _sync_url(common, parts, username, allow_insecure_http)
    secret = _secret(common, sync, username, password, ca, with_bearer_token)
    release = shared.release_of(app, common, options)
    wish = shared.wish_of(common, checked, options, release, url=url, sync_url=sync.geturl(), path=path, interval=interval)
    wish = wish._replace(git_provider="aws" if iam else "")

    world = shared.world_of(app, checked, access)
    if common.plan:
        asks = "" if silent or common.token_auth else "ask whether its public key has access to the repository"
        shared.show_plan(app, wish, secret, world, asks)
    else:
        bootstrap(
            wish, secret, world, lambda _: None if silent else confirm(app, "Please give the key access to your repository")
        )


def _access(
    app: App, common: Common, parts: SplitResult, username: str, password: str, ca: str, insecure: bool, bearer: bool
) -> Access:  # fmt: skip
    """How we reach the repository ourselves."""
    from flux_cli.git.access import Access, shown

    try:
        if parts.scheme == "ssh":
            return _ssh_access(app, common, parts, password)
        if parts.scheme == "http" and not insecure:
            raise FluxError("scheme http is insecure, pass --allow-insecure-http=true to allow it")
        if parts.scheme not in ("http", "https"):
            raise FluxError(f'scheme "{parts.scheme}" is not supported')
    except FluxError as err:
        where = shown(parts.geturl())
        raise FluxError(f"failed to create authentication options for {where}: {err}", hint=err.hint) from err
    trust = ca if parts.scheme == "https" else ""
    return Access(bearer_token=password, ca=trust) if bearer else Access(username, password, ca=trust)


def _ssh_access(app: App, common: Common, parts: SplitResult, password: str) -> Access:
    """With the key of ``--private-key-file``, else with those that ssh finds itself."""
    from flux_cli.git.access import Access, host_of

    algorithms = tuple(common.ssh_hostkey_algos)
    if not common.private_key_file:
        return Access(host_key_algorithms=algorithms)
    from flux_cli.git import host_keys

    shared.read_file(common.private_key_file)
    known = "" if _is_known(app, parts) else host_keys.scan(host_of(parts), app.environ)
    return Access(password=password, key_file=common.private_key_file, known_hosts=known, host_key_algorithms=algorithms)


def _is_known(app: App, parts: SplitResult) -> bool:
    """Whether the user's known_hosts has a key of the host: then that one counts, not what the host shows now."""
    import os

    from flux_cli.git import host_keys

    file = os.path.join(app.environ.get("HOME", ""), ".ssh", "known_hosts")
    return host_keys.knows(parts.hostname or "", parts.port or 22, file, app.environ)


def _sync_url(common: Common, parts: SplitResult, username: str, insecure: bool) -> SplitResult:
    """What source-controller fetches from: HTTPS for a token, SSH for a key, whatever the URL was."""
    from flux_cli.git.access import user_of, with_user

    if common.token_auth:
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https"):
            parts = with_user(parts, "", f"[{host}]" if ":" in host else host)
        return with_user(parts, "") if insecure else with_user(parts, "")._replace(scheme="https")
    user = user_of(parts)
    if not user or username != "git":
        user = username
    return with_user(parts, user, common.ssh_hostname)._replace(scheme="ssh")


def _secret(common: Common, sync: SplitResult, username: str, password: str, ca: str, bearer: bool) -> SecretWish:
    from flux_cli.git.access import host_of
    from flux_cli.services.bootstrapping import SecretWish

    if common.token_auth:
        return SecretWish(bearer_token=password, ca=ca) if bearer else SecretWish(username, password, ca=ca)
    pair = shared.key_of(common, password, "The passphrase of the key goes into --password.")
    return shared.key_wish(common, ca, host_of(sync), pair, password)


def _code_commit(app: App, common: Common, parts: SplitResult) -> tuple[str, str] | None:
    """AWS CodeCommit has rules of its own: user and password made of the IAM credentials, None for every other host."""
    from flux_cli.git.access import user_of

    host = parts.hostname or ""
    if "git-codecommit" not in host or "amazonaws.com" not in host:
        return None
    if parts.scheme == "ssh":
        if not user_of(parts):
            raise FluxError("invalid AWS CodeCommit url: ssh username should be specified in the url")
        if user_of(parts) == "git":
            raise FluxError("invalid AWS CodeCommit url: ssh username should be the SSH key ID for the provided private key")
        if not common.private_key_file:
            raise FluxError("private key file is required for bootstrapping against AWS CodeCommit using ssh")
    if parts.scheme == "https" and not common.token_auth:
        from flux_cli.git.codecommit import credentials

        return credentials(parts, app.environ, app.clock.now())
    return None
