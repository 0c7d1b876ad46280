"""Every example of docs/library.md runs, in order, on the embedded cluster, and what its tables name is there."""

import inspect
import pathlib
import re
from typing import Any

import pytest
import yaml
from sandbox.manifests import flux, pod

import flux_cli
from flux_cli.core import errors
from flux_cli.core.objects import Object
from flux_cli.library import FluxObject
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.server import Server

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "library.md"
READY = {"type": "Ready", "status": "True", "reason": "ReconciliationSucceeded", "message": "fine"}


def ready(obj: Object) -> Object:
    return obj | {"status": {"conditions": [READY], "observedGeneration": 1}}


def examples() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)


def test_the_examples(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    sandbox = Sandbox()
    for namespace in ("flux-system", "apps"):
        sandbox.keep({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
    sandbox.keep(ready(flux("HelmRelease", "my-app", {}, "apps", generation=1, labels={"team": "a"})))
    sandbox.keep(ready(flux("Kustomization", "apps", {}, "flux-system", generation=1)))
    sandbox.keep(pod("web", "apps"))
    server = Server(sandbox)
    server.start()
    try:
        path = tmp_path / "config"
        server.write_kubeconfig(str(path))
        config = yaml.safe_load(path.read_text())
        config["contexts"].append({"name": "staging", "context": config["contexts"][0]["context"]})
        path.write_text(yaml.safe_dump(config))
        monkeypatch.setenv("KUBECONFIG", str(path))
        with flux_cli.connect() as connected:
            scope: dict[str, Any] = {"flux": connected, "flux_cli": flux_cli}
            for example in examples():
                exec(compile(example.replace("timeout=60", "timeout=1"), str(PAGE), "exec"), scope)
                scope["flux"] = connected  # the first example closes its own
        assert capsys.readouterr().out == "my-app True fine\nADDED True\n"
        assert scope["apps"].name == scope["ready"].name == "apps"
        assert [obj.name for obj in scope["every"]] == ["my-app"]
        assert [item.metadata.name for item in scope["pods"].items] == ["web"]
    finally:
        server.stop()


def named(section: str) -> set[str]:
    """Words in backticks of the first column of the table below a heading."""
    below = PAGE.read_text().partition(f"## {section}\n")[2].partition("\n## ")[0]
    return {word for cell in re.findall(r"^\| (`.*?) \|", below, re.MULTILINE) for word in re.findall(r"`(\w+)`", cell)}


def test_the_tables() -> None:
    assert named("Errors") - set(dir(errors)) == set()
    assert named("Reading") == {name for name in dir(FluxObject) if not name.startswith("_")}
    connecting = PAGE.read_text().partition("## Connecting\n")[2].partition("\n## ")[0]
    assert {name for name in inspect.signature(flux_cli.connect).parameters if f"`{name}`" not in connecting} == set()
