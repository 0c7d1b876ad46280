"""Build a Kustomization from local files, as kustomize-controller would from the source; nothing is written beside them."""

import os
from collections.abc import Callable, Mapping
from typing import NamedTuple

from flux_cli.core.api import Cluster
from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object, items, name_of, namespace_of, text
from flux_cli.services.building.finishing import finished
from flux_cli.services.building.generating import generate
from flux_cli.services.building.kustomize import run
from flux_cli.services.building.plan import Plan
from flux_cli.services.building.wanted import find

GROUP = "kustomize.toolkit.fluxcd.io"


class Built(NamedTuple):
    """The Kustomization that was used, and its objects in kustomize's order, those of its children last."""

    kustomization: Object
    objects: list[Object]


def build(plan: Plan, connect: Callable[[], Cluster], environ: Mapping[str, str]) -> Built:
    """Raises FluxError in the Go CLI's words. ``connect`` is not called for a dry run."""
    wanted = find(plan, connect)
    folder = os.path.abspath(plan.path)
    try:
        if plan.in_memory:
            _inside(folder, os.getcwd())
        generated = generate(wanted, folder, plan.ignore)
    except (OSError, FluxError) as err:
        raise FluxError(f"failed to generate kustomization.yaml: {_said(err)} <nil>") from err
    objects = finished(run(generated, folder, environ), wanted, plan, connect)
    if plan.recursive:
        for obj in list(objects):
            if is_kustomization(obj) and not same(obj, wanted):
                objects += build(child(plan, obj), connect, environ).objects
    return Built(wanted, objects)


def is_kustomization(obj: Object) -> bool:
    return obj.get("kind") == "Kustomization" and text(obj, "apiVersion").partition("/")[0] == GROUP


def same(one: Object, other: Object) -> bool:
    return (name_of(one), namespace_of(one)) == (name_of(other), namespace_of(other))


def child(plan: Plan, obj: Object) -> Plan:
    """The plan for a Kustomization that another one applies. Raises FluxError where its source has no local folder."""
    namespace = namespace_of(obj)
    source = "/".join(
        (text(obj, "spec.sourceRef.kind"), text(obj, "spec.sourceRef.namespace") or namespace, text(obj, "spec.sourceRef.name"))
    )
    if source not in plan.local_sources:
        raise FluxError(f"cannot get local path for {source} of kustomization {name_of(obj)}")
    path = os.path.normpath(os.path.join(plan.local_sources[source], text(obj, "spec.path").lstrip("/") or "."))
    return plan._replace(name=name_of(obj), namespace=namespace, path=path, file="", fallback=obj)


def inventory(kustomization: Object) -> list[Object]:
    return [entry for entry in items(kustomization, "status.inventory.entries") if isinstance(entry, dict)]


def _inside(folder: str, root: str) -> None:
    """An in-memory build sees nothing outside the working folder."""
    real, top = os.path.realpath(folder), os.path.realpath(root)
    if real != top and not real.startswith(top.rstrip("/") + "/"):
        raise FluxError(
            f"fs-security-constraint abs {folder}: path '{folder}' is not in or below '{top}'",
            hint="--in-memory-build reads below the working folder only: change to a folder above the manifests.",
        )


def _said(err: Exception) -> str:
    """An error of the operating system as Go words it: ``open PATH: no such file or directory``."""
    if isinstance(err, OSError) and err.strerror:
        return f"lstat {err.filename}: {err.strerror.lower()}"
    return str(err)
