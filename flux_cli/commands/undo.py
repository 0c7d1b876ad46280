"""What takes a change back, for the person at the terminal; elsewhere nothing is said."""

from __future__ import annotations

from flux_cli.core.objects import labels, name_of, namespace_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from flux_cli.core.app import App
    from flux_cli.core.objects import Object
    from flux_cli.kinds import Kind

SHOWN = 10  # so many manifests are readable below a deletion
_OWNERS = (("kustomize.toolkit.fluxcd.io", "kustomization", ""), ("helm.toolkit.fluxcd.io", "helmrelease", " --force"))


def note(app: App, commands: Callable[[], Iterable[str]]) -> None:
    """One line: the commands that lead back, one after the other. They are worked out only where somebody reads them."""
    wanted = [command for command in commands() if command] if app.streams.tty else []
    if wanted:
        app.log.plain(f"  undo with: {' && '.join(wanted)}")


def impossible(app: App, why: str) -> None:
    if app.streams.tty:
        app.log.plain(f"  no undo: {why}")


def by_verb(verb: str, kind: Kind, objects: Sequence[Object]) -> str:
    """``flux VERB KIND NAMES -n NAMESPACE``; "" where there are no objects."""
    if not objects:
        return ""
    leaf = f"{kind.names.noun(verb)[0]} {kind.names.leaf(verb)[0]}".split()
    return _command(["flux", verb, *leaf, *map(name_of, objects), "-n", namespace_of(objects[0])])


def by_kubectl_delete(resource: str, name: str, namespace: str = "") -> str:
    return _command(["kubectl", "delete", resource, name, *(["-n", namespace] if namespace else [])])


def by_patch(kind: Kind, before: Object, after: Object) -> str:
    """The command that gives the object its former labels and spec; "" where they are the same."""
    from flux_cli.services.previewing import reverse

    patch = reverse(before, after)
    where = [kind.resource.name, name_of(before), "-n", namespace_of(before)]
    return _command(["kubectl", "patch", *where, "--type=merge", "-p", patch]) if patch else ""


def by_git(files: Sequence[str]) -> str:
    """The command that restores files of a work tree; "" outside of one."""
    import pathlib

    here = pathlib.Path.cwd()
    inside = any((folder / ".git").exists() for folder in (here, *here.parents))
    return _command(["git", "restore", *files]) if inside else ""


def of_deletion(app: App, kind: Kind, objects: Sequence[Object]) -> None:
    """What a Kustomization or release applied comes back with it; for the rest the manifests are printed, if they are few."""
    if not app.streams.tty:
        return
    owned = {name_of(obj): _owner(obj) for obj in objects}
    note(app, lambda: dict.fromkeys(owned.values()))
    left = [obj for obj in objects if not owned[name_of(obj)]]
    if len(left) > SHOWN:
        app.log.plain(f"  undo by applying the {len(left)} manifests again; flux export prints them before a deletion")
    elif left:
        note(app, lambda: [_apply(kind, left)])


def _owner(obj: Object) -> str:
    """The command that has the owner apply it again; "" where nothing owns it."""
    for group, kind, more in _OWNERS:
        name, namespace = (labels(obj).get(f"{group}/{key}") for key in ("name", "namespace"))
        if name and namespace:
            return _command(["flux", "reconcile", kind, str(name), "-n", str(namespace)]) + more
    return ""


def _apply(kind: Kind, objects: Sequence[Object]) -> str:
    from flux_cli.printers.yaml import document
    from flux_cli.services.exporting import exported

    manifests = "".join(document(exported(kind, obj)) for obj in objects)
    mark = "EOF"
    while mark in manifests.splitlines():  # a text inside of an object must not end the document
        mark += "_"
    return f"kubectl apply -f - <<'{mark}'\n{manifests}{mark}"


def _command(words: list[str]) -> str:
    import shlex

    return shlex.join(words)
