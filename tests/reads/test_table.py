"""The table printer: byte rules by example, and what holds for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux_cli.core.view import Table
from flux_cli.printers.table import render, title
from flux_cli.printers.width import display_width, east_asian_width, measure

HEADERS = ("Name", "Last scan", "Suspended", "Ready", "Message")


def shown(text: str) -> str:
    return text.replace("\t", "^I").replace("\n", "$\n")


def test_plain_and_without_a_header() -> None:
    rows = [
        ("a", "2024-01-01T00:00:00Z", "False", "True", "ok"),
        ("bbbbbb", "", "True", "False", "waiting to be reconciled"),
    ]
    assert shown(render(Table(HEADERS, rows))) == (
        "NAME  ^ILAST SCAN           ^ISUSPENDED^IREADY^IMESSAGE                  $\n"
        "a     ^I2024-01-01T00:00:00Z^IFalse    ^ITrue ^Iok                      ^I$\n"
        "bbbbbb^I                    ^ITrue     ^IFalse^Iwaiting to be reconciled^I$\n"
    )
    assert shown(render(Table(HEADERS, [(r[0], "x", *r[2:]) for r in rows]), header=False)).splitlines()[0] == (
        "a     ^Ix^IFalse^ITrue ^Iok                      ^I$"
    )
    assert shown(render(Table(HEADERS, []))) == "NAME^ILAST SCAN^ISUSPENDED^IREADY^IMESSAGE $\n"
    assert render(Table(HEADERS, []), header=False) == ""


def test_several_lines_in_a_cell() -> None:
    rows = [("a", "x", "False", "True", "line1\nline2 longer\n"), ("b", "y", "False", "True", "z")]
    assert shown(render(Table(HEADERS, rows))) == (
        "NAME^ILAST SCAN^ISUSPENDED^IREADY^IMESSAGE      $\n"
        "a   ^Ix        ^IFalse    ^ITrue ^Iline1       ^I$\n"
        "    ^I         ^I         ^I     ^Iline2 longer^I$\n"
        "    ^I         ^I         ^I     ^I            ^I$\n"
        "b   ^Iy        ^IFalse    ^ITrue ^Iz           ^I$\n"
    )


def test_wide_characters() -> None:
    rows = [("é日本", "x", "False", "True", "✔ ok 😀"), ("bbbbbbbb", "y", "False", "True", "z")]
    assert shown(render(Table(HEADERS, rows))) == (
        "NAME    ^ILAST SCAN^ISUSPENDED^IREADY^IMESSAGE $\n"
        "é日本   ^Ix        ^IFalse    ^ITrue ^I✔ ok 😀^I$\n"
        "bbbbbbbb^Iy        ^IFalse    ^ITrue ^Iz      ^I$\n"
    )


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0), ("abc", 3), ("日本", 4), ("é", 1), ("e\u0301", 1), ("😀", 2), ("👨\u200d👩\u200d👧", 2), ("👍\U0001f3fd", 2),
        ("\U0001f1e9\U0001f1ea", 1), ("⚠\ufe0f", 1), ("\u1100\u1161\u11a8", 2), ("a\tb", 2), ("\u200b", 0), ("ｆ", 2), ("…", 1),
    ],
)  # fmt: skip
def test_display_width(text: str, width: int) -> None:
    assert display_width(text) == width


@pytest.mark.parametrize(
    ("text", "width"),
    [("é", 2), ("…", 2), ("→ é", 5), ("日本", 4), ("😀", 2), ("✔", 1), ("abc", 3), ("e\u0301", 1), ("\u00ad", 0), ("", 0)],
)
def test_display_width_where_ambiguous_characters_are_wide(text: str, width: int) -> None:
    assert east_asian_width(text) == width


@pytest.mark.parametrize(
    ("environ", "wide"),
    [
        ({}, False),
        ({"LANG": "C"}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "POSIX"}, False),
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LANG": "ja_JP.UTF-8"}, True),
        ({"LANG": "ko_KR.utf8"}, True),
        ({"LANG": "zh_CN.UTF-8@cjk_narrow"}, False),
        ({"LANG": "zh_TW.big5"}, True),
        ({"LANG": "en_US.SJIS"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        ({"LANG": "ja_JP"}, False),
        ({"LANG": "ja_JP.UTF-8", "LC_CTYPE": "en_US.UTF-8"}, False),
        ({"LC_CTYPE": "en_US.UTF-8", "LC_ALL": "ja_JP.eucJP"}, True),
        ({"LANG": "ja_JP.UTF-8", "RUNEWIDTH_EASTASIAN": "0"}, False),
        ({"LANG": "en_US.UTF-8", "RUNEWIDTH_EASTASIAN": "1"}, True),
        ({"LANG": "ja_JP.UTF-8", "RUNEWIDTH_EASTASIAN": ""}, True),
    ],
)
def test_the_locale_decides_about_ambiguous_characters(environ: dict[str, str], wide: bool) -> None:
    assert measure(environ)("é") == (2 if wide else 1)


@pytest.mark.parametrize(
    ("text", "header"),
    [("Last_scan", "LAST SCAN"), ("a.b", "A B"), ("v1.0", "V1.0"), (" x ", "X"), ("v1.x", "V1 X"), ("1. 2", "1. 2")],
)
def test_headers(text: str, header: str) -> None:
    assert title(text) == header


CELLS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5)


@given(ROWS)
def test_any_text_keeps_the_columns_and_the_terminal_safe(rows: list[tuple[str, ...]]) -> None:
    lines = render(Table(("A", "B", "C"), rows)).split("\n")
    assert lines.pop() == ""
    assert lines[0].endswith(" ")
    count = 1 + sum(max(cell.count("\n") for cell in row) + 1 for row in rows)
    assert len(lines) == count, "as many lines as the tallest cell of each row"
    for line in lines[1:]:
        assert line.endswith("\t")
        assert not any((ord(char) < 0x20 and char != "\t") or 0x7F <= ord(char) < 0xA0 for char in line)
    assert not any(char in line for line in lines for char in "\x1b\r\u202e\u2066")


@given(
    st.lists(st.tuples(*[st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=9)] * 3), min_size=1, max_size=6)
)
def test_the_quick_way_for_ascii_is_the_same_table(rows: list[tuple[str, str, str]]) -> None:
    """One wide character sends a table the other way: its other rows must come out alike."""
    plain = render(Table(("Aaaaaaaaaa", "Bbbbbbbbbb", "Cccccccccc"), rows))
    mixed = render(Table(("Aaaaaaaaaa", "Bbbbbbbbbb", "Cccccccccc"), [*rows, ("é", "", "")]))
    assert mixed.splitlines()[:-1] == plain.splitlines()
