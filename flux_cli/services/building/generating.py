"""The kustomization.yaml that is built: the folder's own or a generated one, with what the Kustomization's spec adds."""

import os
import pathlib
from collections.abc import Sequence
from typing import Any

from flux_cli.core.errors import FluxError
from flux_cli.core.gitignore import BINARIES, CI, TOOLS, VCS, Pattern, ignored, parse, read_tree
from flux_cli.core.goyaml_load import YamlError, load
from flux_cli.core.objects import Object, dig, items, text
from flux_cli.services.building.scanning import entries, kustomization_file, scan, urls

_DEFAULTS = (*VCS, *BINARIES, *CI, *TOOLS)
_ALL_IGNORED = "_placeholder"
# what a kustomization file may say: the controller drops anything else before kustomize could complain
_FIELDS = {
    "apiVersion", "kind", "metadata", "openapi", "namePrefix", "nameSuffix", "namespace", "commonLabels", "labels",
    "commonAnnotations", "patchesStrategicMerge", "patchesJson6902", "patches", "images", "imageTags", "replacements",
    "replicas", "vars", "sortOptions", "resources", "components", "crds", "bases", "configMapGenerator", "secretGenerator",
    "helmGlobals", "helmCharts", "helmChartInflationGenerator", "generatorOptions", "configurations", "generators",
    "transformers", "validators", "buildMetadata",
}  # fmt: skip


def generate(wanted: Object, folder: str, ignore: Sequence[str]) -> Object:
    """The content of the kustomization.yaml, as a mapping. Raises FluxError and OSError."""
    root = pathlib.Path(folder)
    os.lstat(folder)
    patterns = read_tree(root) + parse(ignore)
    name = kustomization_file(folder)
    if name:
        made = _read(root / name)
        if not any(made.get(key) for key in ("resources", "components", "generators", "configMapGenerator", "secretGenerator")):
            made.setdefault("buildMetadata", ["originAnnotations"])
    else:
        made = {"resources": scan(folder, patterns)}
        if not made["resources"]:
            made["namespace"] = _ALL_IGNORED
    made = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", **made}
    _without_ignored(made, root, parse(_DEFAULTS) + patterns)
    _apply_spec(made, wanted, root)
    made.setdefault("sortOptions", {"order": "fifo"})
    return made


def _read(path: pathlib.Path) -> Object:
    try:
        found = load(path.read_text(errors="replace"))
    except YamlError as err:
        raise FluxError(f"error converting YAML to JSON: {err}") from err
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise FluxError(f"invalid kustomization file {path}: it is not a mapping")
    return {key: value for key, value in found.items() if key in _FIELDS}


def _without_ignored(made: Object, root: pathlib.Path, patterns: Sequence[Pattern]) -> None:
    """Local resources, components and CRDs that an ignore rule matches are left out; a missing file is an error."""
    for field in ("resources", "components", "crds"):
        if field not in made:
            continue
        kept = []
        for entry in entries(made, field):
            if urls(entry):
                kept.append(entry)
                continue
            target = os.path.normpath(os.path.join(root, entry))
            is_dir = pathlib.Path(target).is_dir() if os.lstat(target) else False
            relative = os.path.relpath(target, root)
            if not ignored(patterns, relative.split(os.sep), is_dir):
                kept.append(entry)
        made[field] = kept


def _apply_spec(made: Object, wanted: Object, root: pathlib.Path) -> None:
    """What the Kustomization's spec adds; upstream's order."""
    for field, target in (("targetNamespace", "namespace"), ("namePrefix", "namePrefix"), ("nameSuffix", "nameSuffix")):
        if text(wanted, f"spec.{field}"):
            made[target] = text(wanted, f"spec.{field}")
    patches = [
        {key: p[key] for key in ("patch", "target") if p.get(key)} for p in items(wanted, "spec.patches") if isinstance(p, dict)
    ]
    if patches:
        made["patches"] = [*items(made, "patches"), *patches]
    _add_components(made, wanted, root)
    images = [image for image in items(wanted, "spec.images") if isinstance(image, dict)]
    if images:
        made["images"] = _images(items(made, "images"), images)
    if items(wanted, "spec.buildMetadata"):
        made["buildMetadata"] = items(wanted, "spec.buildMetadata")


def _add_components(made: Object, wanted: Object, root: pathlib.Path) -> None:
    lenient = dig(wanted, "spec.ignoreMissingComponents") is True
    for component in entries(wanted, "spec.components"):
        if urls(component) or os.path.isabs(component):
            raise FluxError(f"component path '{component}' must be local and relative")
        if lenient and not (root / component).exists():
            continue
        made["components"] = [*items(made, "components"), component]


def _images(there: list[Any], added: list[Object]) -> list[Any]:
    """Images by name; a new tag and digest replace the old ones together."""
    out = [dict(image) for image in there if isinstance(image, dict)]
    for image in added:
        known = next((o for o in out if o.get("name") == image.get("name")), None)
        if known is None:
            out.append(dict(image))
            continue
        if image.get("newName"):
            known["newName"] = image["newName"]
        if image.get("newTag") or image.get("digest"):
            known.pop("newTag", None)
            known.pop("digest", None)
            known.update({key: image[key] for key in ("newTag", "digest") if image.get(key)})
    return out
