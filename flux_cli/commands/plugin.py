"""``flux plugin``: programs that add commands."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.plugin import Installed, OneOrAll, Query, Wanted
    from flux_cli.core.app import App

_NONE = "No plugins found\n"


def declare(root: Group) -> None:
    verb = root.group("plugin", "Install and remove programs that add commands", checks_namespace=False)
    verb.leaf("install", install, args="exact:1")
    verb.leaf("list", list_, aliases=("ls",), args="none")
    verb.leaf("search", search, args="max:1")
    verb.leaf("uninstall", uninstall, aliases=("delete",), args="exact:1", complete="plugins")
    verb.leaf("update", update, aliases=("upgrade",), args="max:1", complete="plugins")


def install(app: App, wanted: Wanted) -> None:
    """Install a plugin from the catalog

    What is downloaded is checked against the catalog's checksum. FLUXCD_PLUGINS names another folder for plugins,
    FLUXCD_PLUGIN_CATALOG another catalog.

    Examples:
    # The newest version
    flux plugin install operator

    # This version
    flux plugin install operator@0.45.0
    """
    from flux_cli.services import plugins

    made = plugins.install(wanted, app.environ, app.settings.timeout)
    app.log.success(f"installed {made.name} v{made.version}")


def list_(app: App) -> None:
    """List the installed plugins

    Examples:
    # Names, versions and where they are
    flux plugin list
    """
    from flux_cli.core.view import Table
    from flux_cli.printers.table import render
    from flux_cli.printers.width import measure
    from flux_cli.services import plugins

    found = plugins.installed(app.environ, _taken())
    rows: list[tuple[str, ...]] = [(plugin.name, plugin.version or plugins.MANUAL, plugin.path) for plugin in found]
    app.streams.out.write(render(Table(("Name", "Version", "Path"), rows), measure=measure(app.environ)) if rows else _NONE)


def search(app: App, query: Query = "") -> None:
    """Search the catalog

    Examples:
    # Everything
    flux plugin search

    # What has to do with this word
    flux plugin search mcp
    """
    from flux_cli.core.view import Table
    from flux_cli.printers.table import render
    from flux_cli.printers.width import measure
    from flux_cli.services import plugins

    found: list[tuple[str, ...]] = [*plugins.search(query, app.environ, app.settings.timeout)]
    if not found:
        matching = f' matching "{query.lower()}"' if query else ""
        app.streams.out.write(f"No plugins{matching} found in catalog\n")
        return
    app.streams.out.write(render(Table(("Name", "Description", "Installed"), found), measure=measure(app.environ)))


def uninstall(app: App, name: Installed) -> None:
    """Remove a plugin

    Examples:
    flux plugin uninstall operator
    """
    from flux_cli.services import plugins

    plugins.uninstall(name, app.environ)
    app.log.success(f"uninstalled {name}")


def update(app: App, name: OneOrAll = "") -> None:
    """Bring plugins to their newest version

    Examples:
    # All that came from the catalog
    flux plugin update

    # One
    flux plugin update operator
    """
    from flux_cli.services import plugins

    def tell(one: plugins.Updated) -> None:
        getattr(app.log, one.sign)(one.text)

    if not plugins.update(name, app.environ, _taken(), app.settings.timeout, tell):
        app.streams.out.write(_NONE)


def _taken() -> Container[str]:
    """The names of our own commands: no plugin takes their place."""
    from flux_cli.commands._dialect.loading import load

    return load().node("").children
