"""Commands that people run all day load nothing heavy."""

import subprocess
import sys

import pytest

HEAVY = {
    "typer", "rich", "pydantic", "httpx", "kubernetes", "asyncio", "inspect", "dataclasses", "yaml", "cryptography", "dulwich",
    "msgspec", "tabulate", "http.client", "email", "unittest", "argparse",
}  # fmt: skip
SCRIPT = """
import io, sys
from flux_cli.main import main
sys.stdout = sys.stderr = io.StringIO()
main(sys.argv[1:])
sys.__stdout__.write("\\n".join(sys.modules))
"""
LINES = [
    "--version",
    "get ks",
    "get ks -A",
    "get all -A --status-selector ready=false",
    "reconcile ks apps --with-source",
    "suspend hr web",
    "resume hr web",
    "version",
    "logs --tail 3",
    "--help",
    "get --help",
    "help reconcile source git",
    "gett",
    "get ks --nope",
    "__complete get ''",
    "__complete get ks -",
    "completion bash",
]


@pytest.mark.parametrize("line", LINES)
def test_nothing_heavy_is_imported(line: str, tmp_path: object) -> None:
    words = ["" if word == "''" else word for word in line.split()]
    # Nothing listens on port 1: the request fails, after everything was loaded that sends it.
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "KUBERNETES_MASTER": "http://127.0.0.1:1"}
    loaded = subprocess.run(
        [sys.executable, "-c", SCRIPT, *words], env=environ, capture_output=True, text=True, check=True, timeout=60
    ).stdout.split("\n")
    assert "flux_cli.commands._compiled" in loaded or line == "--version"
    assert HEAVY.intersection(loaded) == set()
