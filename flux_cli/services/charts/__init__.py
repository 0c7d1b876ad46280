"""What a HelmRelease would install: its chart, its values and its post-renderers, put through the ``helm`` program."""

import hashlib
import pathlib
import tempfile
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flux_cli.core.api import CRD, Cluster
from flux_cli.core.errors import ApiError, FluxError
from flux_cli.core.goyaml_load import YamlError, load_all
from flux_cli.core.objects import Object, dig, name_of, namespace_of, text
from flux_cli.kinds import named
from flux_cli.services.charts.helm import Helm
from flux_cli.services.charts.plan import Plan
from flux_cli.services.charts.rendering import How, crd_policy, finished, own_crds, owned, template
from flux_cli.services.charts.sources import fetch
from flux_cli.services.feature_gates import enabled
from flux_cli.services.helm_storage import Installed, installed
from flux_cli.services.screening import Screen
from flux_cli.services.values import release_values

CONTROLLER = "helm-controller"
_NAME_LIMIT = 53


class Rendered(NamedTuple):
    """``name``, ``namespace``: of the release, as Helm is given them. ``installed``: what an upgrade starts from.

    ``definitions``: names of the chart's own CRDs; ``created``: those that are made where they are missing, and never changed.
    ``secrets``: texts that come from Secrets, wherever they stand now.
    """

    release: Object
    name: str
    namespace: str
    objects: list[Object]
    installed: Installed | None = None
    definitions: frozenset[str] = frozenset()
    created: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()


def build(plan: Plan, connect: Callable[[], Cluster], environ: Mapping[str, str]) -> Rendered:
    """Raises FluxError. The cluster gives the release, its source and ``valuesFrom``, where no local file does."""
    release = _release(plan, connect)
    secrets: set[str] = set()
    values = release_values(connect(), release, secrets) if dig(release, "spec.valuesFrom") else dig(release, "spec.values", {})
    try:
        return _rendered(plan, release, values, connect, environ)._replace(secrets=frozenset(secrets))
    except FluxError as err:
        said = Screen(secrets).text(str(err))
        if said == str(err):
            raise
        raise FluxError(said, hint=err.hint) from None  # the error itself holds what must not be shown


def _rendered(plan: Plan, release: Object, values: Any, connect: Callable[[], Cluster], environ: Mapping[str, str]) -> Rendered:
    with tempfile.TemporaryDirectory(prefix="flux-helm-") as made:
        folder = pathlib.Path(made)
        helm = Helm(folder, environ, plan.seconds)
        chart = fetch(plan, release, connect, helm, folder)
        name, target = release_name(release), text(release, "spec.targetNamespace") or namespace_of(release)
        there = installed(connect(), release, name) if plan.upgrade else None
        policy = crd_policy(release, upgrade=there is not None)
        how = How(crds=policy != "Skip", hooks=plan.hooks, upgrade=there is not None)
        objects = template(helm, chart, release, name, target, values, _served(plan, connect), how)
        own = own_crds(helm, chart) if policy != "Skip" else frozenset()
        definitions = [owned(obj, release) for obj in objects if _is_own(obj, own)]
        rest = [obj for obj in objects if not _is_own(obj, own)]
        objects = definitions + finished(rest, release, environ, folder, _strategy(release, connect))
        return Rendered(release, name, target, objects, there, own, own if policy == "Create" else frozenset())


def _is_own(obj: Object, own: frozenset[str]) -> bool:
    """Whether it is a CRD of the chart's own folder: no post-renderer sees those."""
    return obj.get("kind") == CRD.kind and name_of(obj) in own


def _strategy(release: Object, connect: Callable[[], Cluster]) -> str:
    """What post-renderers get of hooks: without any of them it makes a difference for labels only, and nobody is asked."""
    said = text(release, "spec.postRenderStrategy")
    if said or not dig(release, "spec.postRenderers"):
        return said or "combined"
    try:
        return "nohooks" if enabled(connect(), CONTROLLER, "UseHelm3Defaults") else "combined"
    except FluxError:
        return "combined"


def release_name(release: Object) -> str:
    """The name that Helm is given: shortened with a hash where it is too long for Helm."""
    target = text(release, "spec.targetNamespace")
    name = text(release, "spec.releaseName") or "-".join(part for part in (target, name_of(release)) if part)
    if len(name) <= _NAME_LIMIT:
        return name
    return f"{name[:40]}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _release(plan: Plan, connect: Callable[[], Cluster]) -> Object:
    if plan.release is None and not plan.file:
        return _live(plan, connect())
    release = plan.release or _from_file(plan)
    if not plan.upgrade:
        return release
    try:
        return {**release, "status": _live(plan, connect()).get("status", {})}
    except FluxError:
        return release  # it is new


def _live(plan: Plan, cluster: Cluster) -> Object:
    try:
        return cluster.get(named("HelmRelease").resource, plan.namespace, plan.name)
    except ApiError as err:
        raise FluxError(
            f"failed to get helmrelease object: {err}", hint=err.hint or "--helmrelease-file reads it from a file."
        ) from err


def _from_file(plan: Plan) -> Object:
    try:
        for doc in load_all(pathlib.Path(plan.file).read_text(errors="replace")):
            wanted = isinstance(doc, dict) and doc.get("kind") == "HelmRelease" and name_of(doc) == plan.name
            if wanted and namespace_of(doc) in ("", plan.namespace):
                return {**doc, "metadata": {**doc["metadata"], "namespace": plan.namespace}}
    except OSError as err:
        raise FluxError(f"failed to read helmrelease file {plan.file}: {(err.strerror or '').lower()}") from err
    except YamlError as err:
        raise FluxError(f"failed to parse helmrelease file {plan.file}: {err}") from err
    raise FluxError(f"no HelmRelease named '{plan.name}' for namespace '{plan.namespace}' in file '{plan.file}'")


def _served(plan: Plan, connect: Callable[[], Cluster]) -> tuple[str, list[str]]:
    """(Kubernetes version, API versions) for the chart's conditions; empty where the cluster is not asked or does not say."""
    if plan.file and plan.chart:
        return "", []
    try:
        cluster = connect()
        version = text(cluster.raw("/version"), "gitVersion")
        return version, sorted(
            {f"{r.api_version}/{r.kind}" for r in cluster.resources()} | {r.api_version for r in cluster.resources()}
        )
    except FluxError:
        return "", []
