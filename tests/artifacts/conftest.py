"""Fixtures of the tests on artifacts."""

import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from artifacts.registry import BINARY, Registry
from artifacts.small_registry import SmallRegistry


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """Debian's registry, without login."""
    if not BINARY:
        pytest.skip("docker-registry is not installed")
    made = Registry(tmp_path_factory.mktemp("registry"))
    yield made
    made.stop()


@pytest.fixture
def small() -> Iterator[Callable[..., SmallRegistry]]:
    """``small(users=…)`` starts a registry of our own; all end with the test."""
    started: list[SmallRegistry] = []

    def start(*args: Any, **options: Any) -> SmallRegistry:
        started.append(SmallRegistry(*args, **options))
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def app_folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """``./app``, a folder worth pushing, with things in it that are not."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "app"
    (folder / "sub").mkdir(parents=True)
    (folder / "kustomization.yaml").write_text("resources: [sub/cm.yaml]\n")
    (folder / "sub" / "cm.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n")
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "logo.png").write_bytes(b"png")
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "link").symlink_to("run.sh")
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.name == "run.sh" else 0o644)
    return folder
