"""The registry of Flux kinds. A new kind is one file and one line here.

Modules are loaded when somebody asks for their kind, so that ``flux get ks`` pays for Kustomization alone.
"""

from flux_cli.core.api import Resource
from flux_cli.kinds._model import Column, Kind, Names, Need

__all__ = ["NAMES", "Column", "Kind", "Names", "Need", "every", "find", "named", "served_as"]

# In the order in which the commands list them; the module of a kind is its name in lower case.
NAMES = (
    "OCIRepository",
    "Bucket",
    "GitRepository",
    "HelmRepository",
    "HelmChart",
    "ExternalArtifact",
    "ImageRepository",
    "ImagePolicy",
    "ImageUpdateAutomation",
    "HelmRelease",
    "Kustomization",
    "Receiver",
    "Provider",
    "Alert",
    "ArtifactGenerator",
)


def named(name: str) -> Kind:
    """The kind of exactly this name, such as ``HelmRelease``. Raises KeyError."""
    if name not in NAMES:
        raise KeyError(name)
    kind: Kind = __import__(f"flux_cli.kinds.{name.lower()}", fromlist=["KIND"]).KIND
    return kind


def served_as(api_version: str, kind: str) -> Resource | None:
    """The resource of a Flux kind in this version, with no word to a cluster; None where it is not one of ours."""
    if kind not in NAMES:
        return None
    resource = named(kind).resource
    group, _, version = api_version.rpartition("/")
    if group != resource.group or version not in (resource.version, *resource.older):
        return None
    return resource if version == resource.version else resource._replace(version=version, older=())


def every() -> list[Kind]:
    """All kinds, in the registry's order."""
    return [named(name) for name in NAMES]


def find(word: str) -> Kind | None:
    """The kind that a person means by ``word``: its kind, singular, plural, short name or alias, in any case."""
    wanted = word.lower()
    for name in NAMES:
        if wanted == name.lower():
            return named(name)
    for kind in every():
        names, resource = kind.names, kind.resource
        if wanted in {resource.plural, resource.name, *names.short, *names.aliases} or (
            not names.group and wanted in {names.singular, names.plural}
        ):
            return kind
    return None
