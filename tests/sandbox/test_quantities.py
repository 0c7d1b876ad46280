"""Amounts read as Kubernetes writes them back."""

import pytest

from flux_cli.sandbox.quantities import canonical


@pytest.mark.parametrize(("given", "wanted"), [
    ("1000m", "1"), ("1500m", "1500m"), ("0.5", "500m"), ("1024Mi", "1Gi"), ("1536Mi", "1536Mi"), ("1000", "1k"), ("2e3", "2e3"),
    ("0", "0"), ("100Mi", "100Mi"), ("-2000m", "-2"), (1, "1"), ("many", "many"), ("1.5Gi", "1536Mi"),
])  # fmt: skip
def test_amounts_are_written_with_the_largest_suffix_that_fits(given: object, wanted: str) -> None:
    assert canonical(given) == wanted
