"""The diagnosis for programs: the same facts as the command's, as named tuples."""

import pathlib

import pytest
import yaml

import flux_cli
from flux_cli.core.errors import NotFound

OBJECTS = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: team, generation: 1}
spec: {interval: 10m, path: ./apps, prune: true, sourceRef: {kind: GitRepository, name: apps}}
status:
  observedGeneration: 1
  conditions:
  - {type: Ready, status: "False", reason: ArtifactFailed, message: "kustomization path not found: stat /tmp/x/apps: no such file or directory", lastTransitionTime: "2026-01-01T00:00:00Z"}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: apps, namespace: team, generation: 1}
spec: {interval: 1m, url: https://example.com/apps.git}
status:
  observedGeneration: 1
  artifact: {revision: main@sha1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}
  conditions:
  - {type: Ready, status: "True", reason: Succeeded, message: stored artifact, lastTransitionTime: "2026-01-01T00:00:00Z"}
"""


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> str:
    (tmp_path / "objects.yaml").write_text(OBJECTS)
    return str(tmp_path)


def test_one_object_in_one_call(folder: str) -> None:
    found = flux_cli.diagnose("ks", "apps", "team", from_path=folder)
    assert not found.healthy
    assert (found.causes[0].code, str(found.causes[0].object)) == ("kustomize-path-not-found", "Kustomization/team/apps")


def test_the_whole_cluster(folder: str) -> None:
    with flux_cli.connect(from_path=folder) as flux:
        found = flux.triage()
    assert [group.cause.code for group in found.groups] == ["kustomize-path-not-found"]
    assert found.total == len(list(yaml.safe_load_all(OBJECTS)))


def test_a_name_that_is_not_there(folder: str) -> None:
    with pytest.raises(NotFound, match='Kustomization "app" not found in team namespace') as caught:
        flux_cli.diagnose("ks", "app", "team", from_path=folder)
    assert "apps" in caught.value.hint
