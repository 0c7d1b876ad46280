"""``flux build``: what Flux would apply, from local files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from flux_cli.commands.artifact_access import IGNORED, checked, packable
from flux_cli.core.errors import FluxError

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.artifacts import BuildOutput, BuildPath, MoreIgnore, Symlinks
    from flux_cli.commands.flags.artifacts import Ignore as IgnoreArtifact
    from flux_cli.commands.flags.build import (
        Chart,
        DryRun,
        File,
        Ignore,
        InMemory,
        LocalSources,
        NoHooks,
        Path,
        Recursive,
        ReleaseFile,
        Strict,
    )
    from flux_cli.commands.flags.common import From, Name
    from flux_cli.core.app import App

_CANCELLED = "Build cancelled... exiting.\n"


def declare(root: Group) -> None:
    verb = root.group("build", "Build what Flux would apply")
    verb.leaf("kustomization", kustomization, aliases=("ks",), complete="objects:Kustomization")
    verb.leaf("artifact", artifact)
    verb.leaf("helmrelease", helmrelease, aliases=("hr",), complete="objects:HelmRelease")


def kustomization(
    app: App, name: Name = "", path: Path = "", kustomization_file: File = "", ignore_paths: Ignore = (),
    dry_run: DryRun = False, strict_substitute: Strict = False, recursive: Recursive = False,
    local_sources: LocalSources = {},  # noqa: B006
    in_memory_build: InMemory = False,
) -> None:  # fmt: skip
    """Build a Kustomization from local files

    Runs kustomize, the post-build substitution and what else the controller does, and prints the objects.
    What SOPS encrypted is masked. Your files are not written to.

    Examples:
    # With the Kustomization of the cluster
    flux build kustomization apps --path ./apps

    # Without a cluster
    flux build kustomization apps --path ./apps --kustomization-file ./clusters/prod/apps.yaml --dry-run

    # With the Kustomizations that it applies
    flux build ks flux-system --path ./clusters/prod --recursive --local-sources GitRepository/flux-system/flux-system=./
    """
    from flux_cli.core.goyaml import dump
    from flux_cli.services.building import build
    from flux_cli.services.building.plan import Plan

    if not name:
        raise FluxError("kustomization name is required")
    folder = checked_folder(path, absolute=True)
    if dry_run and not kustomization_file:
        raise FluxError("dry-run mode requires a kustomization file")
    if kustomization_file and not os.path.isfile(kustomization_file):
        raise FluxError(f'invalid kustomization file "{kustomization_file}"')
    plan = Plan(
        name, app.settings.namespace, folder, kustomization_file, tuple(ignore_paths), dry_run, strict_substitute, recursive,
        dict(local_sources), in_memory_build,
    )  # fmt: skip
    try:
        built = build(plan, lambda: app.kube, app.environ)
    except KeyboardInterrupt:
        app.streams.out.write(_CANCELLED)
        return
    for obj in built.objects:
        app.streams.out.write(f"{dump(obj)}---\n")


def checked_folder(path: str, *, absolute: bool) -> str:
    """The folder of ``--path``; the Go CLI names it absolute for ``build`` and as it was given for ``diff``."""
    full = os.path.abspath(path) if path else ""
    if not full or not os.path.isdir(full):
        raise FluxError(f'invalid resource path "{full if absolute else path}"')
    return full


def artifact(
    app: App, path: BuildPath = "", output: BuildOutput = "artifact.tgz", ignore_paths: IgnoreArtifact = IGNORED,
    add_ignore_paths: MoreIgnore = (), resolve_symlinks: Symlinks = False,
) -> None:  # fmt: skip
    """Pack files as an artifact, into a local file

    Examples:
    flux build artifact --path ./apps --output ./apps.tgz
    """
    from flux_cli.services import artifacts

    checked(path)
    with packable(app, path, resolve_symlinks) as packed:
        app.log.action(f"building artifact from {packed}")
        artifacts.build(packed, output, (*ignore_paths, *add_ignore_paths))
    app.log.success(f"artifact created at {output}")


def helmrelease(
    app: App, name: Name = "", path: Chart = "", helmrelease_file: ReleaseFile = "", local_sources: LocalSources = {},  # noqa: B006
    no_hooks: NoHooks = False, from_: From = "",
) -> None:  # fmt: skip
    """Render a HelmRelease: its chart with its values, post-renderers and labels

    Fetches the chart from where the release says, and runs helm. Values of Secrets are masked. Functions of charts that
    look at the cluster (lookup) find nothing, as with helm template.

    Examples:
    # As it is on the cluster
    flux build helmrelease podinfo -n apps

    # What a change to the release would render, with a chart on this machine
    flux build helmrelease podinfo -n apps --helmrelease-file ./podinfo.yaml --path ./charts/podinfo

    # Without a cluster
    flux build helmrelease podinfo -n apps --from ./clusters/prod
    """
    from flux_cli.core.goyaml import dump
    from flux_cli.services.charts import build
    from flux_cli.services.charts.plan import Plan
    from flux_cli.services.diffing.secrets import hidden
    from flux_cli.services.screening import Screen

    del from_  # a setting, like the kubeconfig
    if not name:
        raise FluxError("helmrelease name is required")
    plan = Plan(
        name,
        app.settings.namespace,
        helmrelease_file,
        path,
        dict(local_sources),
        not no_hooks,
        app.settings.timeout,
        tell=app.log.plain,
    )
    built = build(plan, lambda: app.kube, app.environ)
    screen = Screen(built.secrets)
    for obj in built.objects:
        shown = screen.object(hidden(obj) if obj.get("kind") == "Secret" else obj)
        app.streams.out.write(f"{dump(shown)}---\n")
