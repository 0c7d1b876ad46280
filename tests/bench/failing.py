"""A cluster in which 2,000 objects fail for one reason: a login that the Git server refuses. Made from a fixed seed."""

import random
from typing import Any

from bench.objects import make

COUNT = 2_000
SEED = 20_000
SOURCE = "app-00000"
REFUSED = "failed to checkout and determine revision: unable to clone 'https://example.com/apps.git': authentication required"
NO_ARTIFACT = "Source artifact not found, retrying in 30s"


def cluster() -> list[dict[str, Any]]:
    """The source, what takes from it, what waits for that, and the event that each left behind."""
    choose = random.Random(SEED)
    source = _failing(make("GitRepository", 0), "GitOperationFailed", REFUSED)
    del source["status"]["artifact"]
    found = [source]
    for number in range(1, COUNT):
        obj = make("Kustomization", number)
        waits_for = choose.randrange(1, number) if number > 1 and choose.random() < 0.5 else 0
        if waits_for:
            obj["spec"]["dependsOn"] = [{"name": f"app-{waits_for:05d}"}]
            _failing(obj, "DependencyNotReady", f"dependency 'flux-system/app-{waits_for:05d}' is not ready")
        else:
            _failing(obj, "ArtifactFailed", NO_ARTIFACT)
        found.append(obj)
    return [*found, *(_event(obj) for obj in found)]


def _failing(obj: dict[str, Any], reason: str, message: str) -> dict[str, Any]:
    obj["status"]["conditions"][0] |= {"status": "False", "reason": reason, "message": message}
    return obj


def _event(obj: dict[str, Any]) -> dict[str, Any]:
    said, name = obj["status"]["conditions"][0], obj["metadata"]["name"]
    about = {"apiVersion": obj["apiVersion"], "kind": obj["kind"], "name": name, "namespace": "flux-system"}
    return {
        "apiVersion": "v1", "kind": "Event", "metadata": {"name": f"{obj['kind'].lower()}.{name}", "namespace": "flux-system"},
        "involvedObject": about, "type": "Warning", "reason": said["reason"], "message": said["message"], "count": 3,
        "firstTimestamp": "2026-01-01T00:00:00Z", "lastTimestamp": "2026-01-01T00:10:00Z",
    }  # fmt: skip
