"""``flux diff``: what an apply of local files would change."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flux_cli.commands.artifact_access import IGNORED, access, checked, repository
from flux_cli.core.errors import FluxError, Silent

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.artifacts import Creds, DiffPath, Insecure, Provider, Url
    from flux_cli.commands.flags.artifacts import Ignore as IgnoreArtifact
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
    from flux_cli.services.building import Plan
    from flux_cli.services.diffing import Diff

_CANCELLED = "Build cancelled... exiting.\n"
_FOUND = "identified at least one change, exiting with non-zero exit code"


class Failed(FluxError):
    """Nothing could be compared, or not all of it: not the exit code that says *there are changes*."""

    exit_code = 2


def declare(root: Group) -> None:
    verb = root.group("diff", "Show what an apply would change")
    verb.leaf("kustomization", kustomization, aliases=("ks",), complete="objects:Kustomization")
    verb.leaf("artifact", artifact)


def kustomization(
    app: App, name: Name = "", path: Path = "", kustomization_file: File = "", progress_bar: ProgressBar = True,
    ignore_paths: Ignore = (), strict_substitute: Strict = False, recursive: Recursive = False,
    local_sources: LocalSources = {}, in_memory_build: InMemory = False, ignore_not_found: IgnoreNotFound = False,  # noqa: B006
) -> None:  # fmt: skip
    """Compare local files with what is on the cluster

    Builds the Kustomization, asks the API server for a dry run of every object, and prints what would change.
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
        with _working(app, progress_bar):
            found = _compared(app, plan)
    except KeyboardInterrupt:
        app.streams.out.write(_CANCELLED)
        return
    _tell(app, found)


@contextmanager
def _working(app: App, wanted: bool) -> Iterator[None]:
    """A line that says what is going on, for who looks at a terminal; it is gone afterwards."""
    shown = wanted and app.streams.tty
    if shown:
        app.streams.err.write("Kustomization diffing... running dry-run")
        app.streams.err.flush()
    try:
        yield
    finally:
        if shown:
            app.streams.err.write("\r\x1b[K")
            app.streams.err.flush()


def _compared(app: App, plan: Plan) -> Diff:
    from flux_cli.services.diffing import diff

    try:
        return diff(plan, lambda: app.kube, app.environ)
    except FluxError as err:
        raise Failed(str(err), hint=err.hint) from err


def _tell(app: App, found: Diff) -> None:
    """The report, then what went wrong or that there are changes."""
    from flux_cli.printers.diff import Report
    from flux_cli.services.diffing import aggregate

    app.streams.out.write(Report(color=app.streams.color, width=app.streams.width).text(found.changes))
    if found.errors:
        raise Failed(aggregate(found.errors), hint=next((err.hint for err in found.errors if err.hint), ""))
    if found.differs:
        app.streams.out.flush()
        app.log.warning(_FOUND)
        raise Silent(1)


def artifact(
    app: App, url: Url = "", path: DiffPath = "", creds: Creds = "", provider: Provider = "generic",
    ignore_paths: IgnoreArtifact = IGNORED, insecure_registry: Insecure = False,
) -> None:  # fmt: skip
    """Tell whether an artifact holds the same files as a folder

    Names, contents, modes and order count. The exit code is 1 where they differ.

    Examples:
    flux diff artifact oci://registry.example.com/apps:v1 --path ./apps
    """
    from flux_cli.services import artifacts

    if not url:
        raise FluxError("artifact URL is required")
    if not path:
        raise FluxError('invalid path ""')
    found = artifacts.reference(url)
    checked(path)
    with repository(app, found, access(app, creds, provider, insecure_registry)) as remote:
        if artifacts.differs(remote, path, ignore_paths):
            raise FluxError("the remote artifact contents differs from the local one")
    app.log.success("no changes detected")
