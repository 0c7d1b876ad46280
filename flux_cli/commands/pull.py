"""``flux pull``: from a registry into a folder."""

from __future__ import annotations

import os
import pathlib
from typing import TYPE_CHECKING

from flux_cli.commands.artifact_access import access, repository
from flux_cli.core.errors import FluxError

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.artifacts import Creds, Insecure, Provider, PullOutput, Url
    from flux_cli.core.app import App


def declare(root: Group) -> None:
    verb = root.group("pull", "Pull from a registry")
    verb.leaf("artifact", artifact)


def artifact(
    app: App, url: Url = "", output: PullOutput = "", creds: Creds = "", provider: Provider = "generic",
    insecure_registry: Insecure = False,
) -> None:  # fmt: skip
    """Pull an artifact from a registry and unpack it

    What is downloaded is checked against its digest. Nothing is written outside of the folder.

    Examples:
    flux pull artifact oci://registry.example.com/apps:v1 --output ./apps
    """
    from flux_cli.services import artifacts

    if not url:
        raise FluxError("artifact URL is required")
    if not output:
        raise FluxError("output path cannot be empty")
    if not os.path.exists(output):
        raise FluxError(f'invalid output path "{output}": stat {output}: no such file or directory')
    if not os.path.isdir(output):
        raise FluxError(f'invalid output path "{output}": %!w(<nil>)')  # a slip of the Go CLI that scripts may have seen
    found = artifacts.reference(url)
    with repository(app, found, access(app, creds, provider, insecure_registry)) as remote:
        app.log.action(f"pulling artifact from {url.removeprefix('oci://')}")
        pulled = artifacts.pull(remote, pathlib.Path(output))
    if pulled.source:
        app.log.success(f"source {pulled.source}")
    if pulled.revision:
        app.log.success(f"revision {pulled.revision}")
    app.log.success(f"digest {found.name}@{pulled.digest}")
    app.log.success(f"artifact content extracted to {output}")
