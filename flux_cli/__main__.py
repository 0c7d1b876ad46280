"""``python -m flux_cli``."""

from flux_cli.main import run

run()
