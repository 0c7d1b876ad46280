"""What both appliers ask before they begin: are the dependencies ready, is the source there."""

from flux_cli.core.errors import NotFound
from flux_cli.core.objects import Object, Ref, condition, dig
from flux_cli.kinds import Kind, named
from flux_cli.sandbox.controllers._loop import Desk
from flux_cli.sandbox.controllers._outcome import Note, Waiting


def dependencies_ready(desk: Desk, kind: Kind, obj: Object, retry: str) -> None:
    """Raises Waiting where a dependency is missing or not ready at its present generation."""
    for need in kind.needs(obj):
        if need.role != "dependency":
            continue
        where = f"{need.ref.namespace}/{need.ref.name}"
        line = f"Dependencies do not meet ready condition, retrying in {retry}"
        told = Note("DependencyNotReady", line)
        try:
            other = desk.cluster.get(kind.resource, need.ref.namespace, need.ref.name)
        except NotFound as err:
            said = (
                f"dependency '{where}' not found: {err}"
                if kind.kind == "Kustomization"
                else f"unable to get '{where}' dependency: {err}"
            )
            raise Waiting("DependencyNotReady", said, line, note=told) from None
        if not current(other) or (condition(other) or {}).get("status") != "True":
            raise Waiting("DependencyNotReady", f"dependency '{where}' is not ready", line, note=told)


def current(obj: Object) -> bool:
    """The controller of the object has looked at its present spec."""
    return bool(dig(obj, "metadata.generation") == dig(obj, "status.observedGeneration"))


def find(desk: Desk, ref: Ref) -> Object | None:
    try:
        return desk.cluster.get(named(ref.kind).resource, ref.namespace, ref.name)
    except (NotFound, KeyError):
        return None
