"""A source that is a folder on this machine (``file://``): its manifests, plain or by a simple kustomization.yaml."""

import os

from flux_cli.core.errors import FluxError
from flux_cli.core.objects import Object, items, text
from flux_cli.sandbox.controllers._outcome import Failure
from flux_cli.sandbox.loading import MANIFESTS, files, objects, parse

KUSTOMIZATION = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def manifests_at(root: str, path: str) -> list[Object]:
    """The objects at ``path`` below ``root``: those that a kustomization.yaml lists (with its namespace), else all."""
    base = os.path.realpath(root)
    folder = os.path.realpath(os.path.join(base, path.lstrip("/")))
    if not os.path.isdir(folder) or os.path.commonpath([base, folder]) != base:
        said = f"kustomization path not found: stat {folder}: no such file or directory"
        raise Failure("ArtifactFailed", said)
    try:
        return _built(folder, base)
    except FluxError as err:
        raise Failure("BuildFailed", f"failed to decode Kubernetes YAML from {err}") from None


def _built(folder: str, base: str) -> list[Object]:
    listing = next((os.path.join(folder, name) for name in KUSTOMIZATION if os.path.isfile(os.path.join(folder, name))), "")
    if not listing:
        return [obj for file in files(folder) for obj in objects(file)]
    with open(listing, encoding="utf-8") as file:
        document = next(iter(parse(file.read(), listing)), None)
    found: list[Object] = []
    for entry in items(document, "resources"):
        where = os.path.realpath(os.path.join(folder, str(entry)))
        if os.path.commonpath([base, where]) != base or not os.path.exists(where):
            raise FluxError(f"{listing}: accumulating resources: '{entry}' does not exist")
        if os.path.isdir(where):
            found += _built(where, base)
        elif where.endswith(MANIFESTS):
            found += [obj for file in files(where) for obj in objects(file)]
    namespace = text(document, "namespace")
    return [obj | {"metadata": obj["metadata"] | {"namespace": namespace}} for obj in found] if namespace else found
