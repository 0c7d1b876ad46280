"""Where the values of flags and arguments come from when a shell completes them.

A source is a word, with what it is about after a colon: ``namespaces``, ``contexts``, ``objects:Secret``,
``places:Kustomization``, ``refs:GitRepository|Bucket``, ``words:a|b``, ``files``, ``dirs``; a kind alone is short for its
objects. Names are asked of the cluster as metadata only, and for less than two seconds.
"""

from __future__ import annotations

from flux_cli.commands._dialect.table import Table
from flux_cli.core.api import (
    ALL,
    CONFIG_MAP,
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    NAMESPACE,
    POD,
    SECRET,
    SERVICE,
    STATEFUL_SET,
    Resource,
)
from flux_cli.core.app import App
from flux_cli.core.errors import Forbidden
from flux_cli.core.objects import name_of, namespace_of
from flux_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

Words = list[tuple[str, str]]
FILES, NO_SPACE, NO_FILES, ONLY_DIRS = 0, 2, 4, 16
PATIENCE = 1.6  # seconds; with the start of the program, two

_SERVICE_ACCOUNT = Resource("", "v1", "serviceaccounts", "ServiceAccount")
_PLAIN = {
    r.kind: r for r in (SECRET, CONFIG_MAP, SERVICE, _SERVICE_ACCOUNT, POD, NAMESPACE, DEPLOYMENT, STATEFUL_SET, DAEMON_SET, JOB)
}
_SHORT = {
    "deploy": "Deployment",
    "sts": "StatefulSet",
    "ds": "DaemonSet",
    "svc": "Service",
    "cm": "ConfigMap",
    "po": "Pod",
    "sa": "ServiceAccount",
}
_STATES = "ready=true|ready=false|ready=unknown|reconciling=true|stalled=true|healthy=false"

_CONTROLLERS = "source-controller|kustomize-controller|helm-controller|notification-controller"

BY_TYPE = {
    "kustomizationSource": "refs:GitRepository|OCIRepository|Bucket",
    "chartSource": "refs:HelmRepository|GitRepository|Bucket",
    "helmChartSource": "refs:HelmRepository|GitRepository|Bucket",
    "safeRelativePath": "dirs",
}
# Flags that say by their name what their values are.
BY_FLAG = {
    "status-selector": f"words:{_STATES}",
    "kind": "kinds",
    "flux-namespace": "namespaces",
    "target-namespace": "namespaces",
    "storage-namespace": "namespaces",
    "with-namespace": "namespaces",
    "secret-ref": "objects:Secret",
    "proxy-secret-ref": "objects:Secret",
    "cert-ref": "objects:Secret",
    "decryption-secret": "objects:Secret",
    "verify-secret-ref": "objects:Secret",
    "kubeconfig-secret-ref": "objects:Secret",
    "service-account": "objects:ServiceAccount",
    "provider-ref": "objects:Provider",
    "image-ref": "objects:ImageRepository",
    "git-repo-ref": "objects:GitRepository",
    "image-pull-secret": "objects:Secret",
    "signing-key-secret": "objects:Secret",
    "git-repo-namespace": "namespaces",
    "chart-ref": "refs:HelmChart|OCIRepository",
    "values-from": "refs:ConfigMap|Secret",
    "components": f"words:{_CONTROLLERS}",
    "event-severity": "words:info|error",
    "oci-provider": "words:generic|aws|azure|gcp",
    "oidc-provider": "words:github|forgejo",
    "reflect-digest": "words:Always|IfNotPresent|Never",
    "select-alpha": "words:asc|desc",
    "select-numeric": "words:asc|desc",
    "signing-key-type": "words:gpg|ssh",
    "for": "refs",
    "resource": "refs",
    "event-source": "refs",
    "path": "dirs",
    "kustomization-file": "files",
    "ca-file": "files",
    "cert-file": "files",
    "key-file": "files",
    "values": "files",
    "manifests": "dirs",
}


class Asked(Record):
    """The line so far: settings in ``app``, the word being typed, the arguments before it, whether ``-A`` was given, and the kind
    that the command is about, "" for none or several."""

    app: App
    table: Table
    typed: str
    args: list[str]
    everywhere: bool
    kind: str = ""


def ask(source: str, asked: Asked) -> tuple[Words, int]:
    """Candidates, with or without the typed beginning, and the directive for the shell."""
    name, _, about = source.partition(":")
    if name == "none":
        return [], FILES if about else NO_FILES
    return _SOURCES[name](about, asked) if name in _SOURCES else _objects(source, asked)


def _words(about: str, _: Asked) -> tuple[Words, int]:
    return [(word, "") for word in about.split("|")], NO_FILES


def _files(_about: str, _asked: Asked) -> tuple[Words, int]:
    return [], FILES


def _dirs(_about: str, _asked: Asked) -> tuple[Words, int]:
    return [], ONLY_DIRS


def _help(_: str, asked: Asked) -> tuple[Words, int]:
    """Commands below those named already; at the top also the topics."""
    from flux_cli.commands._dialect.loading import load_help
    from flux_cli.commands._dialect.parse import find
    from flux_cli.commands._dialect.topics import TOPICS

    path, rest = find(asked.table, asked.args)
    prefix = f"{path} " if path else ""
    texts = load_help(asked.table).texts
    topics = [] if path else [(topic, page.splitlines()[0]) for topic, page in TOPICS.items()]
    return ([] if rest else [(n, texts[prefix + n][0]) for n in asked.table.node(path).children] + topics), NO_FILES


def _plugins(_: str, asked: Asked) -> tuple[Words, int]:
    from flux_cli.services.plugin_discovery import discover

    return [(name, "") for name in discover(asked.app.environ, asked.table.node("").children)], NO_FILES


def _namespaces(_: str, asked: Asked) -> tuple[Words, int]:
    return _names(NAMESPACE, ALL, asked), NO_FILES


def _objects(about: str, asked: Asked) -> tuple[Words, int]:
    return _names(_resource(about), ALL if asked.everywhere else asked.app.settings.namespace, asked), NO_FILES


def _names(resource: Resource, namespace: str, asked: Asked) -> Words:
    """Names of one kind; described by their namespace where several are asked."""
    found = asked.app.kube.within(PATIENCE).list(resource, namespace, metadata_only=True).items
    return [(name_of(obj), "" if namespace else namespace_of(obj)) for obj in found]


def _resource(kind: str) -> Resource:
    from flux_cli import kinds

    return _PLAIN[kind] if kind in _PLAIN else kinds.named(kind).resource


def _kinds(_: str, __: Asked) -> tuple[Words, int]:
    from flux_cli import kinds

    return [(name, "") for name in sorted(kinds.NAMES)], NO_FILES


def _refs(about: str, asked: Asked) -> tuple[Words, int]:
    """``Kind/name``, the kind first."""
    from flux_cli import kinds

    kind, slash, _ = asked.typed.partition("/")
    choices = about.split("|") if about else sorted(kinds.NAMES)
    if not slash:
        return [(f"{choice}/", "") for choice in choices], NO_SPACE | NO_FILES
    if kind not in choices:
        return [], NO_FILES
    return [(f"{kind}/{name}", why) for name, why in _objects(kind, asked)[0]], NO_FILES


def _columns(_: str, asked: Asked) -> tuple[Words, int]:
    """What a table of the kind may be sorted by, as it is typed; what all tables have where there are several."""
    from flux_cli import kinds
    from flux_cli.services.listing import Shape, columns_of

    shape = Shape(all_namespaces=True, wide=True)
    found = [columns_of(kinds.named(name), shape) for name in ([asked.kind] if asked.kind else kinds.NAMES)]
    headers = [[column.header.lower().replace(" ", "-") for column in columns] for columns in found]
    return [(word, "") for word in headers[0] if all(word in others for others in headers)], NO_FILES


def _places(kind: str, asked: Asked) -> tuple[Words, int]:
    """``name`` for what is in the namespace of the line, ``namespace/name`` for the rest, or for all where a slash was typed."""
    home = "" if "/" in asked.typed else asked.app.settings.namespace
    return [(f"{place}/{name}" if place != home else name, "") for place, name in _everywhere(kind, asked)], NO_FILES


def _everywhere(kind: str, asked: Asked) -> list[tuple[str, str]]:
    """(namespace, name) of the objects of a kind; those of the line's namespace where more may not be read."""
    cluster, resource = asked.app.kube.within(PATIENCE), _resource(kind)
    try:
        found = cluster.list(resource, ALL, metadata_only=True).items
    except Forbidden:
        found = cluster.list(resource, asked.app.settings.namespace, metadata_only=True).items
    return [(namespace_of(obj), name_of(obj)) for obj in found]


def _sources_here(about: str, asked: Asked) -> tuple[Words, int]:
    """``Kind/namespace/name=`` and a path behind it, piece by piece."""
    kind, slash, _ = asked.typed.partition("/")
    if "=" in asked.typed:
        return [], FILES
    if not slash:
        return [(f"{choice}/", "") for choice in about.split("|")], NO_SPACE | NO_FILES
    known = _everywhere(kind, asked) if kind in about.split("|") else []
    return [(f"{kind}/{place}/{name}=", "") for place, name in known], NO_SPACE | NO_FILES


def _resources(_: str, asked: Asked) -> tuple[Words, int]:
    """``kind/name`` or ``kind name``, in the words of kubectl: any Flux kind, and the usual workloads."""
    from flux_cli import kinds

    word, slash, _rest = (asked.args[0] if asked.args else asked.typed).partition("/")
    if not asked.args and not slash:
        plain = [kind.lower() for kind in _PLAIN if kind != "Namespace"]
        return [(word, "") for word in sorted([*plain, *(name.lower() for name in kinds.NAMES)])], NO_FILES
    kind = next((k for k in _PLAIN if word.lower() in (k.lower(), _PLAIN[k].plural)), _SHORT.get(word.lower(), ""))
    flux = kinds.find(word) if not kind else None
    if not kind and not flux:
        return [], NO_FILES
    names = _objects(kind or (flux.kind if flux else ""), asked)[0]
    return [(f"{word}/{name}" if slash and not asked.args else name, why) for name, why in names], NO_FILES


def _config(part: str) -> Callable[[str, Asked], tuple[Words, int]]:
    """Names in the kubeconfig: contexts, clusters or users."""

    def source(_: str, asked: Asked) -> tuple[Words, int]:
        from flux_cli.kube.kubeconfig import load

        return [(name, "") for name in sorted(getattr(load(asked.app.settings.kubeconfig, asked.app.environ), part))], NO_FILES

    return source


_SOURCES: dict[str, Callable[[str, Asked], tuple[Words, int]]] = {
    "words": _words,
    "files": _files,
    "dirs": _dirs,
    "help": _help,
    "columns": _columns,
    "local-sources": _sources_here,
    "namespaces": _namespaces,
    "places": _places,
    "objects": _objects,
    "kinds": _kinds,
    "plugins": _plugins,
    "refs": _refs,
    "resources": _resources,
    "contexts": _config("contexts"),
    "clusters": _config("clusters"),
    "users": _config("users"),
}
