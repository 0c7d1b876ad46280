"""The registry: complete, and open by one file and one line."""

import pathlib
import sys

import pytest
from front_door import Flux

from flux_cli import kinds
from flux_cli.core.api import Resource
from flux_cli.kinds._model import NAME, STATUS, Kind, Names

ODD: list[dict[str, object]] = [
    {},
    {"spec": None},
    {"spec": [], "status": "x"},
    {"metadata": 3},
    {"spec": {"sourceRef": []}, "status": {"conditions": {}}},
    {"status": {"conditions": [None, 1, {"type": "Ready"}], "history": {}}},
]


def test_every_kind_of_flux_is_there() -> None:
    found = {k.kind: k.resource.api_version for k in kinds.every()}
    assert found == {
        "GitRepository": "source.toolkit.fluxcd.io/v1",
        "OCIRepository": "source.toolkit.fluxcd.io/v1",
        "Bucket": "source.toolkit.fluxcd.io/v1",
        "HelmRepository": "source.toolkit.fluxcd.io/v1",
        "HelmChart": "source.toolkit.fluxcd.io/v1",
        "ExternalArtifact": "source.toolkit.fluxcd.io/v1",
        "Kustomization": "kustomize.toolkit.fluxcd.io/v1",
        "HelmRelease": "helm.toolkit.fluxcd.io/v2",
        "Receiver": "notification.toolkit.fluxcd.io/v1",
        "Provider": "notification.toolkit.fluxcd.io/v1beta3",
        "Alert": "notification.toolkit.fluxcd.io/v1beta3",
        "ImageRepository": "image.toolkit.fluxcd.io/v1",
        "ImagePolicy": "image.toolkit.fluxcd.io/v1",
        "ImageUpdateAutomation": "image.toolkit.fluxcd.io/v1",
        "ArtifactGenerator": "source.extensions.fluxcd.io/v1beta1",
    }


@pytest.mark.parametrize(("word", "kind"), [
    ("ks", "Kustomization"), ("hr", "HelmRelease"), ("HelmRelease", "HelmRelease"), ("helmreleases", "HelmRelease"),
    ("gitrepo", "GitRepository"), ("GITREPOSITORY", "GitRepository"), ("ocirepositories", "OCIRepository"),
    ("buckets.source.toolkit.fluxcd.io", "Bucket"), ("hc", "HelmChart"), ("provider", "Provider"), ("alert-provider", "Provider"),
])  # fmt: skip
def test_a_kind_is_found_by_any_of_its_names(word: str, kind: str) -> None:
    found = kinds.find(word)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize("word", ["", "git", "pod", "source", "all"])
def test_other_words_name_no_kind(word: str) -> None:
    assert kinds.find(word) is None


@pytest.mark.parametrize("kind", kinds.every(), ids=lambda k: k.kind)
def test_odd_objects_never_break_a_kind(kind: Kind) -> None:
    """Whatever a cluster sends, columns are strings and relations are lists."""
    for odd in ODD:
        assert all(isinstance(column.value(odd), str) for column in kind.columns)
        assert isinstance(kind.revision(odd), str)
        assert isinstance(kind.done(odd), str)
        assert kind.suspended(odd) in (True, False)
        assert isinstance(list(kind.needs(odd)), list)
        assert kind.source is None or kind.source(odd) is None


def test_a_new_kind_is_one_file_and_one_line(monkeypatch: pytest.MonkeyPatch, flux: Flux, tmp_path: pathlib.Path) -> None:
    """A module ``widget`` and its name in NAMES: the live command tree lists, reads and suspends it."""
    module = type(sys)("flux_cli.kinds.widget")
    module.KIND = Kind(  # type: ignore[attr-defined]
        resource=Resource("demo.fluxcd.io", "v1", "widgets", "Widget"),
        names=Names("widget", "widgets", "widget", short=("wd",)),
        controller="widget-controller",
        columns=(NAME, *STATUS),
    )
    monkeypatch.setitem(sys.modules, "flux_cli.kinds.widget", module)
    monkeypatch.setattr(kinds, "NAMES", (*kinds.NAMES, "Widget"))
    (tmp_path / "widget.yaml").write_text(
        "apiVersion: demo.fluxcd.io/v1\nkind: Widget\nmetadata: {name: one, namespace: flux-system}\n"
        "status: {conditions: [{type: Ready, status: 'True', message: works}]}\n"
    )
    answer = flux(f"get widgets --from {tmp_path}/widget.yaml")
    assert answer == (0, "NAME\tSUSPENDED\tREADY\tMESSAGE \none \tFalse    \tTrue \tworks  \t\n", "")
