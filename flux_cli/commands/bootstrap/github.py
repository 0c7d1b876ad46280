"""``flux bootstrap github``: a repository on GitHub or GitHub Enterprise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands.bootstrap import hosted
from flux_cli.commands.bootstrap.shared import Common, takes_common

if TYPE_CHECKING:
    from flux_cli.commands.flags import bootstrap as flags
    from flux_cli.core.app import App


@takes_common
def github(
    app: App, common: Common, owner: flags.Owner = "", repository: flags.Repository = "", team: flags.Team = (),
    personal: flags.Personal = False, private: flags.Private = True, interval: flags.Interval = 60.0,
    hostname: flags.Hostname = "github.com", path: flags.Path = "", read_write_key: flags.ReadWriteKey = False,
    reconcile: flags.Reconcile = False,
) -> None:  # fmt: skip
    """Bootstrap from a repository on GitHub

    Creates the repository where it does not exist, and gives the cluster a deploy key of its own.
    The token is read from GITHUB_TOKEN; it needs the scope repo.

    Examples:
    # A private repository of an organisation, with a team
    flux bootstrap github --owner=my-org --repository=fleet --team=platform --path=clusters/prod

    # A repository of your own
    flux bootstrap github --owner=me --repository=fleet --personal --path=clusters/home

    # With the token instead of a deploy key, on GitHub Enterprise
    flux bootstrap github --hostname=git.example.com --owner=my-org --repository=fleet --token-auth --path=clusters/prod
    """
    from flux_cli.providers.github import GitHub

    hosted.reject_reuse(common, "github")
    token = hosted.token(app, "GITHUB_TOKEN", "GitHub")
    place = hosted.place_of(owner, repository, personal=personal, visibility="private" if private else "public")
    hosted.run(app, common, hosted.Site(
        GitHub, place, hostname, token, owner, teams=tuple(team),
        interval=interval, path=path, read_write_key=read_write_key, reconcile=reconcile,
    ))  # fmt: skip
