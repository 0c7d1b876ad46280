"""Every way of failing through the front door: the first cause that is named has the right code and the right object."""

import json
import pathlib

import pytest
from diagnosis.scenarios import SCENARIOS
from diagnosis.world import kept
from front_door import Flux


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_cause_and_the_object_to_change(flux: Flux, tmp_path: pathlib.Path, name: str) -> None:
    wanted = SCENARIOS[name]
    kind, namespace, symptom = wanted.symptom.split("/")
    folder = kept(tmp_path / "snapshot", *wanted.objects, **wanted.logs)
    got = flux(f"troubleshoot {kind} {symptom} -n {namespace} --from {folder} -o json")
    assert (got.code, got.err) == (3, "")
    answer = json.loads(got.out)
    first = answer["causes"][0]
    assert (first["code"], "{kind}/{namespace}/{name}".format(**first["object"])) == (wanted.code, wanted.root)
    assert answer["healthy"] is False
    assert first["evidence"] or wanted.code == "controller-defect"
    assert first["remedy"]
    assert answer["chain"][0]["object"] == {"kind": kind, "namespace": namespace, "name": symptom}
