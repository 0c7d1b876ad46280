"""``flux export``: objects as YAML, ready for a Git repository."""

from __future__ import annotations

from flux_cli.core.errors import FluxError
from flux_cli.kinds import named
from flux_cli.printers.yaml import document
from flux_cli.services import exporting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.common import From, GivenName
    from flux_cli.commands.flags.export import All, Everywhere, WithCredentials
    from flux_cli.core.app import App
    from flux_cli.core.objects import Object
    from flux_cli.kinds import Kind

_NOUNS = {
    "source": "Print sources as YAML",
    "image": "Print image automation objects as YAML",
    "artifact": "Print ArtifactGenerator objects as YAML",
}


def declare(root: Group) -> None:
    from flux_cli.commands.leaves import of_kinds

    verb = root.group("export", "Print objects as YAML, ready for a Git repository", flags=persistent)
    verb.group("source", _NOUNS["source"], flags=source_flags)
    verb.leaf("all", everything, without=("all",))
    for kind, group, noun, name, aliases, path in of_kinds(verb, _NOUNS):
        group.leaf(
            name, one, aliases=aliases, bind={"kind": kind.kind},
            without=() if noun == "source" else ("with_credentials",),
            short=f"Print {kind.kind} objects as YAML",
            long=f"Print one {kind.kind}, or with --all every one of the namespace, as YAML:\n"
            "what was declared, without status and defaults.",
            example=f"# All of the namespace, into a file\nflux export {path} --all > {name}.yaml\n\n"
            f"# One of them\nflux export {path} my-{name}",
        )  # fmt: skip


def persistent(app: App, all: All = False, all_namespaces: Everywhere = False, from_: From = "") -> None:
    """Declares the flags that every ``export`` has."""


def source_flags(app: App, with_credentials: WithCredentials = False) -> None:
    """Declares the flags that every ``export source`` has."""


def one(
    app: App,
    kind: str,
    name: GivenName = None,
    all: All = False,
    all_namespaces: Everywhere = False,
    with_credentials: WithCredentials = False,
) -> None:
    found = named(kind)
    if all or all_namespaces:
        objects = exporting.export_all(app.kube, found, "" if all_namespaces else app.settings.namespace)
    elif name is None:
        raise FluxError("name is required")
    else:
        objects = [exporting.export_one(app.kube, found, app.settings.namespace, name)]
    for obj in objects:
        _write(app, found, obj, with_credentials)


def everything(app: App, all_namespaces: Everywhere = False) -> None:
    """Print the objects of every kind as YAML

    Sources, deployments, notifications and image automation of the namespace, or with -A of the whole cluster.
    Kinds that may not be read are named at the end; kinds that the cluster does not serve are left out.

    Examples:
    # All that Flux is told to do in this cluster
    flux export all -A > flux.yaml
    """
    notes: list[str] = []
    namespace = "" if all_namespaces else app.settings.namespace
    count = 0
    for kind, obj in exporting.everything(app.kube, namespace, notes):
        _write(app, kind, obj, False)
        count += 1
    for note in notes:
        app.log.plain(note)
    if not count:
        raise FluxError(f"no objects found in {f'{namespace} namespace' if namespace else 'any namespace'}")


def _write(app: App, kind: Kind, obj: Object, with_credentials: bool) -> None:
    app.streams.out.write(document(obj))
    secret = exporting.credentials(app.kube, kind, obj) if with_credentials else None
    if secret:
        app.streams.out.write(document(secret))
