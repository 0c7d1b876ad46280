"""Every way of failing through the front door: the first cause that is named has the right code and the right object."""

import json
import pathlib

import pytest
from diagnosis import chains, rollouts, scenarios
from diagnosis.world import kept
from front_door import Flux

SCENARIOS = scenarios.SCENARIOS | chains.SCENARIOS | rollouts.SCENARIOS


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_cause_and_the_object_to_change(flux: Flux, tmp_path: pathlib.Path, name: str) -> None:
    wanted = SCENARIOS[name]
    kind, namespace, symptom = wanted.symptom.split("/")
    folder = kept(tmp_path / "snapshot", *wanted.objects, **wanted.logs)
    got = flux(f"troubleshoot {kind} {symptom} -n {namespace} --from {folder} -o json")
    assert (got.code, got.err) == (3, "")
    answer = json.loads(got.out)
    first = answer["causes"][0]
    named = ["{} {kind}/{namespace}/{name}".format(cause["code"], **cause["object"]) for cause in answer["causes"]]
    assert named[0] == f"{wanted.code} {wanted.root}"
    assert not wanted.also or wanted.also in named[1:]
    assert answer["healthy"] is False
    assert first["evidence"] or wanted.code == "controller-defect"
    assert first["remedy"]
    assert answer["chain"][0]["object"] == {"kind": kind, "namespace": namespace, "name": symptom}


@pytest.mark.parametrize("name", rollouts.HEALTHY)
def test_odd_but_fine(flux: Flux, tmp_path: pathlib.Path, name: str) -> None:
    symptom, objects = rollouts.HEALTHY[name]
    kind, namespace, of = symptom.split("/")
    got = flux(f"troubleshoot {kind} {of} -n {namespace} --from {kept(tmp_path / 'snapshot', *objects)} -o json")
    answer = json.loads(got.out)
    assert (got.code, answer["healthy"], answer["causes"]) == (0, True, [])
