"""Bootstrap: put Flux' manifests into a Git repository, install them, and have the cluster follow the repository.

Each step looks at what is there and changes what differs, so that a run which was cut off is completed by the next one.
"""

import posixpath

from flux_cli import kinds
from flux_cli.core.errors import FluxError, NoMatch, NotFound
from flux_cli.core.objects import text
from flux_cli.git.access import shown
from flux_cli.git.checkout import Checkout
from flux_cli.services import applying, installing
from flux_cli.services.bootstrapping import files, health, secret
from flux_cli.services.bootstrapping.repository import Repository
from flux_cli.services.bootstrapping.secret import Publish
from flux_cli.services.bootstrapping.wish import SecretWish, Wish, World
from flux_cli.services.manifests.options import docker_config

__all__ = ["Publish", "SecretWish", "Wish", "World", "run"]


def run(wish: Wish, secret_wish: SecretWish, world: World, publish: Publish) -> None:
    """The whole bootstrap of a repository that exists. Raises FluxError in the Go CLI's words."""
    world.log.action(f'cloning branch "{wish.branch}" from Git repository "{shown(wish.url)}"')
    repository = Repository(wish, world)
    world.log.success("cloned repository")
    check_path(wish, world)
    _components(wish, world, repository)
    secret.reconcile(wish, secret_wish, world, publish)
    _sync(wish, world, repository)
    health.check(wish, world, f"{wish.branch}@sha1:{repository.checkout.head}")


def _components(wish: Wish, world: World, repository: Repository) -> None:
    log, namespace = world.log, wish.namespace
    log.action("generating component manifests")
    try:
        content = installing.rendered(wish.release, wish.options, world.environ).encode()
    except FluxError as err:
        raise FluxError(f"component manifest generation failed: {err}", hint=err.hint) from err
    log.success("generated component manifests")
    path = f"{wish.folder}/{files.COMPONENTS}"
    repository.record(
        "component",
        f"Add Flux {wish.options.version} component manifests",
        "failed to push manifests",
        lambda checkout: checkout.write(path, content),
    )
    if _must_install(wish, world):
        log.action(f'installing components in "{namespace}" namespace')
        if files.kustomization_path(repository.checkout, wish.folder):
            objects = files.build(repository.checkout, wish.folder, world.environ)
        else:
            objects = installing.parsed(content.decode(), path)
        applying.apply_staged(world.cluster, world.clock, objects)
        log.success("installed components")
    if wish.pull_credentials:
        _pull_secret(wish, world, *wish.pull_credentials)
    log.success("reconciled components")


def _must_install(wish: Wish, world: World) -> bool:
    """Flux applies its own manifests once it has done so at least one time."""
    try:
        found = world.cluster.get(kinds.named("Kustomization").resource, wish.namespace, wish.namespace)
    except FluxError:
        return True
    return not text(found, "status.lastAppliedRevision")


def _pull_secret(wish: Wish, world: World, user: str, password: str) -> None:
    name = wish.options.image_pull_secret
    config = docker_config(wish.options.registry, user, password)
    try:
        installing.upsert_secret(world.cluster, installing.pull_secret(wish.namespace, name, config))
    except FluxError as err:
        raise FluxError(f"failed to reconcile image pull secret: {err}", hint=err.hint) from err
    world.log.success(f"reconciled image pull secret {name}")


def _sync(wish: Wish, world: World, repository: Repository) -> None:
    log = world.log
    log.action("generating sync manifests")
    content = files.sync_text(wish).encode()
    log.success("generated sync manifests")

    def change(checkout: Checkout) -> None:
        checkout.write(f"{wish.folder}/{files.SYNC}", content)
        path = files.kustomization_path(checkout, wish.folder) or f"{wish.folder}/{files.KUSTOMIZATIONS[0]}"
        checkout.write(path, files.kustomization_text(checkout, wish.folder).encode("utf-8", "surrogateescape"))

    repository.record("sync", "Add Flux sync manifests", "failed to push sync manifests", change)
    log.action("applying sync manifests")
    applying.apply_staged(world.cluster, world.clock, files.build(repository.checkout, wish.folder, world.environ))
    log.success("reconciled sync configuration")


def check_path(wish: Wish, world: World) -> None:
    """A cluster that follows one path is not turned to another by a slip in a flag: raises FluxError, before anything is done."""
    try:
        found = world.cluster.get(kinds.named("Kustomization").resource, wish.namespace, wish.namespace)
    except (NotFound, NoMatch):
        return
    there = text(found, "spec.path")
    if _plain(there) != _plain(wish.path):
        raise FluxError(
            f'sync path configuration ("{wish.path}") would overwrite path ("{there}") of existing Kustomization',
            hint=f"Use --path {there}, or delete the Kustomization first.",
        )


def _plain(path: str) -> str:
    return posixpath.normpath(path or ".").removeprefix("./")
