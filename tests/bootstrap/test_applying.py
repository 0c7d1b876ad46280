"""Apply in stages: refusals, conflicts and definitions that never come into force, in the words of Flux' own engine."""

from typing import Any

import pytest
from bootstrap.conftest import Place

from flux_cli.core.api import CONFIG_MAP, CRD
from flux_cli.core.errors import FluxError, Invalid, Timeout
from flux_cli.core.objects import Object
from flux_cli.main import SystemClock
from flux_cli.services.applying import apply_staged, order, preview, wait_current


def config_map(name: str, **data: str) -> Object:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "apps"}, "data": data}


NAMESPACE_APPS = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "apps"}}


def run(place: Place, *objects: Object) -> list[str]:
    return [str(change) for change in apply_staged(place.cluster, SystemClock(), objects)]


def test_created_configured_unchanged(place: Place) -> None:
    objects = [config_map("b", x="1"), config_map("a", x="1"), NAMESPACE_APPS]
    assert run(place, *objects) == ["Namespace/apps created", "ConfigMap/apps/a created", "ConfigMap/apps/b created"]
    foreseen = [str(change) for change in preview(place.cluster, [config_map("b", x="2"), config_map("c"), NAMESPACE_APPS])]
    assert run(place, config_map("b", x="2"), config_map("c"), NAMESPACE_APPS) == foreseen == [
        "Namespace/apps unchanged", "ConfigMap/apps/b configured", "ConfigMap/apps/c created"]  # fmt: skip


def test_fields_of_others_are_taken_and_their_other_fields_stay(place: Place) -> None:
    run(place, NAMESPACE_APPS)
    theirs = config_map("a", x="theirs", y="theirs")
    place.cluster.apply(CONFIG_MAP, "apps", theirs, field_manager="somebody")
    assert run(place, config_map("a", x="ours")) == ["ConfigMap/apps/a configured"]
    assert place.cluster.get(CONFIG_MAP, "apps", "a")["data"] == {"x": "ours", "y": "theirs"}


def test_a_refusal_leaves_everything_as_it_was(place: Place) -> None:
    run(place, NAMESPACE_APPS)
    place.recorder.writes.clear()
    send = place.recorder.inner.send

    def refusing(request: Any, **options: Any) -> Any:
        if request.method == "PATCH" and request.path.endswith("/b"):
            raise Invalid("b is not welcome", status=422, reason="Invalid")
        return send(request, **options)

    place.recorder.inner.send = refusing  # type: ignore[method-assign]
    with pytest.raises(FluxError, match=r"ConfigMap/apps/b dry-run failed \(Invalid\): b is not welcome"):
        run(place, config_map("a"), config_map("b"), config_map("c"))
    assert place.recorder.real() == []


def test_a_kind_that_is_not_served(place: Place) -> None:
    odd = {"apiVersion": "example.com/v1", "kind": "Odd", "metadata": {"name": "o", "namespace": "apps"}}
    with pytest.raises(FluxError, match=r'Odd/apps/o dry-run failed: no matches for kind "Odd" in version "example.com/v1"'):
        run(place, odd)


def test_a_write_that_fails_after_all(place: Place) -> None:
    run(place, NAMESPACE_APPS)
    send = place.recorder.inner.send

    def refusing(request: Any, **options: Any) -> Any:
        if request.method == "PATCH" and ("dryRun", "All") not in request.query:
            raise Invalid("no more of these", status=422)
        return send(request, **options)

    place.recorder.inner.send = refusing  # type: ignore[method-assign]
    with pytest.raises(FluxError, match="ConfigMap/apps/a apply failed: no more of these"):
        run(place, config_map("a"))


def definition(*conditions: Object) -> Object:
    names = {"plural": "odds", "singular": "odd", "kind": "Odd"}
    schema = {"openAPIV3Schema": {"type": "object"}}
    spec = {"group": "example.com", "scope": "Namespaced", "names": names,
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema}]}  # fmt: skip
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "odds.example.com"},
            "spec": spec, "status": {"conditions": list(conditions)}}  # fmt: skip


class Still:
    """A cluster that always answers the same object, for waits that end badly."""

    def __init__(self, obj: Object) -> None:
        self._obj = obj

    def resolve(self, api_version: str, kind: str) -> Any:
        assert (api_version, kind) == ("apiextensions.k8s.io/v1", "CustomResourceDefinition")
        return CRD

    def get(self, *_: object) -> Object:
        return self._obj


def test_definitions_that_clash() -> None:
    clash = definition({"type": "NamesAccepted", "status": "False", "message": "taken"})
    said = r"failed early due to stalled resources: \[CustomResourceDefinition/odds.example.com status: 'Failed'\]"
    with pytest.raises(FluxError, match=said):
        wait_current(Still(clash), SystemClock(), [clash], 5)  # type: ignore[arg-type]


def test_definitions_that_are_never_established() -> None:
    slow = definition()
    said = r"timeout waiting for: \[CustomResourceDefinition/odds.example.com status: 'InProgress'\]"
    with pytest.raises(Timeout, match=said):
        wait_current(Still(slow), SystemClock(), [slow], 0.2, every=0.05)  # type: ignore[arg-type]


def test_the_order_of_kinds() -> None:
    kinds = [
        "ValidatingWebhookConfiguration",
        "Kustomization",
        "Deployment",
        "Secret",
        "Namespace",
        "CustomResourceDefinition",
        "Job",
    ]
    objects = [{"apiVersion": "x/v1", "kind": kind, "metadata": {"name": "n"}} for kind in kinds]
    assert [obj["kind"] for obj in sorted(objects, key=order)] == [
        "CustomResourceDefinition", "Namespace", "Secret", "Deployment", "Job", "Kustomization", "ValidatingWebhookConfiguration"]  # fmt: skip
