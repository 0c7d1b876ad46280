"""What the pages show of the output is what comes out: the documents for programs, and the demo from its first line to its last."""

import json
import pathlib
import re
from typing import Any

import pytest
import yaml
from front_door import Flux
from seed.masking import masked

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
DOCUMENTS = [
    ("output.md", "kind: Stats", "stats -A -o yaml", "unread"),
    ("output.md", "kind: CheckReport", "check -o yaml", ""),
    ("output.md", "kind: TraceList", "trace hr my-app -n my-app -o yaml", "error"),
    ("troubleshoot.md", "kind: Diagnosis", "troubleshoot hr my-app -n my-app -o json", ""),
    ("troubleshoot.md", "kind: Triage", "troubleshoot -o json", ""),
]


def fences(page: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(r"^```(?:yaml|json)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def keys(value: Any) -> set[str]:
    """Every key of a document, at any depth."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {str(key) for key in (value if isinstance(value, dict) else ())}.union(*map(keys, inner))


@pytest.mark.parametrize(("page", "sign", "line", "rare"), DOCUMENTS, ids=[line for _, _, line, _ in DOCUMENTS])
def test_a_document_has_the_keys_that_its_page_shows(stuck: Flux, page: str, sign: str, line: str, rare: str) -> None:
    """``rare``: a key that the page tells of and that only a fault brings."""
    fence = next(fence for fence in fences(page) if sign in fence)
    given, shown = keys(yaml.safe_load(stuck(line).out)), keys(yaml.safe_load(fence))
    assert shown - given <= {rare}
    assert {key for key in given if not re.search(rf"\b{key}\b", fence)} == set()


def test_the_tree_of_a_program(stuck: Flux) -> None:
    tree = json.loads(stuck("tree ks my-app -n my-app --health -o json").out)
    page = (DOCS / "output.md").read_text(encoding="utf-8")
    assert {key for key in keys(tree) if f'"{key}"' not in page} == set()
    assert tree["health"]["status"] in page


def test_the_demo(stuck: Flux) -> None:
    """The commands of docs/demo/output.txt in order; lines of the same second come in any order, and controllers repeat theirs."""
    text = (DOCS / "demo" / "output.txt").read_text(encoding="utf-8")
    script = (DOCS / "demo" / "run.sh").read_text(encoding="utf-8")
    typed = re.findall(r"^expect (\d) flux (.*)$", script, re.MULTILINE)
    _, *parts = re.split(r"^\$ flux (.*)\n", text.rpartition("\nThe release is deployed.")[0], flags=re.MULTILINE)
    assert [line for _, line in typed] == parts[::2]
    for (code, line), shown in zip(typed, parts[1::2], strict=True):
        got = stuck(line)
        assert (got.code, lines(got.out + got.err)) == (int(code), lines(shown))


def lines(text: str) -> list[str]:
    return sorted(set(masked(text).splitlines()) - {""})
