"""``flux install``: the controllers and their definitions onto a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.core.errors import FluxError
from flux_cli.services.manifests.options import DEFAULTS, REGISTRY

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.install import (
        ClusterDomain,
        Components,
        ComponentsExtra,
        Export,
        Force,
        ImagePullSecret,
        LogLevel,
        Manifests,
        NetworkPolicy,
        Plan,
        Registry,
        RegistryCreds,
        TolerationKeys,
        Version,
        WatchAllNamespaces,
    )
    from flux_cli.core.app import App
    from flux_cli.services.manifests import Options


def declare(root: Group) -> None:
    root.leaf("install", install, args="none")


def install(
    app: App, export: Export = False, version: Version = "", components: Components = DEFAULTS,
    components_extra: ComponentsExtra = (), manifests: Manifests = "", registry: Registry = REGISTRY,
    registry_creds: RegistryCreds = "", image_pull_secret: ImagePullSecret = "", watch_all_namespaces: WatchAllNamespaces = True,
    log_level: LogLevel = "info", network_policy: NetworkPolicy = True, cluster_domain: ClusterDomain = "cluster.local",
    toleration_keys: TolerationKeys = (), force: Force = False, plan: Plan = False,
) -> None:  # fmt: skip
    """Install or upgrade Flux

    Applies the manifests of a release, then waits until the controllers run. Running it again changes what differs and no more.
    The manifests come from the folder that FLUX_MANIFESTS or --manifests names; otherwise they are downloaded once and kept.

    Examples:
    # Install, or bring an installation to this version
    flux install

    # With the image automation controllers, and images from a mirror
    flux install --components-extra=image-reflector-controller,image-automation-controller --registry registry.example.com/fluxcd

    # The manifests, for a look or for another tool
    flux install --export > flux-system.yaml

    # What would be done
    flux install --plan
    """
    from flux_cli.services.manifests import Options, components_of, find, resolve_version
    from flux_cli.services.manifests.options import credentials_of

    chosen = components_of(components, components_extra)
    credentials = credentials_of(registry_creds, image_pull_secret)
    resolved = resolve_version(version, app.environ)
    options = Options(
        resolved, chosen, app.settings.namespace, registry, image_pull_secret, watch_all_namespaces, log_level, network_policy,
        cluster_domain, tuple(toleration_keys),
    )  # fmt: skip
    if not export:
        app.log.generate("generating manifests")
    try:
        from flux_cli.services.installing import rendered

        release = find(resolved, manifests, app.environ, app.log)
        content = rendered(release, options, app.environ)
    except FluxError as err:
        raise FluxError(f"install failed: {err}", hint=err.hint) from err
    if export:
        app.streams.out.write(content)
        return
    if app.settings.verbose:
        app.streams.out.write(content + "\n")
    app.log.success("manifests build completed")
    if plan:
        _show_plan(app, content, release.origin, options)
        return
    app.log.action(f"installing components in {options.namespace} namespace")
    _check_allowed(app, force)
    _install(app, content, options, credentials)


def _check_allowed(app: App, force: bool) -> None:
    """An installation that Git or another tool looks after is not ours to change unasked."""
    from flux_cli.commands.prompting import confirm_takeover
    from flux_cli.services.installing import installed

    found = installed(app.kube)
    if found and found.bootstrapped:
        raise FluxError(
            f"this cluster has already been bootstrapped with Flux {found.version}! Please use 'flux bootstrap' to upgrade"
        )
    if found and not force:
        confirm_takeover(app, found.version, found.manager, "installation cancelled")


def _install(app: App, content: str, options: Options, credentials: tuple[str, str] | None) -> None:
    from flux_cli.services import applying, installing
    from flux_cli.services.manifests.options import docker_config

    namespace = options.namespace
    try:
        objects = installing.parsed(content, "manifests")
        changes = applying.apply_staged(app.kube, app.clock, objects)
    except FluxError as err:
        raise FluxError(f"install failed: {err}", hint=err.hint) from err
    app.streams.out.write("".join(f"{change}\n" for change in changes) + "\n")
    app.streams.out.flush()
    if credentials:
        app.log.action(f"generating image pull secret {options.image_pull_secret}")
        config = docker_config(options.registry, *credentials, indent=2)
        installing.upsert_secret(app.kube, installing.pull_secret(namespace, options.image_pull_secret, config))
    app.log.waiting("verifying installation")
    try:
        installing.check_components(app.kube, app.clock, app.log, namespace, options.components, app.settings.timeout)
    except FluxError as err:
        raise FluxError("install failed", hint=err.hint) from err
    app.log.success("install finished")


def _show_plan(app: App, content: str, origin: str, options: Options) -> None:
    from flux_cli.services import applying, installing

    write = app.streams.out.write
    write(f"Manifests: Flux {options.version} from {origin}\n")
    write(f"Cluster: {app.kube.server}\n")
    found = installing.installed(app.kube)
    write(f"Installed there: {f'Flux {found.version}' if found else 'nothing'}\n")
    write(f"Apply, as field manager {applying.MANAGER}:\n")
    for change in applying.preview(app.kube, installing.parsed(content, "manifests")):
        write(f"  {change}\n")
    write(f"Wait until these run in namespace {options.namespace}: {', '.join(sorted(set(options.components)))}\n")
    write("Nothing was changed.\n")
