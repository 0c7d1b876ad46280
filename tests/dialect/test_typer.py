"""The same command line means the same to Typer, which holds the declarations, and to our parser, which reads the tables."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flux_cli.commands import tree
from flux_cli.commands._dialect.parse import find, flags_of, parse
from flux_cli.commands._dialect.table import FlagRow, load
from flux_cli.commands._dialect.typed import typer_app
from flux_cli.commands._dialect.values import CHOICES

TABLE = load()
LEAVES = [path for path in TABLE.nodes if TABLE.node(path).run]
WORDS = st.sampled_from(["a", "apps", "x-1", "long-name", "v1.2.3", "k=v"])
VALUES = {
    "bool": st.sampled_from(["true", "false"]),
    "string": WORDS,
    "int": st.integers(-5, 5000).map(str),
    "int64": st.integers(-5, 5000).map(str),
    "float32": st.sampled_from(["1", "2.5", "0.25"]),
    "duration": st.sampled_from(["1s", "5m", "1h30m", "250ms"]),
    "strings": st.lists(WORDS, min_size=1, max_size=3).map(",".join),
    "stringArray": WORDS,
    "stringToString": st.sampled_from(["a=1", "a=1,b=2"]),
    "safeRelativePath": st.sampled_from(["./deploy", "deploy/prod"]),
    "rsaKeyBits": st.sampled_from(["2048", "4096"]),
    "kustomizationSource": st.sampled_from(["apps", "OCIRepository/apps"]),
    "chartSource": st.just("HelmRepository/podinfo"),
    "helmChartSource": st.just("HelmRepository/podinfo"),
}


@pytest.fixture(scope="module")
def app() -> tuple[Any, list[Any]]:
    called: list[Any] = []
    return typer_app(tree.root(), lambda *call: called.append(call)), called


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """A command by one of its names, arguments, and flags anywhere behind it."""
    path = draw(st.sampled_from(LEAVES))
    words, walked = [], ""
    for name in path.split():
        walked = f"{walked} {name}".strip()
        words.append(draw(st.sampled_from([name, *TABLE.node(walked).aliases])))
    node, rest = TABLE.node(path), []
    count = 1 if node.params else 0
    rest += [[draw(WORDS)] for _ in range(count)]
    rows = list(flags_of(TABLE, path, with_help=False).long.values())
    for row in draw(st.lists(st.sampled_from(rows), max_size=4)):
        rest.append(draw(_flag(row)))
    return [*words, *(word for part in draw(st.permutations(rest)) for word in part)]


def _flag(row: FlagRow) -> st.SearchStrategy[list[str]]:
    """``--flag=value``, ``--flag value``, ``-f value``; a bool never as ``-f=false``, which Click cannot read."""
    values = st.sampled_from(CHOICES[row.type].values) if row.type in CHOICES else VALUES[row.type]
    if row.type == "bool":
        return st.one_of(st.just([f"--{row.name}"]), values.map(lambda v: [f"--{row.name}={v}"]))
    forms = [values.map(lambda v: [f"--{row.name}={v}"]), values.map(lambda v: [f"--{row.name}", v])]
    if row.short:
        forms += [values.map(lambda v: [f"-{row.short}", v]), values.map(lambda v: [f"-{row.short}{v}"])]
    return st.one_of(*forms)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(words=lines())
def test_typer_and_ours_agree(words: list[str], app: tuple[Any, list[Any]]) -> None:
    typer, called = app
    called.clear()
    _repeated_bools_last(words)
    typer(words, standalone_mode=False)
    [(path, _, own, inherited)] = called

    ours_path, rest = find(TABLE, words)
    node, flags = TABLE.node(ours_path), flags_of(TABLE, ours_path)
    parsed = parse(flags, rest)
    assert ours_path == path

    dests = {**{name: name.replace("-", "_") for name in flags.long}, **dict(node.takes)}
    for name, value in parsed.values.items():
        theirs = {**inherited, **own}
        dest = next((d for d in (dests[name], _root(name)) if d in theirs), None)
        assert dest is not None, (name, sorted(theirs))
        assert theirs[dest] == value, (words, name)
    for position, (parameter, many) in enumerate(node.params):
        if many or parsed.args[position:]:
            assert own[parameter] == (parsed.args[position:] if many else parsed.args[position]), words


def _root(name: str) -> str:
    """The names of settings differ from those of flags in a few places."""
    return dict(TABLE.node("").takes).get(name, "from_path" if name == "from" else name.replace("-", "_"))


def _repeated_bools_last(words: list[str]) -> None:
    """``--flag --flag=false``: our translation for Click drops a false, so only the last of a repeated bool may stay."""
    seen: set[str] = set()
    for position in range(len(words) - 1, -1, -1):
        name = words[position].partition("=")[0]
        if name.startswith("--") and flags_bool(name[2:]):
            if name in seen:
                del words[position]
            seen.add(name)


def flags_bool(name: str) -> bool:
    return any(row[0] == name and row[2] == "bool" for row in TABLE.flags)
