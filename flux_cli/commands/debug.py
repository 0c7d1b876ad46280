"""``flux debug``: what a HelmRelease or a Kustomization really works with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.core.errors import UsageError
from flux_cli.kinds import named
from flux_cli.printers.yaml import dump
from flux_cli.services import debugging, values

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.common import From, Name
    from flux_cli.commands.flags.debug import ShowHistory, ShowStatus, ShowValues, ShowVars
    from flux_cli.core.app import App
    from flux_cli.core.objects import Object

_DOCS = "https://fluxcd.io/flux/components"
_PAGES = {
    "HelmRelease": "helm/helmreleases/#helmrelease-status",
    "Kustomization": "kustomize/kustomizations/#kustomization-status",
}


def declare(root: Group) -> None:
    verb = root.group("debug", "Show what a HelmRelease or a Kustomization really works with", flags=persistent)
    verb.leaf("helmrelease", helmrelease, aliases=("hr",), args="exact:1", complete="HelmRelease")
    verb.leaf("kustomization", kustomization, aliases=("ks",), args="exact:1", complete="Kustomization")


def persistent(app: App, from_: From = "") -> None:
    """Declares the flag that every ``debug`` has."""


def helmrelease(
    app: App, name: Name, show_status: ShowStatus = False, show_values: ShowValues = False, show_history: ShowHistory = False
) -> None:
    """Show the status, the merged values or the history of a HelmRelease

    One of --show-status, --show-values and --show-history says what.
    The values are those that Helm is given: valuesFrom in order, then values. They may hold secrets.

    Examples:
    # The status
    flux debug helmrelease podinfo --show-status

    # The values, from the release and from the ConfigMaps and Secrets it names
    flux debug hr podinfo --show-values
    """
    if show_status + show_values + show_history != 1:
        raise UsageError("exactly one of --show-status, --show-values, or --show-history must be set")
    obj = _get(app, "HelmRelease", name)
    if show_values:
        app.streams.out.write(dump(values.release_values(app.kube, obj)))
    else:
        _show(app, "HelmRelease", obj, show_status)


def kustomization(
    app: App, name: Name, show_status: ShowStatus = False, show_vars: ShowVars = False, show_history: ShowHistory = False
) -> None:
    """Show the status, the substitution variables or the history of a Kustomization

    One of --show-status, --show-vars and --show-history says what.
    The variables are those of the post-build substitution: substituteFrom in order, then substitute. They may hold secrets.

    Examples:
    # The status
    flux debug kustomization podinfo --show-status

    # The variables, into a file that flux envsubst or a shell can read
    flux debug ks podinfo --show-vars > vars.env
    """
    if show_status + show_vars + show_history != 1:
        raise UsageError("exactly one of --show-status, --show-vars, or --show-history must be set")
    obj = _get(app, "Kustomization", name)
    if show_vars:
        for key, value in sorted(values.post_build_vars(app.kube, obj).items()):
            app.streams.out.write(f"{key}={value}\n")
    else:
        _show(app, "Kustomization", obj, show_status)


def _get(app: App, kind: str, name: str) -> Object:
    return app.kube.get(named(kind).resource, app.settings.namespace, name)


def _show(app: App, kind: str, obj: Object, status: bool) -> None:
    page = f"{_DOCS}/{_PAGES[kind]}"
    if status:
        app.streams.out.write(f"# Status documentation: {page}\n{dump(debugging.status_of(named(kind), obj))}")
    else:
        history = page.partition("#")[0] + "#history"
        app.streams.out.write(f"# History documentation: {history}\n{dump(debugging.history_of(named(kind), obj))}")
