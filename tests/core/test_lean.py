"""What stands in for modules that cost every start too much behaves as they do."""

import copy
import json
import pickle
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux_cli.core import quickjson
from flux_cli.core.api import Resource
from flux_cli.core.objects import Ref
from flux_cli.core.text import shorten


class Book(NamedTuple):
    """``Resource``, by the documented way."""

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool = True
    older: tuple[str, ...] = ()


CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    (("g", "v", "ps", "K"), {}),
    (("g", "v", "ps", "K", False, ("v0",)), {}),
    (("g", "v"), {"kind": "K", "plural": "ps"}),
    ((), {"kind": "K", "plural": "ps", "group": "", "version": "v1", "older": ("x",)}),
    (("g", "v", "ps"), {}),
    (("g", "v", "ps", "K"), {"kind": "twice"}),
    (("g", "v", "ps", "K"), {"nobody": 1}),
    ((1,) * 7, {}),
]


@pytest.mark.parametrize(("values", "named"), CALLS)
def test_a_record_is_made_as_a_named_tuple_is(values: tuple[Any, ...], named: dict[str, Any]) -> None:
    try:
        book = Book(*values, **named)
    except TypeError:
        with pytest.raises(TypeError):
            Resource(*values, **named)
        return
    ours = Resource(*values, **named)
    assert ours == book
    assert (ours._fields, ours._asdict()) == (book._fields, book._asdict())
    assert repr(ours) == repr(book).replace("Book(", "Resource(")
    assert ours._replace(kind="Other") == book._replace(kind="Other")
    assert (hash(ours), ours.kind, Resource._make(tuple(ours))) == (hash(book), book.kind, book)


def test_a_record_is_copied_matched_and_cannot_be_changed() -> None:
    ref = Ref("Secret", "apps", "token")
    assert [copy.copy(ref), copy.deepcopy(ref), pickle.loads(pickle.dumps(ref))] == [ref] * 3
    assert type(pickle.loads(pickle.dumps(ref))) is Ref
    match ref:
        case Ref(kind, namespace, name):
            assert (kind, namespace, name) == ("Secret", "apps", "token")
    with pytest.raises(AttributeError):
        ref.kind = "ConfigMap"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        ref.other = 1  # type: ignore[attr-defined]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_json_is_written_and_read_as_by_the_json_module(value: Any) -> None:
    written = quickjson.dumps(value)
    assert written == json.dumps(value, separators=(",", ":")).encode()
    assert quickjson.loads(written) == value == quickjson.loads(json.dumps(value, ensure_ascii=False, indent=1).encode())


def read(loads: Callable[[Any], object], text: object) -> str:
    """The value as Python shows it, or that there is none."""
    try:
        return repr(loads(text))
    except ValueError:
        return "no JSON"


@given(st.text('[]{}":,.\\ 0123456789truefalsnN-+eE\n\ud800é') | st.text())
def test_what_is_no_json_for_the_json_module_is_none_here(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    assert read(quickjson.loads, data) == read(json.loads, text)


@pytest.mark.parametrize("value", [{1, 2}, object(), float])
def test_what_json_cannot_hold(value: object) -> None:
    with pytest.raises(TypeError):
        quickjson.dumps(value)


RULE = re.compile(r"(?<![0-9A-Za-z_])[a-f0-9]{40,128}(?![0-9A-Za-z_])")
PARTS = st.sampled_from(
    ["0123abcdef" * 4, "a" * 39, "b" * 128, "c" * 129, "G", "_", "é", "\n", " ", "@", "sha1:", "Z9"]
) | st.text(max_size=3)


@given(st.lists(PARTS, max_size=8))
def test_digests_are_cut_where_the_rule_says(parts: list[str]) -> None:
    text = "".join(parts)
    assert shorten(text) == RULE.sub(lambda found: found[0][:8], text)
