"""No rule may be switched off unnoticed, and the figure in the docs is the one that was measured."""

import pathlib

from diagnosis import mutation

from flux_cli.diagnosis.rules import RULES

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"


def test_every_mutant_dies() -> None:
    assert mutation.survivors() == []


def test_the_figure_in_the_docs() -> None:
    assert (
        f"{len(RULES)} of {len(RULES)} mutants killed; {mutation.codes_that_change()} change the code"
        in (DOCS / "testing.md").read_text()
    )
