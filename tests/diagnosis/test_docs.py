"""docs/causes.md is what the rules say."""

import pathlib

from flux_cli.diagnosis.catalogue import page

CAUSES = pathlib.Path(__file__).resolve().parents[2] / "docs" / "causes.md"


def test_the_page_of_causes_is_fresh() -> None:
    """Write it anew with: python -c "from flux_cli.diagnosis.catalogue import page; print(page(), end='')" > docs/causes.md"""
    assert CAUSES.read_text() == page()
