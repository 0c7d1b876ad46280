"""Every way in which a controller words a failure is explained by the right cause."""

import json
import pathlib

import pytest
from front_door import Flux

LINES = pathlib.Path(__file__).with_name("messages.tsv").read_text().splitlines()
MESSAGES = [[part.replace("\\n", "\n").replace("\\t", "\t") for part in line.split("\t")] for line in LINES if line[0] != "#"]


@pytest.mark.parametrize("kind", sorted({kind for kind, _, _ in MESSAGES}))
def test_what_a_kind_says(flux: Flux, kind: str) -> None:
    wanted = {text: code for of, code, text in MESSAGES if of == kind}
    found = {}
    for text in wanted:
        causes = json.loads(flux("explain", "--kind", kind, "-o", "json", stdin=text).out)["causes"]
        found[text] = causes[0]["code"] if causes else "none"
    assert found == wanted
