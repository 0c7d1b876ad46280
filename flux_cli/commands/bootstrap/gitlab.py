"""``flux bootstrap gitlab``: a repository on GitLab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands.bootstrap import hosted
from flux_cli.commands.bootstrap.shared import Common, takes_common
from flux_cli.core.errors import UsageError

if TYPE_CHECKING:
    from flux_cli.commands.flags import bootstrap as flags
    from flux_cli.core.app import App


@takes_common
def gitlab(
    app: App, common: Common, owner: flags.Owner = "", repository: flags.Repository = "", team: flags.Team = (),
    personal: flags.Personal = False, private: flags.PrivateOld = True, visibility: flags.Visibility = "private",
    interval: flags.Interval = 60.0, hostname: flags.Hostname = "gitlab.com", path: flags.Path = "",
    read_write_key: flags.ReadWriteKey = False, reconcile: flags.Reconcile = False,
    deploy_token_auth: flags.DeployTokenAuth = False,
) -> None:  # fmt: skip
    """Bootstrap from a project on GitLab

    Creates the project where it does not exist, and gives the cluster a deploy key or token of its own.
    The token is read from GITLAB_TOKEN; it needs the scope api.

    Examples:
    # A private project of a group
    flux bootstrap gitlab --owner=my-group/platform --repository=fleet --path=clusters/prod

    # With a deploy token of the project, over HTTPS
    flux bootstrap gitlab --owner=my-group --repository=fleet --deploy-token-auth --path=clusters/prod

    # On a server of your own, with your own SSH key
    flux bootstrap gitlab --hostname=git.example.com --owner=my-group --repository=fleet --private-key-file=./id_ed25519
    """
    from flux_cli.providers.gitlab import GitLab

    token = hosted.token(app, "GITLAB_TOKEN", "GitLab")
    _check_name(repository)
    if common.token_auth and deploy_token_auth:
        raise UsageError("--token-auth and --deploy-token-auth cannot be set both.")
    if not private:
        visibility = "public"
        app.streams.out.write("Using visibility public as --private=false\n")
    place = hosted.place_of(owner, repository, personal=personal, visibility=visibility)
    hosted.run(app, common, hosted.Site(
        GitLab, place, hostname, token, owner, teams=tuple(team),
        interval=interval, path=path, read_write_key=read_write_key, reconcile=reconcile, deploy_token=deploy_token_auth,
        keeps_key=True,
    ))  # fmt: skip


def _check_name(name: str) -> None:
    """GitLab's rule for the name of a project."""
    first = name[:1].isalnum() or name[:1] == "_" or _is_emoji(name[:1])
    if not first or not all(char.isalnum() or char in "_-." or _is_emoji(char) for char in name):
        raise UsageError(
            f"{name} is an invalid project name for gitlab.\n"
            "It can contain only letters, digits, emojis, '_', '.', dash, space. It must start with letter, digit, emoji or '_'."
        )


def _is_emoji(char: str) -> bool:
    return any(start <= char <= end for start, end in (("\u00a9", "\u00a9"), ("\u203c", "\u32ff"), ("\U0001f000", "\U0001faff")))
