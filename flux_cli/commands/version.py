"""``flux version``: of this program and of what runs in the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.core import __version__
from flux_cli.core.errors import UsageError

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.common import From
    from flux_cli.commands.flags.reading import Client, VersionOutput
    from flux_cli.core.app import App


def declare(root: Group) -> None:
    root.leaf("version", version, flags=offline)


def offline(app: App, from_: From = "") -> None:
    """Declares that files may be read instead of a cluster."""


def version(app: App, client: Client = False, output: VersionOutput = "yaml") -> None:
    """Print the version of flux and of the components in the cluster

    Examples:
    # Of this program alone
    flux version --client

    # As JSON
    flux version -o json
    """
    if output not in ("yaml", "json"):
        raise UsageError(f"--output must be json or yaml, not {output}")
    head = {"flux": f"v{__version__}"}
    tags: dict[str, str] = {}
    if not client:
        from flux_cli.services.versions import installed

        distribution, tags, pretends = installed(app.kube, app.settings.namespace)
        head |= {key: value for key, value in (("distribution", distribution), ("cluster", pretends)) if value}
    if output == "json":
        from flux_cli.printers import json

        app.streams.out.write(json.html_safe(json.dump(dict(sorted({**head, **tags}.items())))))
    else:
        from flux_cli.printers import yaml

        app.streams.out.write("".join(yaml.dump({key: value}) for key, value in [*head.items(), *sorted(tags.items())]))
