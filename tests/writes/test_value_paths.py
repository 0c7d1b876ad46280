"""Helm's ``--set`` grammar, as ``targetPath`` of a HelmRelease uses it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux_cli.core.errors import FluxError
from flux_cli.services.value_paths import set_literal, set_path
from flux_cli.services.values import merged

GOOD: list[tuple[str, str, dict[str, Any]]] = [
    ("a", "1", {"a": 1}),
    ("a", "1.5", {"a": "1.5"}),
    ("a", "007", {"a": "007"}),
    ("a", "0", {"a": 0}),
    ("a", "TRUE", {"a": True}),
    ("a", "null", {"a": None}),
    ("a", "", {"a": ""}),
    ("a.b.c", "x", {"a": {"b": {"c": "x"}}}),
    ("a[1].b", "x", {"a": [None, {"b": "x"}]}),
    ("a[0][1]", "x", {"a": [[None, "x"]]}),
    (r"a\.b", "x", {"a.b": "x"}),
    ("a", "{x,2,}", {"a": ["x", 2, ""]}),
    ("a", "{}", {"a": [""]}),
    ("a", "{x},b={y}", {"a": ["x"], "b": ["y"]}),
    ("a.b", "", {"a": {"b": ""}}),
    ("", "x", {}),
    ("a[0", "x", {}),
    ("a", "x,b.", {"a": "x"}),
    ("a", r"x\,y", {"a": "x,y"}),
    ("a", "x,b=y", {"a": "x", "b": "y"}),
]


@pytest.mark.parametrize(("path", "text", "result"), GOOD)
def test_set(path: str, text: str, result: dict[str, Any]) -> None:
    values: dict[str, Any] = {}
    set_path(values, path, text)
    assert values == result


def test_what_is_there_stays() -> None:
    values = {"a": {"b": [1, 2]}, "c": 3}
    set_path(values, "a.b[0]", "x")
    assert values == {"a": {"b": ["x", 2]}, "c": 3}


def test_strings_and_literals() -> None:
    values: dict[str, Any] = {}
    set_path(values, "a", "1", as_string=True)
    set_literal(values, "b.c", "{x},y=1.5\\n")
    set_literal(values, r"d\.e", "")
    assert values == {"a": "1", "b": {"c": "{x},y=1.5\\n"}, "d\\": {"e": ""}}


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("a", "x,b", 'key "b" has no value'),
        ("a[x]", "1", 'error parsing index: strconv.Atoi: parsing "x": invalid syntax'),
        ("a[-1]", "1", "negative -1 index not allowed"),
        ("a[65537]", "1", "index of 65537 is greater than maximum supported index of 65536"),
        ("a", "{x", "list must terminate with '}'"),
        ("a,b", "x", 'key "a" has no value (cannot end with ,)'),
        ("a..b", "x", 'key map "a" has no value'),
        ("a[0]b'", "x", "unexpected data at end of array index: ['b' '\\'']"),
        ("a[99999999999999999999]", "x", 'error parsing index: strconv.Atoi: parsing "99999999999999999999": value out of range'),
        (".".join("a" * 32), "x", "value name nested level is greater than maximum supported nested level of 30"),
    ],
)
def test_errors(path: str, text: str, message: str) -> None:
    with pytest.raises(FluxError) as caught:
        set_path({}, path, text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("path", "is_", "wanted"),
    [
        ("text.b", "string", "map[string]interface {}"),
        ("nothing.b", "nil", "map[string]interface {}"),
        ("list.b", "[]interface {}", "map[string]interface {}"),
        ("map[0]", "map[string]interface {}", "[]interface {}"),
        ("number[0]", "float64", "[]interface {}"),
        ("list[0][0]", "float64", "[]interface {}"),
        ("yes[0]", "bool", "[]interface {}"),
    ],
)
@pytest.mark.parametrize("set_", [set_path, set_literal])
def test_a_path_does_not_go_through_what_is_no_map_and_no_list(
    set_: Callable[[dict[str, Any], str, str], None], path: str, is_: str, wanted: str
) -> None:
    """Helm's own words: it ends in a panic of Go that it catches."""
    values = {"text": "x", "nothing": None, "list": [1], "map": {"a": 1}, "number": 1, "yes": True}
    with pytest.raises(FluxError) as caught:
        set_(values, path, "v")
    assert str(caught.value) == f"unable to parse key: interface conversion: interface {{}} is {is_}, not {wanted}"


@given(st.text(alphabet="a.b[0]={},\\1"), st.text(alphabet="a{},=[0].\\"))
def test_any_path_is_set_or_refused(path: str, text: str) -> None:
    try:
        set_path({}, path, text)
    except FluxError:
        return


def test_merging() -> None:
    assert merged({"a": {"b": 1, "c": [1]}, "d": 1}, {"a": {"b": None, "c": [2]}, "e": {}}) == {
        "a": {"b": None, "c": [2]},
        "d": 1,
        "e": {},
    }
    assert merged({"a": {"b": 1}}, {"a": None}) == {"a": None}
