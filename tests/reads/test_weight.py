"""What a plain command may load: every module costs the time that people wait."""

import json
import pathlib
import subprocess
import sys

import pytest
from reads.stage import in_state

FORBIDDEN = {
    "typer", "rich", "yaml", "httpx", "kubernetes", "pydantic", "cryptography", "dulwich", "tabulate", "msgspec",
    "dataclasses", "inspect", "asyncio", "http.client", "email", "unicodedata", "csv",
}  # fmt: skip
RUN = """
import sys
from flux_cli.main import main, real_app
code = main(sys.argv[1:], real_app())
sys.stderr.write("\\n".join(sorted(sys.modules)))
sys.exit(code)
"""


@pytest.mark.parametrize("line", ["get ks -A", "get all -A", "stats", "events", "version --client"])
def test_plain_commands_load_little(tmp_path: pathlib.Path, line: str) -> None:
    """From a folder, so that the embedded cluster's part is the only thing more than on the wire."""
    (tmp_path / "a.json").write_text(json.dumps(in_state("Kustomization", "a", "True", "fine")))
    source = [] if "--client" in line else ["--from", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-c", RUN, *line.split(), *source],
        capture_output=True,
        text=True,
        env={"HOME": str(tmp_path)},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.split("\n")) & FORBIDDEN
    assert loaded == set()
