"""``tree``: what a Kustomization, the HelmReleases and Kustomizations in it, or an ArtifactGenerator made.

The result is a ``Tree`` whose ``data`` is an ``Item``; with health asked for, each item's state is read as well.
"""

from __future__ import annotations

from flux_cli import kinds
from flux_cli.core.api import CRD, Cluster, Resource
from flux_cli.core.errors import ApiError, FluxError, Forbidden, NoMatch, NotFound
from flux_cli.core.objects import Object, dig, items, name_of, namespace_of, text
from flux_cli.core.parallel import later, side_by_side
from flux_cli.core.record import Record
from flux_cli.core.view import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FLUX = "toolkit.fluxcd.io"


class Item(Record):
    """An object by group, kind, namespace and name. ``version`` is known where an inventory says it."""

    group: str
    kind: str
    namespace: str
    name: str
    version: str = ""
    state: str = ""
    message: str = ""

    @property
    def label(self) -> str:
        return "/".join(filter(None, (self.kind, self.namespace, self.name)))

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self[0], self[1], self[2], self[3]


def kustomization(cluster: Cluster, namespace: str, name: str, unread: list[FluxError], *, compact: bool = False) -> Tree:
    """The tree of a Kustomization. ``compact``: Flux objects only; ``unread`` gets what may not be read below it.

    Raises FluxError, as the Go CLI, for what is not there and what cannot be understood.
    """
    obj = cluster.get(kinds.named("Kustomization").resource, namespace, name)
    return _grown(cluster, obj, _Wish(compact, unread), ())


def artifact_generator(cluster: Cluster, namespace: str, name: str) -> Tree:
    """The tree of an ArtifactGenerator: the artifacts that it made."""
    resource = kinds.named("ArtifactGenerator").resource
    obj = cluster.get(resource, namespace, name)
    made = [
        Item("source.toolkit.fluxcd.io", "ExternalArtifact", text(entry, "namespace"), text(entry, "name"))
        for entry in items(obj, "status.inventory")
    ]
    root = Item(resource.group, resource.kind, namespace_of(obj), name_of(obj), resource.version)
    return Tree(root.label, [Tree(item.label, [], item) for item in made], root)


def parse_entry(entry: Object) -> Item:
    """``namespace_name_group_kind`` of an inventory; ``__`` in the name stands for a colon. Raises FluxError."""
    rest = text(entry, "id")
    namespace, found, rest_ = rest.partition("_")
    name_and_group, found_kind, kind = (rest_ if found else rest).rpartition("_")
    if not found or not found_kind:
        raise FluxError(f"unable to parse stored object metadata: {rest_ if found else rest}")
    name, found_group, group = name_and_group.rpartition("_")
    if not found_group:
        raise FluxError(f"unable to parse stored object metadata: {name_and_group}")
    name = name.replace("__", ":")
    if "_" in name:
        raise FluxError(f"too many fields within: {name_and_group}")
    return Item(group, kind, namespace, name, text(entry, "v"))


class _Wish(Record):
    """What the whole tree is made by: ``compact`` leaves out what is not Flux'; ``unread`` gets what may not be read."""

    compact: bool
    unread: list[FluxError]


def _grown(cluster: Cluster, obj: Object, wish: _Wish, above: tuple[tuple[str, ...], ...]) -> Tree:
    """The node of a Kustomization with all below it. One that holds one of its own parents is not followed again."""
    resource = kinds.named("Kustomization").resource
    root = Item(resource.group, resource.kind, namespace_of(obj), name_of(obj), resource.version)
    listed = [parse_entry(entry) for entry in items(obj, "status.inventory.entries")]
    shown = [item for item in listed if item.key != root.key and (not wish.compact or FLUX in item.group)]
    remote = dig(obj, "spec.kubeConfig") is not None
    path = (*above, root.key)

    def below(item: Item) -> Callable[[], Tree] | None:
        if item.group == "helm.toolkit.fluxcd.io" and item.kind == "HelmRelease":
            return lambda: _readable(item, wish, lambda: _release(cluster, item, wish.compact))
        if (item.group, item.kind) == root[:2] and not remote and item.key not in path:
            return lambda: _readable(item, wish, lambda: _nested(cluster, item, wish, path))
        return None

    calls = [below(item) for item in shown]
    read = iter(side_by_side([call for call in calls if call]))
    children: list[Tree] = []
    for item, call in zip(shown, calls, strict=True):
        found = next(read) if call else Tree(item.label, [], item)
        if isinstance(found, Exception):
            raise found
        children.append(found)
    return Tree(root.label, children, root)


def _readable(item: Item, wish: _Wish, grow: Callable[[], Tree]) -> Tree:
    """The node; without what is below it where that may not be read, which is no reason to hide the rest."""
    try:
        return grow()
    except FluxError as err:
        if not isinstance(err, Forbidden) and not isinstance(err.__cause__, Forbidden):
            raise
        wish.unread.append(err)
        return Tree(item.label, [], item)


def _nested(cluster: Cluster, item: Item, wish: _Wish, path: tuple[tuple[str, ...], ...]) -> Tree:
    try:
        obj = cluster.get(kinds.named("Kustomization").resource, item.namespace, item.name)
    except ApiError as err:
        raise FluxError(f"failed to find object: {err}") from err
    return _grown(cluster, obj, wish, path)


def _release(cluster: Cluster, item: Item, compact: bool) -> Tree:
    """A HelmRelease with the objects of its latest release, as Helm's own storage has them."""
    release = cluster.get(kinds.named("HelmRelease").resource, item.namespace, item.name)
    found: dict[tuple[str, ...], Item] = {}
    latest = _latest(release)
    if latest is not None and dig(release, "spec.kubeConfig") is None:
        from flux_cli.services.helm_storage import manifest

        made = manifest(cluster, item.namespace, item.name, text(release, "status.storageNamespace"), latest)
        for obj in made or ():
            entry = _item(cluster, obj, text(latest, "namespace"))
            found.setdefault(entry.key, entry)
        for entry in _definitions(cluster, release) if made is not None else ():
            found.setdefault(entry.key, entry)
    shown = [entry for entry in found.values() if not compact or FLUX in entry.group]
    return Tree(item.label, [Tree(entry.label, [], entry) for entry in shown], item)


def _latest(release: Object) -> Object | None:
    """The history entry with the highest version."""
    history = [entry for entry in items(release, "status.history") if isinstance(entry, dict)]
    if not history or not text(release, "status.storageNamespace"):
        return None
    return max(history, key=lambda entry: number if isinstance(number := entry.get("version"), int) else 0)


def _item(cluster: Cluster, obj: Object, namespace: str) -> Item:
    """An object of a manifest; one of a namespaced kind that says no namespace is in the release's."""
    group, _, version = text(obj, "apiVersion").rpartition("/")
    where = namespace_of(obj)
    if not where:
        try:
            where = namespace if cluster.resolve(text(obj, "apiVersion"), text(obj, "kind")).namespaced else ""
        except ApiError:
            where = ""
    return Item(group, text(obj, "kind"), where, name_of(obj), version)


def _definitions(cluster: Cluster, release: Object) -> Iterable[Item]:
    """The CRDs that came with the chart, where the release handles them. That they cannot be listed is no failure."""
    policies = (text(release, "spec.install.crds"), text(release, "spec.upgrade.crds"))
    if all(policy in ("", "Skip") for policy in policies):
        return []
    group = "helm.toolkit.fluxcd.io"
    labels = f"{group}/name={name_of(release)},{group}/namespace={namespace_of(release)}"
    try:
        found = cluster.list(CRD, labels=labels, metadata_only=True).items
    except ApiError:
        return []
    return [Item(CRD.group, CRD.kind, "", name_of(obj), CRD.version) for obj in found]


def with_health(cluster: Cluster, tree: Tree) -> Tree:
    """The same tree with the state of every object: a state of kstatus, ``Missing``, or ``Unknown`` where it cannot be read."""
    nodes: dict[tuple[str, ...], Item] = {}
    _collect(tree, nodes)
    wanted = list(nodes.values())
    found = side_by_side([later(_state, cluster, item) for item in wanted])
    states: dict[tuple[str, ...], Item] = {}
    for item, state in zip(wanted, found, strict=True):
        if isinstance(state, Exception):
            raise state
        states[item.key] = state
    return _relabelled(tree, states)


def _collect(tree: Tree, nodes: dict[tuple[str, ...], Item]) -> None:
    nodes.setdefault(tree.data.key, tree.data)
    for child in tree.children:
        _collect(child, nodes)


def _relabelled(tree: Tree, states: dict[tuple[str, ...], Item]) -> Tree:
    return Tree(tree.label, [_relabelled(child, states) for child in tree.children], states[tree.data.key])


def _state(cluster: Cluster, item: Item) -> Item:
    try:
        obj = cluster.get(_resource(cluster, item), item.namespace, item.name)
    except NotFound:
        return item._replace(state="Missing", message="the object does not exist")
    except ApiError as err:
        return item._replace(state="Unknown", message=str(err))
    from flux_cli.kinds.kstatus import compute

    status = compute(obj)
    return item._replace(state=status.state, message=status.message)


def _resource(cluster: Cluster, item: Item) -> Resource:
    """Where the object is served now: the version in an old inventory may be gone."""
    if item.kind in kinds.NAMES and kinds.named(item.kind).resource.group == item.group:
        return kinds.named(item.kind).resource
    try:
        return cluster.resolve(f"{item.group}/{item.version}".lstrip("/"), item.kind)
    except NoMatch:
        return cluster.named(f"{item.kind}.{item.group}".rstrip("."))
