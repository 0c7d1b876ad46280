"""``flux bootstrap gitea``: a repository on Gitea or Forgejo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands.bootstrap import hosted
from flux_cli.commands.bootstrap.shared import Common, takes_common

if TYPE_CHECKING:
    from flux_cli.commands.flags import bootstrap as flags
    from flux_cli.core.app import App


@takes_common
def gitea(
    app: App, common: Common, owner: flags.Owner = "", repository: flags.Repository = "", team: flags.Team = (),
    personal: flags.Personal = False, private: flags.Private = True, interval: flags.Interval = 60.0,
    hostname: flags.Hostname = "gitea.com", path: flags.Path = "", read_write_key: flags.ReadWriteKey = False,
    reconcile: flags.Reconcile = False,
) -> None:  # fmt: skip
    """Bootstrap from a repository on Gitea

    Creates the repository where it does not exist, and gives the cluster a deploy key of its own.
    The token is read from GITEA_TOKEN; it needs write access to repositories.

    Examples:
    # A private repository of an organisation
    flux bootstrap gitea --hostname=git.example.com --owner=my-org --repository=fleet --path=clusters/prod

    # A public repository of your own, with the token instead of a deploy key
    flux bootstrap gitea --owner=me --repository=fleet --personal --private=false --token-auth --path=clusters/home
    """
    from flux_cli.providers.gitea import Gitea

    hosted.reject_reuse(common, "gitea")
    token = hosted.token(app, "GITEA_TOKEN", "Gitea")
    place = hosted.place_of(owner, repository, personal=personal, visibility="private" if private else "public")
    hosted.run(app, common, hosted.Site(
        Gitea, place, hostname, token, owner, teams=tuple(team),
        interval=interval, path=path, read_write_key=read_write_key, reconcile=reconcile, asks=False,
    ))  # fmt: skip
