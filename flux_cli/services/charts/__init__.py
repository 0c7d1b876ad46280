"""What a HelmRelease would install: its chart, its values and its post-renderers, put through the ``helm`` program."""

import hashlib
import pathlib
import tempfile
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flux_cli.core.api import Cluster
from flux_cli.core.errors import ApiError, FluxError
from flux_cli.core.goyaml_load import YamlError, load_all
from flux_cli.core.objects import Object, dig, name_of, namespace_of, text
from flux_cli.kinds import named
from flux_cli.services.charts.helm import Helm
from flux_cli.services.charts.plan import Plan
from flux_cli.services.charts.rendering import How, crd_policy, finished, own_crds, template
from flux_cli.services.charts.sources import fetch
from flux_cli.services.screening import Screen
from flux_cli.services.values import release_values

_NAME_LIMIT = 53


class Rendered(NamedTuple):
    """``created``: names of the chart's own CRDs that are made where they are missing, and never changed.

    ``secrets``: texts that come from Secrets, wherever they stand now.
    """

    release: Object
    namespace: str
    objects: list[Object]
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
        target = text(release, "spec.targetNamespace") or namespace_of(release)
        upgrade = plan.upgrade and bool(dig(release, "status.history"))
        policy = crd_policy(release, upgrade=upgrade)
        how = How(crds=policy != "Skip", hooks=plan.hooks, upgrade=upgrade)
        objects = template(helm, chart, release, release_name(release), target, values, _served(plan, connect), how)
        created = own_crds(helm, chart) if policy == "Create" else frozenset()
        return Rendered(release, target, finished(objects, release, environ, folder), created)


def release_name(release: Object) -> str:
    """The name that Helm is given: shortened with a hash where it is too long for Helm."""
    target = text(release, "spec.targetNamespace")
    name = text(release, "spec.releaseName") or "-".join(part for part in (target, name_of(release)) if part)
    if len(name) <= _NAME_LIMIT:
        return name
    return f"{name[:40]}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _release(plan: Plan, connect: Callable[[], Cluster]) -> Object:
    if plan.release is not None:
        try:
            return {**plan.release, "status": _live(plan, connect()).get("status", {})}
        except FluxError:
            return plan.release  # it is new
    return _from_file(plan) if plan.file else _live(plan, connect())


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
