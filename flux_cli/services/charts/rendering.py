"""From chart and values to objects: ``helm template``, then what helm-controller does to its output."""

import json
import pathlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from flux_cli.core.errors import FluxError
from flux_cli.core.goyaml_load import YamlError, load_all
from flux_cli.core.objects import Object, dig, items, name_of, namespace_of, text
from flux_cli.services.building.kustomize import run as kustomize
from flux_cli.services.charts.helm import Helm

_HOOK = "helm.sh/hook"


class How(NamedTuple):
    """With the CRDs of the chart's own folder, with hooks, and as the first installation or an upgrade."""

    crds: bool
    hooks: bool
    upgrade: bool


def crd_policy(release: Object, *, upgrade: bool) -> str:
    """What becomes of the chart's own CRDs: Skip, Create (where they are missing) or CreateReplace.

    The API's description says that an upgrade skips them by default; helm-controller creates those that are missing.
    """
    return text(release, f"spec.{'upgrade' if upgrade else 'install'}.crds") or "Create"


def own_crds(helm: Helm, chart: pathlib.Path) -> frozenset[str]:
    """The names of the CRDs in the folder ``crds`` of a chart and its subcharts. Raises FluxError."""
    try:
        return frozenset(name_of(doc) for doc in load_all(helm.run("show", "crds", str(chart))) if isinstance(doc, dict))
    except YamlError as err:
        raise FluxError(f"the chart's CRDs are not YAML: {err}") from err


def template(
    helm: Helm, chart: pathlib.Path, release: Object, name: str, namespace: str, values: Any, served: tuple[str, list[str]],
    how: How,
) -> list[Object]:  # fmt: skip
    """The objects of a chart, its own CRDs first. Raises FluxError."""
    args = [
        "template",
        name,
        str(chart),
        "--namespace",
        namespace,
        "--values",
        helm.write_secret("values.json", json.dumps(values)),
    ]
    args += [flag for flag, wanted in (("--include-crds", how.crds), ("--is-upgrade", how.upgrade)) if wanted]
    if not how.hooks or dig(release, f"spec.{'upgrade' if how.upgrade else 'install'}.disableHooks") is True:
        args.append("--no-hooks")
    version, apis = served
    if version:
        args += ["--kube-version", version]
    if apis:
        args += ["--api-versions", ",".join(apis)]
    try:
        return [obj for doc in load_all(helm.run(*args)) for obj in _opened(doc)]
    except YamlError as err:
        raise FluxError(f"the chart renders to something else than YAML: {err}") from err


def _opened(doc: Any) -> list[Object]:
    """A document's objects: lists are opened, empty ones are none."""
    if not isinstance(doc, dict) or not doc.get("kind"):
        return []
    if text(doc, "kind").endswith("List") and "items" in doc:
        return [obj for obj in items(doc, "items") if isinstance(obj, dict)]
    return [doc]


def finished(
    objects: list[Object], release: Object, environ: Mapping[str, str], folder: pathlib.Path, strategy: str
) -> list[Object]:  # fmt: skip
    """Post-renderers in order, the release's common metadata, and the labels by which helm-controller knows what is its own.

    ``strategy``: hooks are left out of all that (``nohooks``), go with the rest (``combined``), or by themselves (``separate``).
    """
    hooks = [obj for obj in objects if _HOOK in dig(obj, "metadata.annotations", {})]
    plain = [obj for obj in objects if obj not in hooks]
    if strategy == "combined":
        return _rendered(objects, release, environ, folder / "post")
    hooks = _rendered(hooks, release, environ, folder / "post-hooks") if strategy == "separate" else hooks
    return [*_rendered(plain, release, environ, folder / "post"), *hooks]


def owned(obj: Object, release: Object) -> Object:
    """With the labels by which helm-controller knows what is its own."""
    owner = {"helm.toolkit.fluxcd.io/name": name_of(release), "helm.toolkit.fluxcd.io/namespace": namespace_of(release)}
    meta = dig(obj, "metadata", {})
    return {**obj, "metadata": {**meta, "labels": {**(meta.get("labels") or {}), **owner}}}


def _rendered(objects: list[Object], release: Object, environ: Mapping[str, str], folder: pathlib.Path) -> list[Object]:
    for index, renderer in enumerate(items(release, "spec.postRenderers")):
        made = dig(renderer, "kustomize")
        if isinstance(made, dict) and objects:
            objects = _post_rendered(objects, made, folder / str(index), environ)
    common = {key: dig(release, f"spec.commonMetadata.{key}", {}) for key in ("labels", "annotations")}
    for obj in objects:
        meta = obj.setdefault("metadata", {})
        for key, added in common.items():
            if isinstance(added, dict) and added:
                meta[key] = {**(meta.get(key) or {}), **added}
    return [owned(obj, release) for obj in objects]


def _post_rendered(objects: list[Object], renderer: Object, folder: pathlib.Path, environ: Mapping[str, str]) -> list[Object]:
    folder.mkdir(parents=True)
    (folder / "all.yaml").write_text("\n---\n".join(json.dumps(obj) for obj in objects))
    made = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": ["all.yaml"],
        "patches": [{k: p[k] for k in ("patch", "target") if p.get(k)} for p in items(renderer, "patches")],
        "images": items(renderer, "images"), "sortOptions": {"order": "fifo"},
    }  # fmt: skip
    return kustomize(made, str(folder), environ)
