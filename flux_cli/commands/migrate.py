"""``flux migrate``: objects, or their manifests, to the API versions of a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands import undo
from flux_cli.commands.prompting import confirm
from flux_cli.core.errors import ConfigError, FluxError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags import migrate as flags
    from flux_cli.core.app import App
    from flux_cli.services import migrating_files

_DONE = "custom resources migrated successfully"


def declare(root: Group) -> None:
    root.leaf("migrate", run, args="none")


def run(
    app: App, path: flags.Path = "", extensions: flags.Extensions = (".yaml", ".yml"), version: flags.Version = "",
    yes: flags.Yes = False, dry_run: flags.DryRun = False, diff: flags.Diff = False,
) -> None:  # fmt: skip
    """Bring Flux objects to the latest API versions

    In the cluster every Flux object is stored anew in the present version of its API, so that CRDs of a release without the old
    versions can be installed. With --path manifests are changed instead: nothing but the version on the line where it stands.

    Examples:
    # The cluster, before an upgrade; first to look
    flux migrate --diff
    flux migrate

    # The manifests of a repository, first to look, then for real
    flux migrate -f . --diff
    flux migrate -f . --yes
    """
    if path:
        from flux_cli.services import migrating_files

        wanted = migrating_files.targets(version)
        app.log.action("starting migration of custom resources")
        upgrades = _upgrades(app, migrating_files.plan(path, extensions, wanted))
        if diff:
            app.streams.out.write("".join(migrating_files.changes(upgrades)))
        elif upgrades:
            _rewrite(app, upgrades, yes, dry_run)
        return
    from flux_cli.services.migrating import migrate

    app.log.action("starting migration of custom resources")
    try:
        cluster = app.kube
    except ConfigError as err:
        raise ConfigError(f"the Kubernetes client initialization failed: {err}", hint=err.hint) from err
    if diff:
        migrate(cluster, lambda line: app.log.success(f"{line} (server dry run)"), dry_run=True)
        return
    migrate(cluster, app.log.success)
    app.log.success(_DONE)


def _upgrades(app: App, found: Iterator[str | migrating_files.Upgrade]) -> list[migrating_files.Upgrade]:
    """What is to change, told with what is strange."""
    from flux_cli.services.migrating_files import Upgrade

    upgrades = []
    for entry in found:
        if isinstance(entry, Upgrade):
            app.log.generate(str(entry))
            upgrades.append(entry)
        else:
            app.log.warning(entry)
    if not upgrades:
        app.log.success("no custom resources found that require migration")
    return upgrades


def _rewrite(app: App, upgrades: list[migrating_files.Upgrade], yes: bool, dry_run: bool) -> None:
    from flux_cli.services.migrating_files import write

    if dry_run:
        app.log.success("dry-run mode enabled, no changes will be made")
        return
    if not yes:  # upstream ends with an empty message when the answer is no
        confirm(app, "Are you sure you want to proceed with the above upgrades", FluxError(""))
    done = []
    for file in write(upgrades):
        app.log.success(f"file {file} migrated successfully")
        done.append(file)
    app.log.success(_DONE)
    undo.note(app, lambda: [undo.by_git(done)])
