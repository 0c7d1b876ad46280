"""``flux tree``: everything that a Kustomization or an ArtifactGenerator made."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.common import GivenName, Name
    from flux_cli.commands.flags.tree import Compact, Health, Output
    from flux_cli.core.app import App
    from flux_cli.core.view import Tree


def declare(root: Group) -> None:
    from flux_cli.commands.flags.common import reading

    verb = root.group(
        "tree", "Show what Flux made out of an object", example="# All that this Kustomization applied\nflux tree ks apps"
    )
    verb.leaf("kustomization", kustomization, aliases=("ks",), complete="objects:Kustomization", flags=reading)
    artifacts = verb.group(
        "artifact",
        "Show what was made out of an artifact object",
        example="# The artifacts of a generator\nflux tree artifact generator apps",
    )
    artifacts.leaf("generator", generator, args="exact:1", complete="objects:ArtifactGenerator", flags=reading)


def kustomization(
    app: App, name: GivenName = None, compact: Compact = False, output: Output = "", health: Health = False
) -> None:
    """Show what a Kustomization applied, as a tree

    Goes through the inventory of the Kustomization, and on into the Kustomizations and HelmReleases in it.

    Examples:
      # All that the root Kustomization made
      flux tree kustomization flux-system

      # Flux objects only
      flux tree kustomization flux-system --compact

      # With the state of every object
      flux tree kustomization flux-system --health
    """
    from flux_cli.core.errors import FluxError, UsageError
    from flux_cli.services import inventory

    if name is None:
        raise UsageError("kustomization name is required")
    unread: list[FluxError] = []
    _print(app, inventory.kustomization(app.kube, app.settings.namespace, name, unread, compact=compact), output, health)
    if unread:
        first, *others = sorted(map(str, unread))
        raise FluxError(first, hint="\n".join(others))


def generator(app: App, name: Name, output: Output = "", health: Health = False) -> None:
    """Show the artifacts that an ArtifactGenerator made, as a tree

    Examples:
      # The artifacts of a generator
      flux tree artifact generator apps

      # For a program
      flux tree artifact generator apps -o json
    """
    from flux_cli.services import inventory

    _print(app, inventory.artifact_generator(app.kube, app.settings.namespace, name), output, health)


def _print(app: App, tree: Tree, output: str, health: bool) -> None:
    from flux_cli.printers.tree import as_json, as_yaml, text
    from flux_cli.services.inventory import with_health

    shown = with_health(app.kube, tree) if health else tree
    app.streams.out.write({"json": as_json, "yaml": as_yaml}.get(output, text)(shown))
