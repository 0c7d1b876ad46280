"""Label selectors: read, normalised and refused as client-go does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux_cli.core.labelselectors import normalise

NAME_RULE = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
VALUE_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("", ""),
        ("a=b", "a=b"),
        ("a == b", "a=b"),
        ("b=1,a=2", "a=2,b=1"),
        ("x in (b, a,b)", "x in (a,b)"),
        ("x notin ()", "x notin ()"),
        ("x in (,a)", "x in (,a)"),
        ("!x, y", "!x,y"),
        ("a=", "a="),
        ("example.com/app = web", "example.com/app=web"),
        ("in=notin", "in=notin"),
        ("a=1,a=2", "a=2"),
        ("a in (,,)", "a in ()"),
        ("a in (x,,y,)", "a in (,x,y)"),
    ],
)
def test_read(text: str, sent: str) -> None:
    assert normalise(text) == sent


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("=", "found '=', expected: !, identifier, or 'end of string'"),
        ("-A", f'unable to parse requirement: <nil>: Invalid value: "-A": name part {NAME_RULE}'),
        ("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
        ("a=b c", "found 'c', expected: ',' or 'end of string'"),
        ("a=b,,c", "found ',', expected: identifier after ','"),
        ("a in b", "unable to parse requirement: found 'b' expected: '('"),
        ("a in (b c)", "unable to parse requirement: found 'c', expected: ',' or ')'"),
        ("a in (=)", "unable to parse requirement: found '=', expected: ',', ')' or identifier"),
        ("!", "unable to parse requirement: found '', expected: identifier"),
        ("a==(", "unable to parse requirement: found '(', expected: identifier"),
        ("/x=1", 'unable to parse requirement: <nil>: Invalid value: "/x": prefix part must be non-empty'),
        ("a in (x", "unable to parse requirement: found '', expected: ',' or ')'"),
        ("a in (x,", "unable to parse requirement: found '', expected: ',', or identifier"),
        (
            "a/b/c",
            f'unable to parse requirement: <nil>: Invalid value: "a/b/c": a valid label key {NAME_RULE} '
            "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
        ),
        (
            "a in (-,_)",
            f'unable to parse requirement: [values[0][a]: Invalid value: "-": {VALUE_RULE}, '
            f'values[1][a]: Invalid value: "_": {VALUE_RULE}]',
        ),
        (
            f"a={'x' * 64}",
            f'unable to parse requirement: values[0][a]: Invalid value: "{"x" * 64}": must be no more than 63 bytes',
        ),
        (
            "a>x",
            "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
        ),
    ],
)
def test_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"^couldn't parse the selector string ") as failed:
        normalise(text)
    assert str(failed.value).partition(": ")[2] == message


@given(st.text("ab=!,()<> in", max_size=14))
def test_what_is_sent_reads_back_as_itself(text: str) -> None:
    try:
        sent = normalise(text)
    except ValueError:
        return
    assert normalise(sent) == sent
