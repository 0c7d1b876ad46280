"""The report of ``diff``: what is compared with what, and how it looks."""

import json
import pathlib
import re
import textwrap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux_cli.core.view import Change
from flux_cli.printers.diff import Report
from flux_cli.printers.diff_compare import compare
from flux_cli.printers.diff_forms import MAX_MARKDOWN, as_html, as_json, markdown, unified


def report(before: Any, after: Any, **options: Any) -> str:
    return Report(**options).text([Change("Kind/ns/name", "drifted", before, after)])


def golden(body: str) -> str:
    return "► Kind/ns/name drifted\n" + textwrap.dedent(body) + "\n"


CASES: dict[str, tuple[Any, Any, str]] = {
    "value": ({"spec": {"ports": [{"name": "http", "port": 9899}]}}, {"spec": {"ports": [{"name": "http", "port": 9898}]}}, """
        spec.ports.http.port
        ± value change
        - 9899
        + 9898
        """),
    "added, with an empty value": ({"metadata": {}}, {"metadata": {"labels": {"b": "", "a": "x"}}}, """
        metadata
        + one map entry added:
          labels:
            a: x
            b:
        """),
    "side by side": ({"data": {"drift-key": "*****"}}, {"data": {"token": "*****"}}, """
        data
        - one map entry removed:   + one map entry added:
        drift-key: "*****"           token: "*****"
        """),
    "list without names": ({"p": [{"port": 80}]}, {"p": [{"name": "a", "port": 80}, {"port": 1, "name": "b"}]}, """
        p
        - one list entry removed:   + two list entries added:
        - port: 80                    - name: a
                                        port: 80
                                      - name: b
                                        port: 1
        """),
    "one entry each": ({"p": [{"a": 1}]}, {"p": [{"a": 2}]}, """
        p.0.a
        ± value change
        - 1
        + 2
        """),
    "order": ({"p": ["a", "b", "c"]}, {"p": ["c", "a", "b"]}, """
        p
        ⇆ order changed
        - a, b, c
        + c, a, b
        """),
    "type": ({"p": "1"}, {"p": 1}, """
        p
        ± type change from string to int
        - 1
        + 1
        """),
    "null": ({"p": None}, {"p": ["a"]}, """
        p
        ± type change from <nil> to list
        - <nil>
        + - a
        """),
    "emptied": ({"p": "a"}, {"p": ""}, """
        p
        ± value change
        - a
        +
        """),
    "text": ({"p": "a\nb\nc\nd\n"}, {"p": "a\nB\nc\nd\ne\n"}, """
        p
        ± value change in multiline text (two inserts, one deletion)
        - b
        + B
        + e

        """),
    "counted": ({"d": {}}, {"d": {f"k{i:02}": "v" for i in range(13)}}, (
        "\nd\n+ 13 map entries added:\n" + "".join(f"  k{i:02}: v\n" for i in range(13))
    )),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_kind_of_difference(name: str) -> None:
    before, after, body = CASES[name]
    assert report(before, after) == golden(body)


RECORDED = [json.loads(line) for line in pathlib.Path(__file__).with_name("dyff_reports.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("at", range(len(RECORDED)))
def test_reports_are_those_of_dyff(at: int) -> None:
    """What dyff 1.10.2 prints for made-up changes of an object's spec, one or two for each mix of differences."""
    case = RECORDED[at]
    head = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}}
    said = report({**head, "spec": case["before"]}, {**head, "spec": case["after"]})
    assert said == "► Kind/ns/name drifted\n" + case["report"]


def test_lines_of_actions() -> None:
    actions = ("created", "skipped", "deleted", "changed", "remote")
    changes = [Change("ClusterRole/a_b_c", action) for action in actions]
    assert Report().text(changes) == (
        "► ClusterRole/a_b_c created\n► ClusterRole/a_b_c skipped\n► ClusterRole/a_b_c deleted\n"
        "📁 ClusterRole/abc changed\n⚠️ ClusterRole/a_b_c skipped: diff not supported for remote clusters\n"
    )


def test_long_lines_are_stacked() -> None:
    long = "x" * 90
    assert report({"p": long}, {"p": "y"}) == f"► Kind/ns/name drifted\n\np\n± value change\n- {long}\n+ y\n\n\n"
    assert report({"p": long}, {"p": "y"}, width=200) == f"► Kind/ns/name drifted\n\np\n± value change\n- {long}\n+ y\n\n"


def test_nothing_steers_the_terminal() -> None:
    nasty = {"p\x1b[2J": "\x1b]0;title\x07", "q": "a\rb\u202e"}
    for text in (
        report({}, nasty),
        unified(Change("a\x1b/b", "drifted", {}, nasty)),
        as_json([Change("a", "created", None, nasty)], []),
    ):
        assert not set(text) & set("\x1b\x07\r\u202e")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "a", "b c", "x\ny", "- z", "k: v"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "key", "a", "b"]), inner, max_size=3),
    max_leaves=12,
)


@given(before=VALUES, after=VALUES)
def test_a_difference_is_found_where_there_is_one(before: Any, after: Any) -> None:
    """Nothing but the order of named entries may differ without a word; and every report can be printed."""
    found = compare({"v": before}, {"v": after})
    assert compare({"v": before}, {"v": before}) == []
    if not found:
        assert json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True)
    assert report({"v": before}, {"v": after}).startswith("► Kind/ns/name drifted\n")


def test_forms_for_merge_requests() -> None:
    changes = [
        Change("ConfigMap/a/b", "drifted", {"data": {"k": "1\n```\n"}}, {"data": {"k": "<b>2</b>"}}),
        Change("ConfigMap/a/c", "deleted"),
    ]
    diff = (
        "--- live/ConfigMap/a/b\n+++ merged/ConfigMap/a/b\n@@ -1,4 +1,2 @@\n data:\n-  k: |\n-    1\n-    ```\n+  k: <b>2</b>\n"
    )
    assert unified(changes[0]) == diff
    text = markdown(changes, ["broken"])
    assert text == (
        "**1 drifted, 1 deleted, 1 error**\n\n> ✗ broken\n\n<details><summary>ConfigMap/a/b drifted</summary>\n\n````diff\n"
        + diff
        + "````\n\n</details>\n\n<details><summary>ConfigMap/a/c deleted</summary>\n\n```diff\n# ConfigMap/a/c deleted\n```\n\n</details>\n"
    )
    assert markdown([], ["broken", "too"]) == "**2 errors**\n\n> ✗ broken\n\n> ✗ too\n"  # not "no changes": nobody could look
    assert markdown([], []) == "**no changes**\n"
    page = as_html(changes, [])
    assert "&lt;b&gt;2&lt;/b&gt;" in page
    assert "<b>" not in page
    many = markdown([Change(f"A/b/{i}", "created", None, {"x": "y" * 500}) for i in range(500)], [])
    assert len(many) < MAX_MARKDOWN + 200
    assert many.endswith(" more left out: the text would be too long._\n")


@pytest.mark.parametrize("name", CASES)
def test_colour_changes_nothing_but_colour(name: str) -> None:
    before, after, body = CASES[name]
    text = report(before, after, color=True)
    assert "\x1b[" in text
    assert re.sub(r"\x1b\[[0-9;]*m", "", text) == golden(body)
