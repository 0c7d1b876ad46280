"""What kustomize-controller does after kustomize: post-build substitution, common metadata, owner labels; and masks."""

import re
from collections.abc import Callable
from typing import Any

from flux_cli.core import objects
from flux_cli.core.api import Cluster
from flux_cli.core.errors import FluxError
from flux_cli.core.goyaml import bare, dump
from flux_cli.core.goyaml_load import YamlError, load
from flux_cli.core.objects import Object, dig, name_of, namespace_of
from flux_cli.services.building.masking import mask_sops
from flux_cli.services.building.plan import Plan
from flux_cli.services.substitution import SubstitutionError, substitute
from flux_cli.services.values import post_build_vars

SWITCH = "kustomize.toolkit.fluxcd.io/substitute"
_NAME = re.compile(r"[_A-Za-z][_A-Za-z0-9]*\Z")


def finished(built: list[Object], wanted: Object, plan: Plan, connect: Callable[[], Cluster]) -> list[Object]:
    """The objects as the controller would apply them, Secrets that SOPS encrypted masked. Raises FluxError."""
    variables = _Variables(wanted, plan, connect)
    out = []
    for obj in built:
        done = variables.fill(obj)
        meta = done.setdefault("metadata", {})
        _own(meta, wanted)
        mask_sops(done, dump(done))
        _common(meta, wanted)
        out.append(done)
    return out


class _Variables:
    """The variables of ``spec.postBuild``, read from the cluster when the first object needs them."""

    def __init__(self, wanted: Object, plan: Plan, connect: Callable[[], Cluster]) -> None:
        self._wanted = wanted
        self._plan = plan
        self._connect = connect
        self._found: dict[str, str] | None = None
        self._wants = isinstance(dig(wanted, "spec.postBuild"), dict)

    def fill(self, obj: Object) -> Object:
        if not self._wants or "disabled" in (objects.labels(obj).get(SWITCH), objects.annotations(obj).get(SWITCH)):
            return obj
        try:
            return self._filled(obj)
        except FluxError as err:
            raise FluxError(f"var substitution failed for '{name_of(obj)}': {err}") from err

    def _filled(self, obj: Object) -> Object:
        if self._found is None:
            self._found = self._load()
        always = dig(self._wanted, "spec.postBuild.substituteStrategy") == "Always"
        if not self._found and not always:
            return obj
        for name in sorted(self._found):
            if not _NAME.match(name):
                raise FluxError(
                    f"envsubst error: '{name}' var name is invalid, must match '^[_[:alpha:]][_[:alpha:][:digit:]]*$'"
                )
        try:
            text = substitute(dump(obj), self._found.get, self._plan.strict)
        except SubstitutionError as err:
            raise FluxError(f"envsubst error: variable substitution failed: {err}") from err
        try:
            filled = load(text)
        except YamlError as err:
            raise FluxError(f"envsubst error: YAMLToJSON: {err}") from err
        if not isinstance(filled, dict):
            raise FluxError("envsubst error: the result is not an object")
        return filled

    def _load(self) -> dict[str, str]:
        if not self._plan.dry_run:
            return post_build_vars(self._connect(), self._wanted)
        inline = dig(self._wanted, "spec.postBuild.substitute", {})
        found: dict[str, Any] = inline if isinstance(inline, dict) else {}
        return {key: str(value).replace("\n", "") for key, value in found.items()}


def _own(meta: Object, wanted: Object) -> None:
    """The labels by which the controller finds what it applied."""
    owner = {
        "kustomize.toolkit.fluxcd.io/name": name_of(wanted),
        "kustomize.toolkit.fluxcd.io/namespace": namespace_of(wanted),
    }
    there = {key: bare(value) for key, value in (meta.get("labels") or {}).items()}
    meta["labels"] = there | owner  # whose values are text from here on


def _common(meta: Object, wanted: Object) -> None:
    for field in ("labels", "annotations"):
        added = dig(wanted, f"spec.commonMetadata.{field}", {})
        if isinstance(added, dict) and added:
            meta[field] = {**(meta.get(field) or {}), **added}
