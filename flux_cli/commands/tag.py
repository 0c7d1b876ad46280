"""``flux tag``: further names for what is in a registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands.artifact_access import access, repository
from flux_cli.core.errors import FluxError

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.artifacts import Creds, Provider, Tags, Url
    from flux_cli.core.app import App


def declare(root: Group) -> None:
    verb = root.group("tag", "Tag in a registry")
    verb.leaf("artifact", artifact)


def artifact(app: App, url: Url = "", tag: Tags = (), creds: Creds = "", provider: Provider = "generic") -> None:
    """Give an artifact further tags

    Nothing is uploaded: the registry lists the same content under the new tags, too.

    Examples:
    flux tag artifact oci://registry.example.com/apps:v1 --tag latest --tag production
    """
    from flux_cli.services import artifacts

    if not url:
        raise FluxError("artifact name is required")
    if not tag:
        raise FluxError("--tag is required")
    found = artifacts.reference(url)
    with repository(app, found, access(app, creds, provider)) as remote:
        app.log.action("tagging artifact")
        artifacts.tag(remote, tag, lambda made: app.log.success(f"artifact tagged as {made}"))
