"""What the cluster serves: the API server's own kinds, Flux's kinds, and what loaded CRDs add."""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from flux_cli.core.objects import Object, dig, items, text

VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
WRITABLE = ("get", "patch", "update")


class Served(NamedTuple):
    """One resource at one version. ``schema`` is its OpenAPI schema (custom kinds only), ``subresources`` names to verbs.

    ``custom``: answered as custom resources are (fields checked by the schema, no strategic merge).
    """

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool
    singular: str = ""
    verbs: tuple[str, ...] = VERBS
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    subresources: Mapping[str, tuple[str, ...]] = {}
    schema: Object | None = None
    columns: tuple[Object, ...] = ()
    custom: bool = False
    list_kind: str = ""

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def key(self) -> tuple[str, str]:
        """Where its objects are stored: one place for all versions of a resource."""
        return self.group, self.plural


class Catalog:
    """The served resources, in the order in which discovery lists them. CRDs come and go; the rest is fixed."""

    def __init__(self) -> None:
        self._by_path: dict[tuple[str, str, str], Served] = {}
        self._by_kind: dict[tuple[str, str, str], Served] = {}
        self._preferred: dict[str, list[str]] = {}
        self._definitions: dict[str, list[Served]] = {}
        for served in own_kinds():
            self._add(served)
        for served in flux_kinds():
            self._add(served)

    def at(self, group: str, version: str, plural: str) -> Served | None:
        return self._by_path.get((group, version, plural))

    def of_kind(self, api_version: str, kind: str) -> Served | None:
        group, _, version = api_version.rpartition("/")
        return self._by_kind.get((group, version, kind))

    def any_version(self, group: str, kind: str) -> Served | None:
        """The resource of this kind at its preferred version."""
        versions = self._preferred.get(group, [])
        return next((found for v in versions if (found := self._by_kind.get((group, v, kind)))), None)

    def groups(self) -> dict[str, list[str]]:
        """Group names to their versions, preferred first."""
        return self._preferred

    def within(self, group: str, version: str) -> list[Served]:
        return [s for s in self._by_path.values() if (s.group, s.version) == (group, version)]

    def define(self, crd: Object) -> None:
        """Serve what a CustomResourceDefinition says, in place of what it said before."""
        name = text(crd, "metadata.name")
        self.forget(name)
        made = list(from_definition(crd))
        self._definitions[name] = made
        for served in made:
            self._add(served)

    def forget(self, name: str) -> None:
        """Serve no more what the CRD of this name defined (Flux's own kinds stay)."""
        for served in self._definitions.pop(name, []):
            self._drop(served)
        for served in flux_kinds():
            if f"{served.plural}.{served.group}" == name and not self.at(served.group, served.version, served.plural):
                self._add(served)

    def guess(self, api_version: str, kind: str, *, namespaced: bool) -> Served:
        """Serve a kind of which only objects are known, as a snapshot has them: plural by the rules of English."""
        group, _, version = api_version.rpartition("/")
        low = kind.lower()
        plural = low[:-1] + "ies" if low[-1:] == "y" else low + "es" if low[-1:] in ("s", "x") or low[-2:] == "ch" else low + "s"
        served = Served(group, version, plural, kind, namespaced, low, subresources={"status": WRITABLE}, custom=True)
        self._add(served)
        return served

    def _add(self, served: Served) -> None:
        self._by_path[served.group, served.version, served.plural] = served
        self._by_kind[served.group, served.version, served.kind] = served
        versions = self._preferred.setdefault(served.group, [])
        if served.version not in versions:
            versions.append(served.version)
            versions.sort(key=maturity, reverse=True)

    def _drop(self, served: Served) -> None:
        self._by_path.pop((served.group, served.version, served.plural), None)
        self._by_kind.pop((served.group, served.version, served.kind), None)
        if not self.within(served.group, served.version):
            self._preferred[served.group].remove(served.version)
            if not self._preferred[served.group]:
                del self._preferred[served.group]


CONNECTIONS = {"attach": "PodAttachOptions", "exec": "PodExecOptions", "portforward": "PodPortForwardOptions"}
RESPONSES = {
    "binding": ("", "v1", "Binding"),
    "eviction": ("policy", "v1", "Eviction"),
    "scale": ("autoscaling", "v1", "Scale"),
    "token": ("authentication.k8s.io", "v1", "TokenRequest"),
}


def response_kind(served: Served, subresource: str) -> tuple[str, str, str]:
    """(group, version, kind) of what a subresource answers: the object itself, but for a few."""
    if subresource == "proxy":
        return "", "v1", f"{served.kind}ProxyOptions"
    if subresource in CONNECTIONS:
        return "", "v1", CONNECTIONS[subresource]
    return RESPONSES.get(subresource, (served.group, served.version, served.kind))


def maturity(version: str) -> tuple[int, int, int]:
    """Kubernetes' order of versions: v2 > v1 > v2beta1 > v1beta2 > v1alpha1."""
    import re

    found = re.fullmatch(r"v(\d+)(?:(alpha|beta)(\d+))?", version)
    if not found:
        return (-1, 0, 0)
    return ({None: 2, "beta": 1, "alpha": 0}[found[2]], int(found[1]), int(found[3] or 0))


@cache
def own_kinds() -> tuple[Served, ...]:
    """The kinds of the API server itself, from ``data/resources.txt``."""
    with open(os.path.join(os.path.dirname(__file__), "data", "resources.txt"), encoding="utf-8") as file:
        table = file.read()
    return tuple(_own_kind(*line.split()) for line in table.splitlines() if line and line[0] != "#")


def _own_kind(*row: str) -> Served:
    group, version, plural, kind, scope, verbs, short, categories, subs = ("" if cell == "-" else cell for cell in row)
    subresources = {}
    for entry in filter(None, subs.split("|")):
        name, _, allowed = entry.partition(":")
        subresources[name] = tuple(allowed.split(",")) if allowed else WRITABLE
    return Served(
        group,
        version,
        plural,
        kind,
        scope == "N",
        kind.lower(),
        VERBS if verbs == "*" else tuple(verbs.split(",")),
        tuple(filter(None, short.split(","))),
        tuple(filter(None, categories.split(","))),
        subresources,
    )


FLUX_SHORT_NAMES = {
    "GitRepository": ("gitrepo",), "OCIRepository": ("ocirepo",), "HelmRepository": ("helmrepo",), "HelmChart": ("hc",),
    "ExternalArtifact": ("ea",), "ArtifactGenerator": ("ag",), "Kustomization": ("ks",), "HelmRelease": ("hr",),
    "ImageRepository": ("imgrepo", "imagerepo"), "ImagePolicy": ("imgpol", "imagepol"),
    "ImageUpdateAutomation": ("iua", "imgupd", "imgauto"),
}  # fmt: skip


@cache
def flux_kinds() -> tuple[Served, ...]:
    """Flux's kinds at their current version, from the registry; without a schema until their CRD is loaded."""
    from flux_cli.kinds import every

    made = []
    for kind in every():
        r, status = kind.resource, {"status": WRITABLE}
        short = FLUX_SHORT_NAMES.get(r.kind, ())
        made.append(
            Served(
                r.group, r.version, r.plural, r.kind, True, r.kind.lower(), short_names=short, subresources=status, custom=True
            )
        )
    return tuple(made)


def from_definition(crd: Object) -> list[Served]:
    """The resources that a CRD defines, one a served version."""
    made = []
    for version in items(crd, "spec.versions"):
        if not isinstance(version, dict) or version.get("served") is False:
            continue
        subresources: dict[str, tuple[str, ...]] = dict.fromkeys(dig(version, "subresources", {}), WRITABLE)
        made.append(
            Served(
                text(crd, "spec.group"),
                text(version, "name"),
                text(crd, "spec.names.plural"),
                text(crd, "spec.names.kind"),
                text(crd, "spec.scope") != "Cluster",
                text(crd, "spec.names.singular") or text(crd, "spec.names.kind").lower(),
                VERBS,
                tuple(items(crd, "spec.names.shortNames")),
                tuple(items(crd, "spec.names.categories")),
                subresources,
                _schema(version),
                tuple(items(version, "additionalPrinterColumns")),
                True,
                text(crd, "spec.names.listKind"),
            )
        )
    return made


def _schema(version: Any) -> Object | None:
    found = dig(version, "schema.openAPIV3Schema")
    return found if isinstance(found, dict) else None
