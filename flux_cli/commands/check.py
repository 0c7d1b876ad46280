"""``flux check``: is the cluster fit for Flux, and is Flux healthy in it?"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from flux_cli.core.errors import ConfigError, FluxError, Silent, UsageError
from flux_cli.printers import progress
from flux_cli.services import checking

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.common import From
    from flux_cli.commands.flags.reading import Components, ComponentsExtra, Document, PollInterval, Pre
    from flux_cli.core.api import Cluster
    from flux_cli.core.app import App

API_VERSION = "output.flux-cli.dev/v1"
COMPONENTS = ("source-controller", "kustomize-controller", "helm-controller", "notification-controller")


def declare(root: Group) -> None:
    root.leaf("check", check, args="none", flags=unused)


def unused(
    app: App, components: Components = COMPONENTS, components_extra: ComponentsExtra = (), from_: From = ""
) -> None:  # fmt: skip
    """Declares flags that need no parameter: files instead of a cluster, and what the Go CLI takes and ignores as well."""


def check(
    app: App, pre: Pre = False, poll_interval: PollInterval = 5.0, output: Document = "",
) -> None:  # fmt: skip
    """Check that the cluster is fit for Flux and that Flux is healthy

    Looks at the version of Kubernetes, at the controllers of the namespace and at the CRDs. Exit code 1 where something is wrong.

    Examples:
    # Before Flux is installed
    flux check --pre

    # Afterwards
    flux check
    """
    if output not in ("", "json", "yaml"):
        raise UsageError(f"--output must be json or yaml, not {output}")
    try:
        cluster = app.kube
    except ConfigError as err:
        raise ConfigError(
            f"Kubernetes client initialization failed: kubernetes configuration load failed: {err}", hint=err.hint
        ) from err
    found: list[checking.Finding] = []
    _look(
        app,
        cluster,
        pre,
        checking.Terms(app.settings.namespace, app.settings.timeout, poll_interval, app.clock.sleep, progress.explains(app)),
        output,
        found,
    )
    healthy = all(finding.ok for finding in found)
    if output:
        app.streams.out.write(_document(found, healthy, output))
        if not healthy:
            raise Silent(1)
    elif pre:
        if not healthy:
            raise Silent(1)
        app.log.success("prerequisites checks passed")
    elif not healthy:
        raise FluxError("check failed")
    else:
        app.log.success("all checks passed")


def _look(app: App, cluster: Cluster, pre: bool, terms: checking.Terms, output: str, found: list[checking.Finding]) -> None:
    """All checks; told as they are made, but where a document was asked for."""
    parts = [checking.prerequisites(cluster)] + ([] if pre else [checking.installation(cluster, terms)])
    for part in parts:
        steps = checking.collected(part, found)
        if output:
            deque(steps, maxlen=0)
        else:
            progress.tell(app, steps)


def _document(found: list[checking.Finding], healthy: bool, output: str) -> str:
    value = {"apiVersion": API_VERSION, "kind": "CheckReport", "healthy": healthy, "checks": [f._asdict() for f in found]}
    if output == "yaml":
        from flux_cli.printers import yaml

        return yaml.dump(value)
    from flux_cli.printers import json

    return json.dump(value)
