"""What a bootstrap would do, step by step. The repository and the cluster are read; nothing is changed anywhere."""

from collections.abc import Iterator

from flux_cli.core.api import SECRET
from flux_cli.core.errors import NotFound
from flux_cli.git.access import shown
from flux_cli.git.checkout import Checkout
from flux_cli.services import applying, installing
from flux_cli.services.bootstrapping import check_path, files
from flux_cli.services.bootstrapping.hosting import key_name
from flux_cli.services.bootstrapping.wish import SecretWish, Wish, World


def plan(wish: Wish, secret: SecretWish, world: World, published: str = "") -> Iterator[str]:
    """The lines of the plan. Raises FluxError where a step could not be done.

    ``published``: what happens beside a Secret that is made, ``{name}`` in it standing for the key's name.
    """
    yield f"Manifests: Flux {wish.options.version} from {wish.release.origin}"
    yield f'Repository: {shown(wish.url)}, branch "{wish.branch}"'
    checkout = Checkout(wish.url, wish.branch, world.access, world.environ, world.timeout)
    yield f"  it stands at {checkout.head or 'no commit: it is empty'}"
    check_path(wish, world)
    content = installing.rendered(wish.release, wish.options, world.environ)
    yield from _commit(checkout, wish, f"Add Flux {wish.options.version} component manifests", {files.COMPONENTS: content})
    yield from _commit(checkout, wish, "Add Flux sync manifests", _sync_files(checkout, wish))
    yield f"Cluster: {world.cluster.server}"
    yield from _secret(wish, secret, world, published)
    yield f"  apply, as field manager {applying.MANAGER}:"
    for change in applying.preview(world.cluster, files.build(checkout, wish.folder, world.environ)):
        yield f"    {change}"
    yield f"  wait until GitRepository and Kustomization {wish.namespace}/{wish.namespace} have the new commit"
    yield f"  wait until these run in namespace {wish.namespace}: {', '.join(sorted(set(wish.options.components)))}"
    yield f"From then on the cluster fetches {wish.sync_url}"
    yield "Nothing was changed."


def _sync_files(checkout: Checkout, wish: Wish) -> dict[str, str]:
    checkout.write(f"{wish.folder}/{files.SYNC}", files.sync_text(wish).encode())
    path = files.kustomization_path(checkout, wish.folder) or f"{wish.folder}/{files.KUSTOMIZATIONS[0]}"
    return {files.SYNC: files.sync_text(wish), path.rpartition("/")[2]: files.kustomization_text(checkout, wish.folder)}


def _commit(checkout: Checkout, wish: Wish, message: str, contents: dict[str, str]) -> Iterator[str]:
    """The commit that would be made; the checkout has the files from then on, in memory."""
    changed = []
    for name, content in contents.items():
        path = f"{wish.folder}/{name}"
        before = checkout.stored(path)
        if before != content.encode("utf-8", "surrogateescape"):
            changed.append(f"    {path} {'changed' if before is not None else 'added'}")
        checkout.write(path, content.encode("utf-8", "surrogateescape"))
    if changed:
        yield f'  commit and push "{wish.message(message).splitlines()[0]}" by {wish.author}:'
        yield from changed


def _secret(wish: Wish, secret: SecretWish, world: World, published: str) -> Iterator[str]:
    """Which Secret would be written, without what is in it."""
    try:
        world.cluster.get(SECRET, wish.namespace, wish.secret_name, metadata_only=True)
        there = True
    except NotFound:
        there = False
    if there and not secret.always:
        return
    if secret.username and secret.password:
        how = "user name and password"
    else:
        how = "a bearer token" if secret.bearer_token else f"an SSH key, and the host key of {secret.host}"
    yield f"  {'replace' if there else 'create'} Secret {wish.namespace}/{wish.secret_name} with {how}"
    if published:
        yield f"  {published.replace('{name}', key_name(wish))}"
