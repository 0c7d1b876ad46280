"""``flux list``: what a registry holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands.artifact_access import access, repository
from flux_cli.core.errors import FluxError

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.artifacts import Creds, Insecure, Provider, Regex, Semver, Url
    from flux_cli.core.app import App


def declare(root: Group) -> None:
    verb = root.group("list", "List what a registry holds")
    verb.leaf("artifacts", artifacts, aliases=("artifact",))


def artifacts(
    app: App, url: Url = "", filter_semver: Semver = "", filter_regex: Regex = "", creds: Creds = "",
    provider: Provider = "generic", insecure_registry: Insecure = False,
) -> None:  # fmt: skip
    """List the tags of a repository with their digest, source and revision

    Examples:
    # All of them
    flux list artifacts oci://registry.example.com/apps

    # Releases only
    flux list artifacts oci://registry.example.com/apps --filter-semver ">=1.0.0"
    """
    from flux_cli.printers.table import render
    from flux_cli.printers.width import measure
    from flux_cli.services import artifacts

    if not url:
        raise FluxError("artifact repository URL is required")
    found, way = artifacts.reference(url), access(app, creds, provider, insecure_registry)
    artifacts.refuse_tag(url)
    with repository(app, found, way) as remote:
        table = artifacts.listed(remote, filter_semver, filter_regex)
    app.streams.out.write(render(table, measure=measure(app.environ)))
