"""Scenarios: objects, what lies outside the cluster, and which objects fail, as one YAML document."""

import os
from functools import cache
from typing import Any

from flux_cli.core.api import Cluster
from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object, dig, items, name_of, namespace_of, text
from flux_cli.sandbox.controller_pods import CONTROLLERS, controller_pod
from flux_cli.sandbox.loading import is_object, parse
from flux_cli.sandbox.populate import load
from flux_cli.sandbox.world import Play, World

FOLDER = os.path.join(os.path.dirname(__file__), "scenarios")


def stage(cluster: Cluster, world: World, scenario: str) -> None:
    """Put a scenario's objects into the cluster and its answers into the world.

    ``scenario`` is the name of one that comes with flux, or a path. Raises FluxError where it cannot be read or is none.
    """
    document = read(scenario)
    world.scenario = document
    world.plays = plays()
    objects: list[Object] = []
    for name in items(document, "controllers"):
        if name not in CONTROLLERS:
            raise FluxError(f"{scenario}: {name} is not a Flux controller", hint=f"Known are {', '.join(CONTROLLERS)}.")
        objects += controller_pod(name)
    for entry in items(document, "objects"):
        if not is_object(entry):
            raise FluxError(f"{scenario}: an entry of objects is not a Kubernetes object")
        fault = entry.pop("fault", "")
        if fault and fault not in world.plays:
            raise FluxError(f"{scenario}: no fault named {fault}", hint=f"Known are {', '.join(sorted(world.plays))}.")
        kinds = sorted({play.kind for play in world.plays.get(fault, ())})
        if fault and entry["kind"] not in kinds:
            raise FluxError(f"{scenario}: {entry['kind']} cannot have the fault {fault}", hint=f"{', '.join(kinds)} can.")
        if fault:
            world.faults[entry["kind"], namespace_of(entry), name_of(entry)] = fault
        objects.append(entry)
    refused = load(cluster, objects).refused
    if refused:
        raise FluxError(f"{scenario}: {refused[0]}")


def read(scenario: str) -> Object:
    known = sorted(name.removesuffix(".yaml") for name in os.listdir(FOLDER) if name != "faults.yaml")
    path = os.path.join(FOLDER, f"{scenario}.yaml") if scenario in known else scenario
    if not os.path.isfile(path):
        raise FluxError(f"no scenario named {scenario}", hint=f"Known are {', '.join(known)}; a path works as well.")
    document: Object = _document(path)
    if text(document, "kind") != "Scenario":
        raise FluxError(f"{path} is not a scenario: its kind must be Scenario")
    return document


@cache
def plays() -> dict[str, list[Play]]:
    """The faults that a scenario can ask for, by slug."""
    document = _document(os.path.join(FOLDER, "faults.yaml"))
    return {slug: [_play(entry) for entry in entries] for slug, entries in dig(document, "faults", {}).items()}


def _play(entry: Object) -> Play:
    stalled = dig(entry, "stalled") is True
    return Play(text(entry, "kind"), text(entry, "reason"), text(entry, "message"), text(entry, "condition"), stalled)


def _document(path: str) -> Any:
    with open(path, encoding="utf-8") as file:
        return next(iter(parse(file.read(), path)), {})
