"""The same command line means the same to Typer, which holds the declarations, and to our parser, which reads the tables."""

import io
import pathlib
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from flux_cli.commands import tree
from flux_cli.commands._dialect import application
from flux_cli.commands._dialect.loading import load
from flux_cli.commands._dialect.parse import find, flags_of, parse
from flux_cli.commands._dialect.table import FlagRow
from flux_cli.commands._dialect.typed import Call, typer_app
from flux_cli.commands._dialect.values import CHOICES
from flux_cli.core.app import App, Streams
from flux_cli.main import SystemClock, connect

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
def app() -> tuple[Any, list[Call]]:
    called: list[Call] = []
    return typer_app(tree.root(), called.append), called


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
    """``--flag=value``, ``--flag value``, ``-f value``; a bool has no value of its own word."""
    values = st.sampled_from(CHOICES[row.type].values) if row.type in CHOICES else VALUES[row.type]
    if row.type == "bool":
        names = [f"--{row.name}", f"-{row.short}"] if row.short else [f"--{row.name}"]
        return st.tuples(st.sampled_from(names), st.one_of(st.just(""), values.map("={}".format))).map(
            lambda parts: ["".join(parts)]
        )
    forms = [values.map(lambda v: [f"--{row.name}={v}"]), values.map(lambda v: [f"--{row.name}", v])]
    if row.short:
        forms += [values.map(lambda v: [f"-{row.short}", v]), values.map(lambda v: [f"-{row.short}{v}"])]
    return st.one_of(*forms)


@given(words=lines())
def test_typer_and_ours_agree(words: list[str], app: tuple[Any, list[Call]]) -> None:
    run, called = app
    called.clear()
    run(words, standalone_mode=False)
    [call] = called

    path, rest = find(TABLE, words)
    parsed = parse(flags_of(TABLE, path), rest)
    assert (path, parsed.values) == (call.path, call.flags)
    for position, (parameter, many) in enumerate(TABLE.node(path).params):
        wanted = parsed.args[position:]
        assert call.values[parameter] == (wanted if many else (wanted or [""])[0]), words
    for flag, parameter in TABLE.node(path).takes:
        if flag in parsed.values:
            assert call.values[parameter] == parsed.values[flag], words


def test_flux_below_a_typer_application_of_somebody_else(tmp_path: pathlib.Path) -> None:
    (tmp_path / "o.yaml").write_text(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: team}\n"
    )
    out = io.StringIO()
    world = App(Streams(io.StringIO(), out, io.StringIO()), SystemClock(), {"HOME": str(tmp_path)}, connect)
    mine = typer.Typer()
    mine.command("mine")(lambda: None)
    mine.add_typer(application.typer_app(world), name="flux")
    mine(["flux", "tree", "ks", "apps", "-n", "team", f"--from={tmp_path}/o.yaml"], standalone_mode=False)
    assert out.getvalue() == "Kustomization/team/apps\n\n"
