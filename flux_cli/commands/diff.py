"""``flux diff``: what an apply of local files would change."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flux_cli.commands.artifact_access import IGNORED, access, checked, repository
from flux_cli.core.errors import FluxError, Silent, UsageError
from flux_cli.core.text import go_quote

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.artifacts import Creds, DiffPath, Insecure, MoreIgnore, Provider, Url
    from flux_cli.commands.flags.artifacts import Ignore as IgnoreArtifact
    from flux_cli.commands.flags.build import (
        Chart,
        DiffForm,
        File,
        Ignore,
        IgnoreNotFound,
        InMemory,
        LocalSources,
        Mode,
        Path,
        ProgressBar,
        Recursive,
        ReleaseFile,
        Strict,
        WithReleases,
    )  # fmt: skip
    from flux_cli.commands.flags.common import From, Name
    from flux_cli.core.app import App
    from flux_cli.services.diffing import Compare, Diff, Follow

_CANCELLED = "Build cancelled... exiting.\n"
_FORMS = ("unified", "markdown", "json", "html", "external")
_FOUND = "identified at least one change, exiting with non-zero exit code"


class Failed(FluxError):
    """Nothing could be compared, or not all of it: not the exit code that says *there are changes*."""

    exit_code = 2


def declare(root: Group) -> None:
    verb = root.group("diff", "Show what an apply would change")
    verb.leaf("kustomization", kustomization, aliases=("ks",), complete="objects:Kustomization")
    verb.leaf("artifact", artifact)
    verb.leaf("helmrelease", helmrelease, aliases=("hr",), complete="objects:HelmRelease")


def kustomization(
    app: App, name: Name = "", path: Path = "", kustomization_file: File = "", progress_bar: ProgressBar = True,
    ignore_paths: Ignore = (), strict_substitute: Strict = False, recursive: Recursive = False,
    local_sources: LocalSources = {}, in_memory_build: InMemory = False, ignore_not_found: IgnoreNotFound = False,  # noqa: B006
    output: DiffForm = "", mode: Mode = "server", helm_releases: WithReleases = False,
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
    from flux_cli.services.building.plan import Plan
    from flux_cli.services.diffing import diff

    checked_form(output, mode)
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
            follow = _follower(app, mode, plan.local_sources) if helm_releases else None
            found = _compared(lambda: diff(plan, lambda: app.kube, app.environ, comparison(mode), follow))
    except KeyboardInterrupt:
        app.streams.out.write(_CANCELLED)
        return
    _tell(app, found, output, mode)


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


def _follower(app: App, mode: str, local_sources: Mapping[str, str]) -> Follow:
    from flux_cli.services.diffing.releases import follower

    return follower(lambda: app.kube, app.environ, comparison(mode), local_sources, app.settings.timeout, app.log.plain)


def _compared(compare: Callable[[], Diff]) -> Diff:
    try:
        return compare()
    except FluxError as err:
        raise Failed(str(err), hint=err.hint) from err


def checked_form(output: str, mode: str) -> None:
    if output not in ("", *_FORMS):
        raise UsageError(f"unknown output form {go_quote(output)}, must be one of: {', '.join(_FORMS)}")
    if mode not in ("server", "client"):
        raise UsageError(f"unknown mode {go_quote(mode)}, must be one of: server, client")


def comparison(mode: str) -> Compare:
    """How objects are compared: by the server's dry run, or here."""
    if mode == "client":
        from flux_cli.services.diffing.client import computed

        return computed
    from flux_cli.services.diffing.server import dry_runs

    return dry_runs


def _tell(app: App, found: Diff, output: str, mode: str) -> None:
    """The report, then what went wrong or that there are changes."""
    from flux_cli.services.diffing import aggregate

    app.streams.out.write(_report(app, found, output))
    app.streams.out.flush()
    if mode == "client":
        from flux_cli.services.diffing.client import NOTE

        app.log.plain(NOTE)
    if found.errors:
        raise Failed(aggregate(found.errors), hint=next((err.hint for err in found.errors if err.hint), ""))
    if found.differs:
        app.log.warning(_FOUND)
        raise Silent(1)


def _report(app: App, found: Diff, output: str) -> str:
    if output == "external":
        from flux_cli.core.text import clean
        from flux_cli.services.diffing.external import external

        return clean(external(found.changes, app.environ))
    if output:
        from flux_cli.printers.diff_forms import render

        return render(output, found.changes, [str(err) for err in found.errors], color=app.streams.color)
    from flux_cli.printers.diff import Report

    return Report(color=app.streams.color, width=app.streams.width).text(found.changes)


def helmrelease(
    app: App, name: Name = "", path: Chart = "", helmrelease_file: ReleaseFile = "", local_sources: LocalSources = {},  # noqa: B006
    output: DiffForm = "", mode: Mode = "server", progress_bar: ProgressBar = True, from_: From = "",
) -> None:  # fmt: skip
    """Compare a HelmRelease's chart and values with what is on the cluster

    Renders the chart with helm, asks the API server for a dry run of every object, and prints what would be created, changed and
    deleted. Hooks are left out. The exit code is 0 without changes, 1 with changes, 2 when something went wrong.

    Examples:
    # What would this change of the release do?
    flux diff helmrelease podinfo -n apps --helmrelease-file ./podinfo.yaml

    # And this change of the chart?
    flux diff helmrelease podinfo -n apps --path ./charts/podinfo
    """
    from flux_cli.services.charts.plan import Plan
    from flux_cli.services.diffing.releases import diff

    del from_  # a setting, like the kubeconfig
    checked_form(output, mode)
    if not name:
        raise FluxError("helmrelease name is required")
    plan = Plan(
        name, app.settings.namespace, helmrelease_file, path, dict(local_sources), False, app.settings.timeout, tell=app.log.plain
    )
    with _working(app, progress_bar):
        found = _compared(lambda: diff(plan, lambda: app.kube, app.environ, comparison(mode)))
    _tell(app, found, output, mode)


def artifact(
    app: App, url: Url = "", path: DiffPath = "", creds: Creds = "", provider: Provider = "generic",
    ignore_paths: IgnoreArtifact = IGNORED, add_ignore_paths: MoreIgnore = (), insecure_registry: Insecure = False,
) -> None:  # fmt: skip
    """Tell whether an artifact holds the same files as a folder

    Names, contents, modes and order count. The exit code is 1 where they differ, and where something went wrong.

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
        if artifacts.differs(remote, path, (*ignore_paths, *add_ignore_paths)):
            raise FluxError("the remote artifact contents differs from the local one")
    app.log.success("no changes detected")
