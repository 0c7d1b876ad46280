"""What is generated from the declarations is in the repository as it would be generated now."""

import pathlib

import pytest

from flux_cli.commands._dialect import compile as tables
from flux_cli.commands._dialect import reference, scripts

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def live() -> tuple[object, object]:
    return tables.live()


@pytest.mark.parametrize("name", ["_compiled.py", "_compiled_help.py"])
def test_compiled_tables(name: str, live: tuple[object, object]) -> None:
    written = (ROOT / "flux_cli" / "commands" / name).read_text()
    assert written == tables.sources(*live)[name], "run python -m flux_cli.commands._dialect.compile"


def test_reference_pages(live: tuple[object, object]) -> None:
    written = {path.name: path.read_text() for path in (ROOT / "docs" / "cli").glob("*.md")}
    assert written == reference.pages(*live), "run python -m flux_cli.commands._dialect.reference"


@pytest.mark.parametrize("shell", scripts.FILES)
def test_completion_scripts_for_packagers(shell: str) -> None:
    assert (ROOT / "completions" / scripts.FILES[shell]).read_text() == scripts.script(shell)
