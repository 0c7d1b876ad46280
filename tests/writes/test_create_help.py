"""What the help of ``create`` shows works: every example, as YAML."""

import pathlib
import shlex

import pytest
import trustme
from front_door import Flux

from flux_cli.commands._dialect.loading import load, load_help

POLICY = (
    '{"version": "1.0", "trustPolicies": [{"name": "all", "registryScopes": ["*"], "trustStores": ["ca:all"], '
    '"signatureVerification": {"level": "strict"}, "trustedIdentities": ["*"]}]}'
)


def examples() -> list[str]:
    """Each command line of the help, without ``flux`` and what the shell does with files."""
    table = load()
    texts = (load_help(table).of(path).example for path in table.nodes if path.startswith("create "))
    lines = [line for text in texts for line in text.replace("\\\n", "").splitlines() if line.startswith("flux ")]
    return [
        line.removeprefix("flux ").partition(" < ")[0].partition(" > ")[0]
        for line in lines
        if "secret git" not in line or "ssh:" not in line
    ]


@pytest.fixture
def files(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that the examples name."""
    monkeypatch.chdir(tmp_path)
    ca = trustme.CA()
    pair = ca.issue_cert("example.com")
    pem, key = ca.cert_pem.bytes(), pair.private_key_pem.bytes()
    made = {
        "values.yaml": b"a: 1\n",
        "password.txt": b"x\n",
        "trustpolicy.json": POLICY.encode(),
        "app.pem": key,
        "client.key": key,
    }
    made |= {"client.crt": pair.cert_chain_pems[0].bytes()} | dict.fromkeys(("a.crt", "b.crt", "ca.crt"), pem)
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)


@pytest.mark.parametrize("line", examples())
def test_an_example(flux: Flux, files: None, line: str) -> None:
    words = shlex.split(line)
    got = flux("", *words, *(() if "--export" in words else ("--export",)), stdin="password\n")
    assert (got.code, got.err) in ((0, ""), (0, "✚ generating HelmChart source\n"))
    assert got.out.startswith("---\napiVersion: ")


def test_there_are_examples() -> None:
    assert len(examples()) > 30
