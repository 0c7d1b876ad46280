"""Fixtures of the tests on artifacts."""

import importlib.util
import pathlib
from collections.abc import Iterator
from typing import Any

import pytest

_spec = importlib.util.spec_from_file_location("artifacts_registry", pathlib.Path(__file__).with_name("registry.py"))
assert _spec
assert _spec.loader
registry_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(registry_module)


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A registry without login."""
    if not registry_module.BINARY:
        pytest.skip("docker-registry is not installed")
    made = registry_module.Registry(tmp_path_factory.mktemp("registry"))
    yield made
    made.stop()


@pytest.fixture
def app_folder(tmp_path: pathlib.Path) -> pathlib.Path:
    """A folder worth pushing."""
    folder = tmp_path / "app"
    (folder / "sub").mkdir(parents=True)
    (folder / "kustomization.yaml").write_text("resources: [cm.yaml]\n")
    (folder / "sub" / "cm.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n")
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o755)
    (folder / "logo.png").write_bytes(b"png")
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "link").symlink_to("run.sh")
    return folder
