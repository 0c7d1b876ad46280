"""``flux diff``: what an apply of local files would change."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from flux_cli.core.errors import FluxError, Silent

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.build import (
        File,
        Ignore,
        IgnoreNotFound,
        InMemory,
        LocalSources,
        Path,
        ProgressBar,
        Recursive,
        Strict,
    )  # fmt: skip
    from flux_cli.commands.flags.common import Name
    from flux_cli.core.app import App

_CANCELLED = "Build cancelled... exiting.\n"
_FOUND = "identified at least one change, exiting with non-zero exit code"


class Failed(FluxError):
    """Nothing could be compared, or not all of it: not the exit code that says *there are changes*."""

    exit_code = 2


def declare(root: Group) -> None:
    verb = root.group("diff", "Show what an apply would change")
    verb.leaf("kustomization", kustomization, aliases=("ks",), complete="objects:Kustomization")


def kustomization(
    app: App, name: Name = "", path: Path = "", kustomization_file: File = "", progress_bar: ProgressBar = True,
    ignore_paths: Ignore = (), strict_substitute: Strict = False, recursive: Recursive = False,
    local_sources: LocalSources = {}, in_memory_build: InMemory = False, ignore_not_found: IgnoreNotFound = False,  # noqa: B006
) -> None:  # fmt: skip
    """Compare local files with what is on the cluster

    Builds the Kustomization, asks the API server for a dry run of every object, and prints what would be created, changed and deleted.
    Values of Secrets are masked. The exit code is 0 without changes, 1 with changes, 2 when something went wrong.

    Examples:
    # What would a merge change?
    flux diff kustomization apps --path ./apps

    # A Kustomization that is not on the cluster yet
    flux diff kustomization apps --path ./apps --kustomization-file ./clusters/prod/apps.yaml --ignore-not-found

    # Everything below the root
    flux diff ks flux-system --path ./clusters/prod --recursive --local-sources GitRepository/flux-system/flux-system=./
    """
    from flux_cli.services.building import Plan

    if not name:
        raise FluxError("kustomization name is required")
    if not path or not os.path.isdir(path):
        raise Failed(f'invalid resource path "{path}"')
    if kustomization_file and not os.path.isfile(kustomization_file):
        raise FluxError(f'invalid kustomization file "{kustomization_file}"')
    if ignore_not_found and not kustomization_file:
        raise Failed("kustomization file is required when assuming new kustomizations")
    plan = Plan(
        name, app.settings.namespace, os.path.abspath(path), kustomization_file, tuple(ignore_paths), False, strict_substitute,
        recursive, dict(local_sources), in_memory_build, ignore_not_found,
    )  # fmt: skip
    try:
        _run(app, plan)
    except KeyboardInterrupt:
        app.streams.out.write(_CANCELLED)


def _run(app: App, plan: object) -> None:
    from flux_cli.printers.diff import Report
    from flux_cli.services.building import Plan
    from flux_cli.services.diffing import aggregate, diff

    assert isinstance(plan, Plan)
    try:
        found = diff(plan, lambda: app.kube, app.environ)
    except FluxError as err:
        raise Failed(str(err), hint=err.hint) from err
    app.streams.out.write(Report(color=app.streams.color, width=app.streams.width).text(found.changes))
    if found.errors:
        raise Failed(aggregate(found.errors), hint=next((err.hint for err in found.errors if err.hint), ""))
    if found.differs:
        app.streams.out.flush()
        app.log.warning(_FOUND)
        raise Silent(1)
