"""Commands that people run all day load nothing heavy."""

import subprocess
import sys

import pytest

HEAVY = {
    "typer", "rich", "pydantic", "httpx", "kubernetes", "asyncio", "inspect", "dataclasses", "yaml", "cryptography", "dulwich",
    "msgspec", "tabulate", "http.client", "email", "unittest", "argparse",
}  # fmt: skip
# What a start pays for though it looks like nothing, and what has a lean stand-in (core/record, core/quickjson, kube/tls).
DEAR = {
    "typing", "re", "enum", "json", "ssl", "socket", "selectors", "contextlib", "threading", "datetime", "struct", "base64", "zlib",
    "tempfile", "subprocess",
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
LEAN = [
    "--version", "get ks", "get ks -A", "get sources git -A", "get ks apps -o name", "tree ks apps", "suspend ks apps", "stats -A",
    "get all -A --status-selector ready=false", "reconcile ks apps", "resume hr web", "events -A",
    "__complete get ks ''",
]  # fmt: skip


def loaded(line: str, home: object) -> set[str]:
    """The modules after a command that could not reach its server: everything was loaded that sends the request."""
    words = ["" if word == "''" else word for word in line.split()]
    environ = {"HOME": str(home), "PATH": "/usr/bin:/bin", "KUBERNETES_MASTER": "http://127.0.0.1:1"}
    command = [sys.executable, "-c", SCRIPT, *words]
    return set(subprocess.run(command, env=environ, capture_output=True, text=True, check=True, timeout=60).stdout.split("\n"))


@pytest.mark.parametrize("line", LEAN)
def test_nothing_dear_is_imported(line: str, tmp_path: object) -> None:
    nothing = subprocess.run(
        [sys.executable, "-c", "import io, sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    ).stdout.split()
    assert DEAR.intersection(loaded(line, tmp_path) - set(nothing)) == set()


@pytest.mark.parametrize("line", LINES)
def test_nothing_heavy_is_imported(line: str, tmp_path: object) -> None:
    found = loaded(line, tmp_path)
    assert "flux_cli.commands._compiled" in found or line == "--version"
    assert HEAVY.intersection(found) == set()
