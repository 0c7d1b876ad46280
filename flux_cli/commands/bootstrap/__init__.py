"""``flux bootstrap``: Flux onto a cluster, and the cluster under the control of a Git repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands.bootstrap.bitbucket_server import bitbucket_server
from flux_cli.commands.bootstrap.git import git
from flux_cli.commands.bootstrap.gitea import gitea
from flux_cli.commands.bootstrap.github import github
from flux_cli.commands.bootstrap.gitlab import gitlab
from flux_cli.commands.bootstrap.shared import persistent

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group

LONG = """Puts Flux' manifests into a Git repository, installs them, and has the cluster follow the repository from then on.
Run again it changes what differs and no more; a run that was cut off is completed by the next one."""


def declare(root: Group) -> None:
    verb = root.group("bootstrap", "Install Flux and have the cluster follow a Git repository", flags=persistent, long=LONG)
    verb.leaf("git", git)
    verb.leaf("github", github)
    verb.leaf("gitlab", gitlab)
    verb.leaf("gitea", gitea)
    verb.leaf("bitbucket-server", bitbucket_server)
