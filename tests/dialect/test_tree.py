"""The declared tree: every command explains itself; names, types and defaults are those that scripts rely on."""

import json
import pathlib

import pytest
from front_door import Flux

from flux_cli.commands._dialect.loading import load, load_help
from flux_cli.commands._dialect.values import shown

TABLE = load()
HELP = load_help(TABLE)
PATHS = [path for path in TABLE.nodes if not TABLE.node(path).hidden]
# Same flag, other name for its type: upstream lists three words in random order, and two of its types have names of their own.
OTHER_NAMES = {"sourceOCIVerifyProvider": {"sourceOCIVerifyProvider"}}


@pytest.mark.parametrize("path", PATHS)
def test_every_command_explains_itself(path: str) -> None:
    texts, node = HELP.of(path), TABLE.node(path)
    assert texts.short
    assert not texts.short.endswith(".")
    assert "\n" not in texts.short
    assert texts.long
    if node.run:
        words = f"flux {path}".split()
        names = {words[-1], *node.aliases}
        lines = [line for line in texts.example.splitlines() if not line.startswith("#")]
        assert any("flux" in line and any(name in line for name in names) for line in lines), f"no example of flux {path}"


@pytest.mark.parametrize("path", [p for p in PATHS if TABLE.node(p).run])
def test_every_command_has_a_function(path: str) -> None:
    from importlib import import_module

    module, _, function = TABLE.node(path).run.partition(":")
    assert callable(getattr(import_module(module), function))


def test_every_flag_says_what_it_does() -> None:
    silent = [TABLE.flag(i).name for i in range(len(TABLE.flags)) if not HELP.flags[i][0]]
    assert silent == []


def test_names_types_and_defaults_are_those_of_the_go_cli(shared: pathlib.Path) -> None:
    recorded = json.loads((shared / "spec" / "command-tree.json").read_text())
    wrong = []
    for command in recorded["commands"]:
        path = command["path"]
        if path not in TABLE.nodes:
            wrong.append(f"flux {path} is missing")
            continue
        node = TABLE.node(path)
        wrong += [f"flux {path}: alias {a}" for a in command["aliases"] if a not in (path.rpartition(" ")[2], *node.aliases)]
        own = {TABLE.flag(i).name: i for i in (*node.own, *node.persistent)}
        for flag in command["flags"]:
            if flag["name"] in ("help", "version"):
                continue
            if flag["name"] not in own:
                wrong.append(f"flux {path} --{flag['name']} is missing")
                continue
            row, (_, default) = TABLE.flag(own[flag["name"]]), HELP.flags[own[flag["name"]]]
            kind = shown(row.type) or "bool"
            if sorted(kind.split("|")) != sorted(flag["type"].split("|")):
                wrong.append(f"flux {path} --{row.name}: type {kind}, not {flag['type']}")
            if row.short != flag.get("shorthand", ""):
                wrong.append(f"flux {path} --{row.name}: short {row.short!r}")
            if default.strip('"') != flag.get("default", "").replace("[]", ""):
                wrong.append(f"flux {path} --{row.name}: default {default}, not {flag.get('default', '')}")
    assert wrong == []


def test_the_layout_of_help(flux: Flux) -> None:
    assert flux("completion --help").out.split("Global Flags:\n")[0] == (
        "Print a completion script for a shell\n\n"
        "Usage:\n  flux completion [command]\n\n"
        "Available Commands:\n"
        "  bash        Print the completion script for bash\n"
        "  fish        Print the completion script for fish\n"
        "  powershell  Print the completion script for powershell\n"
        "  zsh         Print the completion script for zsh\n\n"
        "Flags:\n  -h, --help   help for completion\n\n"
    )
    assert flux("completion --help").out.endswith(
        '\n\nUse "flux completion [command] --help" for more information about a command.\n'
    )


@pytest.mark.parametrize("topic", ["output", "environment", "exit-codes"])
def test_topics(flux: Flux, topic: str) -> None:
    code, out, err = flux(f"help {topic}")
    assert (code, err) == (0, "")
    assert len(out.splitlines()) > 5


def test_an_unknown_topic(flux: Flux) -> None:
    code, out, err = flux("help nope at-all")
    assert (code, err) == (0, "")
    assert out.startswith("Unknown help topic [`nope` `at-all`]\nUsage:\n  flux [command]\n")
