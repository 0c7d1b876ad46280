"""``flux bootstrap bitbucket-server``: a repository on Bitbucket Server or Data Center."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands.bootstrap import hosted
from flux_cli.commands.bootstrap.shared import Common, takes_common
from flux_cli.core.errors import UsageError

if TYPE_CHECKING:
    from flux_cli.commands.flags import bootstrap as flags
    from flux_cli.core.app import App


@takes_common
def bitbucket_server(
    app: App, common: Common, owner: flags.Owner = "", repository: flags.Repository = "", group: flags.Group = (),
    personal: flags.Personal = False, username: flags.Username = "git", private: flags.Private = True,
    interval: flags.Interval = 60.0, hostname: flags.Hostname = "", path: flags.Path = "",
    read_write_key: flags.ReadWriteKey = False, reconcile: flags.Reconcile = False,
) -> None:  # fmt: skip
    """Bootstrap from a repository on Bitbucket Server

    Creates the repository where it does not exist, and gives the cluster an access key of its own.
    The token is read from BITBUCKET_TOKEN; it needs the permissions project admin and repository admin.

    Examples:
    # A private repository of a project
    flux bootstrap bitbucket-server --hostname=git.example.com --owner=PROJ --username=me --repository=fleet --path=clusters/prod

    # A repository of your own, with the token instead of an access key
    flux bootstrap bitbucket-server --hostname=git.example.com --owner=me --repository=fleet --personal --token-auth
    """
    from flux_cli.providers.bitbucket import Bitbucket

    token = hosted.token(app, "BITBUCKET_TOKEN", "Bitbucket")
    if not hostname:
        raise UsageError('invalid hostname ""')
    place = hosted.place_of(owner, repository, personal=personal, visibility="private" if private else "public")
    user = owner if personal else username
    hosted.run(app, common, hosted.Site(
        Bitbucket, place, hostname, token, user, token_user=user, teams=tuple(group), team_permission="push",
        interval=interval, path=path, read_write_key=read_write_key, reconcile=reconcile,
    ))  # fmt: skip
