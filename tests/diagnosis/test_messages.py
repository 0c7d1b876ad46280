"""Every way in which a controller words a failure is explained by the right cause."""

import json
import pathlib
import re

import pytest
from front_door import Flux

LINES = pathlib.Path(__file__).with_name("messages.tsv").read_text().splitlines()
MESSAGES = [[part.replace("\\n", "\n").replace("\\t", "\t") for part in line.split("\t")] for line in LINES if line[0] != "#"]

KNOWN = {"NAME", "NAMESPACE", "API", "CA", "CEL", "CRD", "CRDs", "DNS", "JSON", "SOPS", "SSH", "URL", "YAML"}  # no placeholders


@pytest.mark.parametrize("kind", sorted({kind for kind, _, _ in MESSAGES}))
def test_what_a_kind_says(flux: Flux, kind: str) -> None:
    wanted = {text: code for of, code, text in MESSAGES if of == kind}
    found = {}
    for text in wanted:
        causes = json.loads(flux("explain", "--kind", kind, "-o", "json", stdin=text).out)["causes"]
        found[text] = causes[0]["code"] if causes else "none"
    assert found == wanted


@pytest.mark.parametrize("kind", sorted({kind for kind, _, _ in MESSAGES}))
def test_how_it_is_put(flux: Flux, kind: str) -> None:
    """A sentence never says that something waits for itself, and has no hole where the message did not tell a name."""
    odd = []
    for text in (text for of, _, text in MESSAGES if of == kind):
        for cause in json.loads(flux("explain", "--kind", kind, "-o", "json", stdin=text).out)["causes"]:
            names = re.findall(r"[A-Z][A-Za-z]+ [\w.-]+/[\w.-]+", cause["summary"])
            holes = set(re.findall(r"(?<![${])\b[A-Z]+_?[A-Z]+\b", cause["summary"])) - KNOWN
            odd += [cause["summary"]] if holes or len(set(names)) < len(names) else []
    assert odd == []
