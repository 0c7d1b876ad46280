"""What is generated from the declarations is in the repository as it would be generated now."""

import pathlib
import sys

import pytest
from front_door import Flux

from flux_cli import commands
from flux_cli.commands._dialect import compile as tables

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIVE = tables.live()
MADE = tables.generated(*LIVE)


@pytest.mark.parametrize("name", MADE)
def test_generated_files(name: str) -> None:
    written = (ROOT / name).read_text(encoding="utf-8") if (ROOT / name).exists() else ""
    assert written == MADE[name], "run python -m flux_cli.commands._dialect.compile"


def test_no_page_is_left_of_a_command_that_is_gone() -> None:
    pages = {f"docs/cli/{path.name}" for path in (ROOT / "docs" / "cli").glob("*.md")}
    assert pages == {name for name in MADE if name.startswith("docs/cli/")}


@pytest.mark.parametrize("line", ["tree ks --help", "get --nope", "__complete tree ks --comp", "nope", "completion fish"])
def test_without_compiled_tables_the_declarations_answer(flux: Flux, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = flux(line)
    monkeypatch.setattr(tables, "live", lambda: LIVE)  # which takes a second to make, twice a line
    for name in ("_compiled", "_compiled_help"):
        monkeypatch.setitem(sys.modules, f"flux_cli.commands.{name}", None)
        monkeypatch.delattr(commands, name, raising=False)
    assert flux(line) == compiled
