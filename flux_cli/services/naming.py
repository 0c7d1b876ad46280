"""What people type for objects, as kubectl reads it: ``deploy/web``, ``deployment web api``, ``deployments.v1.apps/web``."""

from typing import NamedTuple

from flux_cli.core.api import NAMESPACE, Cluster, Resource
from flux_cli.core.errors import FluxError, NoMatch, NotFound, UsageError
from flux_cli.core.objects import Object
from flux_cli.core.parallel import later, side_by_side
from flux_cli.kube.status import version_absent


class Named(NamedTuple):
    """A type as it was typed, and a name; None where only a type was typed. ``joined``: by a slash."""

    type: str
    name: str | None
    joined: bool = False


def parse(words: list[str]) -> list[Named]:
    """What the words name. Raises UsageError in kubectl's words."""
    if not words:
        raise UsageError("either `<resource>/<name>` or `<resource> <name>` is required as an argument")
    types = _types(words[0])
    if len(words) > 1 and len(types) > 1:
        words = [f"{type_}/{name}" for type_ in types for name in words[1:]]
    slashes = sum("/" in word for word in words)
    if slashes and slashes < len(words):
        raise UsageError(
            "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form "
            "(e.g. 'flux get resource/<resource_name>' instead of 'flux get resource resource/<resource_name>'"
        )
    if slashes:
        return [_pair(word) for word in words]
    return [Named(types[0], name) for name in words[1:]] or [Named(type_, None) for type_ in types]


def _types(word: str) -> list[str]:
    return list(dict.fromkeys(word.split(",")))


def _pair(word: str) -> Named:
    parts = word.split("/")
    if len(parts) != 2:
        raise UsageError("arguments in resource/name form may not have more than one slash")
    if not all(parts) or len(_types(parts[0])) != 1:
        raise UsageError("arguments in resource/name form must have a single resource and name")
    return Named(parts[0], parts[1], joined=True)


def fetch(cluster: Cluster, words: list[str], namespace: str) -> list[Object]:
    """The objects, in the order of the words. Raises FluxError when any of them cannot be read."""
    wanted = parse(words)
    resources = {named.type: _resource(cluster, named) for named in wanted}
    if wanted[0].name is None:
        raise UsageError("resource(s) were provided, but no name was specified")
    found = side_by_side([later(_get_or_say, cluster, resources[n.type], namespace, n.name or "") for n in wanted])
    errors = [err for err in found if isinstance(err, Exception)]
    for err in errors:
        if not isinstance(err, FluxError):
            raise err
    if errors:
        messages = list(dict.fromkeys(map(str, errors)))
        raise FluxError("x: " + (messages[0] if len(messages) == 1 else f"[{', '.join(messages)}]"))
    return [obj for obj in found if not isinstance(obj, Exception)]


def _resource(cluster: Cluster, named: Named) -> Resource:
    """Raises NoMatch; UsageError for an object of a category such as ``all``, which is of one kind only by chance."""
    try:
        return cluster.named(named.type)
    except NoMatch:
        resources = [] if named.joined else cluster.category(named.type)
        if not resources:
            raise
        if len(resources) > 1 and named.name is not None:
            raise UsageError("you must specify only one resource") from None
        return resources[0]


def fetch_exact(cluster: Cluster, api_version: str, kind: str, namespace: str, name: str) -> Object:
    """One object of exactly this kind; ``kind`` may be in lower case and stays as it was typed. Raises FluxError."""
    if api_version.count("/") > 1:
        raise UsageError(f"invaild apiVersion: unexpected GroupVersion string: {api_version}")
    try:
        found = _get(cluster, _resolve(cluster, api_version, kind), namespace, name)
    except FluxError as err:
        raise FluxError(f"failed to find object: {err}") from err
    return {**found, "kind": kind}


def _resolve(cluster: Cluster, api_version: str, kind: str) -> Resource:
    for resource in () if kind[:1].isupper() else cluster.resources():
        if resource.api_version == api_version and resource.kind.lower() == kind:
            return resource
    try:
        return cluster.resolve(api_version, kind)
    except NoMatch:
        if any(resource.api_version == api_version for resource in cluster.resources()):
            raise
        group, _, version = api_version.rpartition("/")
        raise version_absent(Resource(group, version, "", kind)) from None


def _get(cluster: Cluster, resource: Resource, namespace: str, name: str) -> Object:
    return cluster.get(resource, namespace if resource.namespaced else "", name)


def _get_or_say(cluster: Cluster, resource: Resource, namespace: str, name: str) -> Object:
    """Where the object is not there because its namespace is not, that is what is told, as kubectl does."""
    try:
        return _get(cluster, resource, namespace, name)
    except NotFound:
        if resource.namespaced and namespace != "default" and (missing := _missing(cluster, namespace)):
            raise missing from None
        raise


def _missing(cluster: Cluster, namespace: str) -> NotFound | None:
    """Whoever may not read namespaces learns nothing about them."""
    try:
        cluster.get(NAMESPACE, "", namespace)
    except NotFound as err:
        return err
    except FluxError:
        pass
    return None
