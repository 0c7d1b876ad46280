"""YAML in Go's style: the vectors of its own emitter, and that what is written reads back."""

import math
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from flux_cli.core.goyaml import dump
from flux_cli.core.goyaml_load import YamlError, load, load_all
from flux_cli.printers.yaml import document

QUOTED = "true yes y n on off N Y No TRUE null ~ Null NULL 1 1.5 0x1f 0o7 007 08 00 1e3 1_000 .5 1. 0.0 0b1 +1 -1 12:30 12:30:45 .inf .nan"
PLAIN = r"Infinity NaN = << 1d 5m 10m0s 1.2.3 v1 e3 1e 0xZ a,b x] x} a\b ^v[0-9]+$ https://x/y?z=1&b=2 <a>&b</a> é 日本"
SINGLE = [
    "a: b",
    "a #b",
    "#x",
    "- x",
    "-",
    "?",
    "*x",
    "&x",
    "!x",
    "%x",
    "@x",
    "`x",
    '"x',
    "[x",
    "{x",
    "x:",
    ">=1.0.x",
    "> 1",
    "|x",
]


@pytest.mark.parametrize("text", [*QUOTED.split(), "", "2024-01-01", "2024-01-01T10:00:00Z"])
def test_what_would_be_no_string_is_in_double_quotes(text: str) -> None:
    assert dump({"k": text}) == f'k: "{text}"\n'


@pytest.mark.parametrize("text", [*PLAIN.split(), "2024-13-01", "2024-02-30", "1 2"])
def test_what_is_a_string_is_plain(text: str) -> None:
    assert dump({"k": text}) == f"k: {text}\n"


@pytest.mark.parametrize("text", [*SINGLE, "--- x", "...", " x", "x "])
def test_what_breaks_the_syntax_is_in_single_quotes(text: str) -> None:
    assert dump({"k": text}) == f"k: '{text}'\n"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("'x", "'''x'"), ("tab\tx", '"tab\\tx"'), ("a\r\nb", '"a\\r\\nb"'), ("\x07", '"\\a"'), ("a\x01b", '"a\\x01b"'),
        ("hi 😀 there", '"hi \\U0001F600 there"'), ("del\x7f", '"del\\x7F"'), ("csi\x9b1m", '"csi\\x9B1m"'),
    ],
)  # fmt: skip
def test_escapes(text: str, written: str) -> None:
    assert dump({"k": text}) == f"k: {written}\n"


def test_blocks() -> None:
    value = {"keep": "x\n\n", "strip": "x\ny", "clip": "x\ny\n", "hint": "\nx", "spaces": " - a\n - b", "quoted": "x \ny"}
    assert dump(value) == (
        'clip: |\n  x\n  y\nhint: |2-\n\n  x\nkeep: |+\n  x\n\nquoted: "x \\ny"\nspaces: |2-\n   - a\n   - b\nstrip: |-\n  x\n  y\n'
    )


def test_long_scalars_are_folded_at_column_80() -> None:
    assert dump({"exact": "a" * 73 + " b"}) == "exact: " + "a" * 73 + " b\n"
    assert dump({"exact2": "a" * 74 + " b"}) == "exact2: " + "a" * 74 + "\n  b\n"
    words = "Fetched revision: main@sha1:0000 and " + "word " * 12 + "end"
    assert dump({"nested": {"deep": {"message": words}}}) == (
        "nested:\n  deep:\n    message: 'Fetched revision: main@sha1:0000 and word word word word word word word\n"
        "      word word word word word end'\n"
    )
    assert dump({"k": "\t" + "word " * 16 + " end"}) == 'k: "\\t' + "word " * 15 + 'word\n  \\ end"\n'


def test_keys_come_in_natural_order() -> None:
    keys = "-x .x _x 1 2 10 A B Z1 a a1 a01 a2 a10 app.kubernetes.io/instance app.kubernetes.io/name b foo foo.bar foo1 fooBar foobar x-y x.y x/y x_y xy zz"
    written = [line.partition(":")[0].strip('"') for line in dump(dict.fromkeys(reversed(keys.split()), 0)).splitlines()]
    assert written == keys.split()


def test_shapes_and_numbers() -> None:
    value = {
        "e": {},
        "l": [],
        "n": None,
        "t": True,
        "s": [[1, [2]], {"b": [{}], "a": 0.1}],
        "x": [1.0, 1e3, 1e21, 12345678901234567890],
    }
    assert dump(value) == (
        'e: {}\nl: []\n"n": null\ns:\n- - 1\n  - - 2\n- a: 0.1\n  b:\n  - {}\nt: true\nx:\n- 1\n- 1000\n- 1e+21\n- 12345678901234567890\n'
    )
    assert document({"a": 1}) == "---\na: 1\n"


def test_a_key_too_long_for_one_line_is_explicit() -> None:
    assert dump({"k" * 129: {"a": [1]}}) == f"? {'k' * 129}\n: a:\n  - 1\n"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def plain(value: Any) -> Any:
    """Whole floats are written as whole numbers, and a lone surrogate as the replacement character."""
    if isinstance(value, dict):
        return {plain(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(value)
    return value


def same(a: Any, b: Any) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) or (a.keys() == b.keys() and all(same(a[k], b[k]) for k in a))
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, float) or isinstance(b, float):
        return math.isclose(float(a), float(b), rel_tol=1e-15)
    return type(a) is type(b) and a == b


@given(JSON)
def test_what_is_written_reads_back(value: Any) -> None:
    text = dump(value)
    assert same(plain(load(text)), plain(value)), text
    assert not any((ord(char) < 0x20 and char != "\n") or 0x7F <= ord(char) < 0xA0 for char in text)


@given(st.text())
def test_any_string_reads_back_for_other_readers_too(text: str) -> None:
    """PyYAML's own rules differ for a few words only, which are quoted here or plain in both."""
    if text in ("=", "<<") or any(0xD800 <= ord(char) < 0xE000 for char in text):
        return
    assert yaml.safe_load(dump({"k": text}))["k"] == text


def test_reading_follows_go() -> None:
    text = "a: 1e3\nb: 12:30\nc: 2024-01-01\nd: yes\n1: x\ne: 010\nf: !foo bar\ng: ~\nh: 0x1f\nbase: &a {x: 1}\nk:\n  <<: *a\n  z: 2\n"
    assert load(text) == {
        "a": 1000.0, "b": "12:30", "c": "2024-01-01", "d": True, "1": "x", "e": 8, "f": "bar", "g": None, "h": 31,
        "base": {"x": 1}, "k": {"x": 1, "z": 2},
    }  # fmt: skip
    assert list(load_all("a: 1\n---\nb: 2\n")) == [{"a": 1}, {"b": 2}]
    assert load("") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b: c", "yaml: mapping values are not allowed in this context"),
        ("a: 1\nb: c: d", "yaml: line 2: mapping values are not allowed in this context"),
        ("a: @b", "yaml: found character that cannot start any token"),
        ("x: \x01", "yaml: control characters are not allowed"),
    ],
)
def test_a_broken_document_is_told_as_go_tells_it(text: str, message: str) -> None:
    with pytest.raises(YamlError) as caught:
        load(text)
    assert str(caught.value) == message
