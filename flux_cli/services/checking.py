"""``check``: is the cluster fit for Flux, and is Flux healthy in it?"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from typing import Any, NamedTuple

from flux_cli import kinds
from flux_cli.core.api import CRD, DEPLOYMENT, Cluster
from flux_cli.core.errors import FluxError, NotFound, NotReady, Timeout
from flux_cli.core.objects import Object, dig, items, labels, name_of, text
from flux_cli.core.parallel import side_by_side
from flux_cli.core.view import Step
from flux_cli.kinds import kstatus
from flux_cli.services import waiting
from flux_cli.services.versions import COMPONENTS, MARKER_CRD, distribution, images

OLDEST = (1, 33, 0)
CONSTRAINT = ">=1.33.0-0"
_VERSION = re.compile(r"v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?\Z")


class Finding(NamedTuple):
    """One thing that was looked at. ``group``: prerequisites, version, controllers, crds or skew."""

    group: str
    subject: str
    ok: bool
    detail: str


class Terms(NamedTuple):
    """``timeout``: seconds that each controller may take to get ready; ``interval``: between two looks at one that may not be
    watched; ``explain``: also say what keeps one from getting ready, and what could not be read."""

    namespace: str
    timeout: float
    interval: float
    sleep: waiting.Sleep
    explain: bool = False


Looks = Generator[Step, None, list[Finding]]


def prerequisites(cluster: Cluster) -> Looks:
    """Is Kubernetes new enough?"""
    yield Step("action", "checking prerequisites")
    try:
        version = text(cluster.raw("/version"), "gitVersion")
    except FluxError as err:
        yield Step("failure", f"Kubernetes API call failed: {err}")
        return [Finding("prerequisites", "kubernetes", False, str(err))]
    parts = _VERSION.match(version)
    if not parts:
        yield Step("failure", "Kubernetes version can't be determined")
        return [Finding("prerequisites", "kubernetes", False, "version can't be determined")]
    if tuple(map(int, parts.group(1, 2, 3))) < OLDEST:
        yield Step("failure", f"Kubernetes version {version} does not match {CONSTRAINT}")
        return [Finding("prerequisites", "kubernetes", False, f"{version} does not match {CONSTRAINT}")]
    yield Step("success", f"Kubernetes {version.removeprefix('v')} {CONSTRAINT}")
    return [Finding("prerequisites", "kubernetes", True, version.removeprefix("v"))]


def installation(cluster: Cluster, terms: Terms) -> Looks:
    """Version, controllers and CRDs, all read in one round trip. As in the Go CLI a list that fails counts as well."""
    calls: list[Callable[[], Any]] = [
        lambda: cluster.get(CRD, "", MARKER_CRD, metadata_only=True),
        lambda: cluster.list(DEPLOYMENT, terms.namespace, labels=COMPONENTS).items,
        lambda: cluster.list(CRD, labels=COMPONENTS).items,
    ]
    marker, deployments, definitions = side_by_side(calls)
    found = yield from _version(marker)
    found += yield from _controllers(cluster, deployments, terms)
    found += yield from _definitions(definitions, terms)
    return found


def _version(marker: Object | Exception) -> Looks:
    yield Step("action", "checking version in cluster")
    if isinstance(marker, Exception):
        yield Step("failure", f"checking failed: {_told(marker)}")
        return [Finding("version", "distribution", False, str(marker))]
    name = distribution(marker)
    bootstrapped = str("kustomize.toolkit.fluxcd.io/namespace" in labels(marker)).lower()
    if name:
        yield Step("success", f"distribution: {name}")
    yield Step("success", f"bootstrapped: {bootstrapped}")
    return [Finding("version", "distribution", True, name), Finding("version", "bootstrapped", True, bootstrapped)]


def _told(err: Exception) -> Exception:
    """A failure that is told; a defect of ours is raised."""
    if not isinstance(err, FluxError):
        raise err
    return err


def _controllers(cluster: Cluster, deployments: list[Object] | Exception, terms: Terms) -> Looks:
    yield Step("action", "checking controllers")
    if isinstance(deployments, Exception):
        return (yield from _not_read("controllers", "deployments", deployments, terms))
    if not deployments:
        where = f"in the '{terms.namespace}' namespace with the label selector '{COMPONENTS}'"
        yield Step("failure", f"no controllers found {where}")
        return [Finding("controllers", "deployments", False, f"no controllers found {where}")]
    found = []
    waits = side_by_side([_later(cluster, deployment, terms) for deployment in deployments])
    for deployment, problem in zip(deployments, waits, strict=True):
        name = name_of(deployment)
        if isinstance(problem, Exception):
            word = "not found" if isinstance(problem, NotFound) else "not ready"
            yield Step("failure", f"{name}: deployment {word}")
            if terms.explain and isinstance(problem, FluxError) and problem.hint:
                yield Step("plain", problem.hint)
        else:
            yield Step("success", f"{name}: deployment ready")
        for image in images(deployment):
            yield Step("action", image)
        detail = (
            (getattr(problem, "hint", "") or str(problem)) if isinstance(problem, Exception) else ", ".join(images(deployment))
        )
        found.append(Finding("controllers", name, not isinstance(problem, Exception), detail))
    return found


def _later(cluster: Cluster, deployment: Object, terms: Terms) -> Callable[[], Object]:
    def ready() -> Object:
        state = kstatus.compute(deployment)
        if state.state == kstatus.CURRENT:
            return deployment
        last = [state.message]

        def settled(obj: Object) -> bool:
            now = kstatus.compute(obj)
            last[0] = now.message
            return now.state == kstatus.CURRENT

        try:
            return waiting.until(cluster.within(terms.timeout), DEPLOYMENT, deployment, settled, terms.sleep, terms.interval)
        except Timeout as err:
            raise NotReady(str(err), hint=f"Deployment/{terms.namespace}/{name_of(deployment)}: {last[0]}") from err

    return ready


def _not_read(group: str, what: str, err: Exception, terms: Terms) -> Looks:
    """A list that could not be read counts as well, as in the Go CLI; somebody who reads along is told."""
    if terms.explain:
        yield Step("plain", f"{what} could not be read: {_told(err)}")
    return [Finding(group, what, True, f"not read: {_told(err)}")]


def _definitions(definitions: list[Object] | Exception, terms: Terms) -> Looks:
    yield Step("action", "checking crds")
    if isinstance(definitions, Exception):
        return (yield from _not_read("crds", "customresourcedefinitions", definitions, terms))
    if not definitions:
        yield Step("failure", f"no crds found with the label selector '{COMPONENTS}'")
        return [Finding("crds", "customresourcedefinitions", False, "no crds found")]
    found = []
    for definition in definitions:
        name, stored = name_of(definition), items(definition, "status.storedVersions")
        if stored:
            yield Step("success", f"{name}/{stored[-1]}")
        else:
            yield Step("failure", f"no stored versions for {name}")
        found.append(Finding("crds", name, bool(stored), str(stored[-1]) if stored else "no stored versions"))
        skew = _skew(definition)
        if skew:
            yield Step("warning", f"{name}: {skew}")
            found.append(Finding("skew", name, True, skew))
    return found


def _skew(definition: Object) -> str:
    """What it means that the cluster does not serve the version of a Flux kind that this program reads first; "" where it does.

    No failure: the Go CLI looks at stored versions alone, and what can be read is read.
    """
    kind = text(definition, "spec.names.kind")
    if kind not in kinds.NAMES or kinds.named(kind).resource.group != text(definition, "spec.group"):
        return ""
    resource = kinds.named(kind).resource
    served = {text(version, "name") for version in items(definition, "spec.versions") if dig(version, "served") is True}
    found = next((version for version in (resource.version, *resource.older) if version in served), "")
    if found == resource.version:
        return ""
    known = ", ".join((resource.version, *resource.older))
    return f"{resource.version} is not served, {found} is read instead" if found else f"cannot be read, none of {known} is served"


def collected(looks: Looks, into: list[Finding]) -> Iterator[Step]:
    """The steps, while what was found is put into the list."""
    into += yield from looks
