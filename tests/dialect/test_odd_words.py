"""Whatever stands on the command line, the parser and completion answer in order."""

import io

from hypothesis import example, given
from hypothesis import strategies as st

from flux_cli.commands._dialect.completion import complete
from flux_cli.commands._dialect.loading import load
from flux_cli.commands._dialect.parse import find, flags_of, parse
from flux_cli.core.app import App, Streams
from flux_cli.core.errors import UsageError
from flux_cli.main import SystemClock, connect

TABLE = load()
NAMES = sorted({name for path in TABLE.nodes for name in path.split()})
FLAGS = [f"--{row[0]}" for row in TABLE.flags] + [f"-{row[1]}" for row in TABLE.flags if row[1]]
WORDS = st.lists(
    st.one_of(
        st.sampled_from(NAMES),
        st.sampled_from(FLAGS),
        st.tuples(st.sampled_from(FLAGS), st.text(max_size=5)).map("=".join),
        st.sampled_from(["", "-", "--", "---", "-=", "--=", "-é", "--\x00", "\ud800", "a,b", '"', "=", "\n"]),
        st.text(max_size=6),
    ),
    max_size=7,
)


@given(words=WORDS)
@example(["get", "ks", "--status-selector"])
@example(["create", "secret", "oci", "x", "--label", '"'])
def test_a_line_is_parsed_or_refused(words: list[str]) -> None:
    path, rest = find(TABLE, words)
    assert path in TABLE.nodes
    try:
        parsed = parse(flags_of(TABLE, path), rest)
    except UsageError:
        return
    # Nothing is lost: every argument is a word of the line, in its order.
    words_left = iter(rest)
    assert all(arg in words_left for arg in parsed.args)


@given(words=WORDS)
def test_completion_prints_words_and_a_directive(words: list[str]) -> None:
    out, err = io.StringIO(), io.StringIO()
    environ = {"KUBERNETES_MASTER": "http://127.0.0.1:1", "KUBECONFIG": "/nonexistent", "HOME": "/nonexistent"}
    app = App(Streams(io.StringIO(), out, err), SystemClock(), environ, connect)
    complete([*words, "x"], app, TABLE, described=True)
    *candidates, directive = out.getvalue().splitlines()
    assert directive[0] == ":"
    assert directive[1:].isdigit()
    assert all(line.isprintable() or "\t" in line for line in candidates)
    assert err.getvalue() == ""
