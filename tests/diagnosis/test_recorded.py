"""The recorded faults and reports, where they are beside the project: every one is named rightly."""

import json
import pathlib

import pytest
import yaml
from front_door import Flux

FAULTS = pathlib.Path(__file__).resolve().parents[3] / "shared" / "faults"
CASES = sorted(path.parent for path in FAULTS.glob("*/case.yaml"))


def parents() -> dict[str, str]:
    found = {}
    for entry in yaml.safe_load((FAULTS / "taxonomy.yaml").read_text()):
        found[entry["slug"]] = entry["slug"]
        for detail in entry.get("details") or {}:
            found.setdefault(detail, entry["slug"])
    return found


@pytest.mark.parametrize("folder", CASES or [None], ids=[c.name for c in CASES] or ["none"])
def test_a_recorded_fault(flux: Flux, folder: pathlib.Path | None) -> None:
    if folder is None:
        pytest.skip("the recordings (../shared) are not on this machine")
    case = yaml.safe_load((folder / "case.yaml").read_text())
    kind, namespace, name = case["symptom"].split("/")
    got = flux(f"troubleshoot {kind} {name} -n {namespace} --from {folder} -o json")
    answer = json.loads(got.out)
    if case["cause"] == "none":
        assert (got.code, answer["healthy"], answer["causes"]) == (0, True, [])
        return
    first = answer["causes"][0]
    assert got.code == 3
    assert parents()[first["code"]] == parents()[case["cause"]]
    assert "{kind}/{namespace}/{name}".format(**first["object"]) == case["root"]


def test_reported_messages(flux: Flux) -> None:
    """Of the reports that are fit for scoring at least nine of ten are explained rightly from their text alone."""
    if not CASES:
        pytest.skip("the recordings (../shared) are not on this machine")
    slugs, right, cases = parents(), 0, yaml.safe_load((FAULTS / "reported.yaml").read_text())
    cases = [
        c
        for c in cases
        if c.get("verbatim")
        and c.get("ground_truth") != "unsettled"
        and c.get("fix_basis") != "inferred"
        and c.get("flux_layer_reported", True)
    ]
    for case in cases:
        got = flux(
            "explain",
            "--kind",
            case["symptom_kind"],
            "-o",
            "json",
            stdin="\n".join(e.get("message", "") for e in case["evidence"]),
        )
        first = (json.loads(got.out)["causes"] or [{"code": ""}])[0]["code"]
        right += slugs.get(first) in (slugs.get(case.get("detail")), slugs[case["category"]])
    assert right / len(cases) >= 0.9, f"{right} of {len(cases)}"
