"""Whatever an object holds: nothing raises, and what is printed reads back."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flux_cli.core.gosort import go_sorted
from flux_cli.core.view import Table
from flux_cli.kinds import every
from flux_cli.kinds.kstatus import CURRENT, FAILED, IN_PROGRESS, TERMINATING, compute
from flux_cli.printers import json as printer
from flux_cli.printers import markdown
from flux_cli.printers.table import render
from flux_cli.services import checking, events, listing

KEYS = st.sampled_from(
    ["metadata", "name", "namespace", "generation", "status", "conditions", "type", "Ready", "message", "observedGeneration", "spec",
     "suspend", "replicas", "sourceRef", "kind", "history", "artifact", "revision", "labels", "annotations", "x"]
)  # fmt: skip
LEAVES = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=4) | st.sampled_from(["True", "False", "Ready", "Stalled"])
)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=25
)
OBJECTS = st.dictionaries(st.sampled_from(["metadata", "status", "spec", "series", "involvedObject", "count"]), ANYTHING)
VERSIONS = st.sampled_from(["v1", "apps/v1", "batch/v1", "apiextensions.k8s.io/v1"])
KINDS = st.sampled_from(
    ["Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Service", "CustomResourceDefinition"]
)


@given(OBJECTS, VERSIONS, KINDS)
def test_every_object_has_a_state(obj: dict[str, Any], version: str, kind: str) -> None:
    found = compute({"apiVersion": version, "kind": kind, **obj}, now=0.0)
    assert found.state in (CURRENT, IN_PROGRESS, FAILED, TERMINATING)
    assert isinstance(found.message, str)


@settings(max_examples=60)
@given(OBJECTS)
def test_every_object_has_a_row(obj: dict[str, Any]) -> None:
    shape = listing.Shape(all_namespaces=True, prefix=True, show_source=True, wide=True, now=0.0)
    for kind in every():
        assert render(listing.table(kind, [obj], shape)).endswith("\t\n")
        assert listing.is_stale(kind, obj) in (True, False)
    assert render(events.table([obj], True, 0.0)).endswith("\t\n")


@given(ANYTHING | st.text(st.characters(exclude_categories=("Cs",))))
def test_json_reads_back_and_shows_nothing_hidden(value: Any) -> None:
    for text in (printer.dump(value), printer.line(value)):
        assert json.loads(text) == value
        assert all(char == "\n" or char.isprintable() or char == "\u00a0" for char in text)
    assert printer.line(value).count("\n") == 1


CELLS = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)


@settings(max_examples=60)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=4))
def test_csv_and_markdown_keep_their_rows(rows: list[tuple[str, ...]]) -> None:
    import csv
    import io

    table = Table(("Name", "Message"), rows)
    assert len(list(csv.reader(io.StringIO(markdown.csv(table), newline="")))) == len(rows) + 1
    lines = markdown.markdown(table).splitlines()
    assert len(lines) == len(rows) + 2
    assert all(line.replace("\\\\", "").replace("\\|", "").count("|") == 3 for line in lines)


@given(st.lists(st.integers(0, 9), max_size=200))
def test_go_sorted_sorts(keys: list[int]) -> None:
    found = go_sorted(list(enumerate(keys)), lambda pair: float(pair[1]))
    assert [key for _, key in found] == sorted(keys)
    assert sorted(index for index, _ in found) == list(range(len(keys)))


def test_go_sorted_keeps_the_order_of_a_few_equals() -> None:
    assert go_sorted("bacbca", lambda char: 0.0) == list("bacbca")


class Answer:
    """A cluster that only knows its version."""

    def __init__(self, version: str) -> None:
        self._version = version

    def raw(self, _path: str) -> dict[str, str]:
        return {"gitVersion": self._version}


@pytest.mark.parametrize(
    ("version", "sign", "said"),
    [
        ("v1.33.0", "success", "Kubernetes 1.33.0 >=1.33.0-0"),
        ("v1.33.1+k3s1", "success", "Kubernetes 1.33.1+k3s1 >=1.33.0-0"),
        ("v1.33.0-rc.1", "success", "Kubernetes 1.33.0-rc.1 >=1.33.0-0"),
        ("v2.0.0", "success", "Kubernetes 2.0.0 >=1.33.0-0"),
        ("v1.32.9", "failure", "Kubernetes version v1.32.9 does not match >=1.33.0-0"),
        ("v1.33", "failure", "Kubernetes version can't be determined"),
        ("", "failure", "Kubernetes version can't be determined"),
    ],
)
def test_which_kubernetes_will_do(version: str, sign: str, said: str) -> None:
    found: list[checking.Finding] = []
    steps = list(checking.collected(checking.prerequisites(Answer(version)), found))  # type: ignore[arg-type]
    assert steps[-1] == (sign, said)
    assert [finding.ok for finding in found] == [sign == "success"]
