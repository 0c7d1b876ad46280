"""Programs named flux-NAME in the plugin folder are commands."""

import pathlib
import subprocess
import sys

import pytest
from front_door import Flux


@pytest.fixture
def plugins(tmp_path: pathlib.Path) -> pathlib.Path:
    folder = tmp_path / "plugins"
    folder.mkdir()
    for name, mode in (
        ("flux-hello", 0o755),
        ("flux-trace", 0o755),
        ("flux-text", 0o644),
        ("flux-help", 0o755),
        ("other", 0o755),
    ):
        (folder / name).write_text('#!/bin/sh\necho "$0:" "$@"\nexit 7\n')
        (folder / name).chmod(mode)
    (folder / "flux-folder").mkdir()
    return folder


def test_a_plugin_gets_its_words_as_they_are_and_gives_the_exit_code(plugins: pathlib.Path, tmp_path: pathlib.Path) -> None:
    command = [sys.executable, "-m", "flux_cli", "--verbose", "hello", "-n", "a b", "--help", "--nope"]
    answer = subprocess.run(
        command,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "FLUXCD_PLUGINS": str(plugins)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (answer.returncode, answer.stdout, answer.stderr) == (7, f"{plugins}/flux-hello: -n a b --help --nope\n", "")


def test_a_plugin_that_cannot_run(flux: Flux, plugins: pathlib.Path) -> None:
    (plugins / "flux-hello").write_text("neither a script nor a program\n")
    message = f"✗ cannot run the plugin {plugins}/flux-hello: exec format error\n"
    assert flux("hello", FLUXCD_PLUGINS=str(plugins)) == (1, "", message)


def test_help_lists_plugins_apart(flux: Flux, plugins: pathlib.Path) -> None:
    out = flux("--help", FLUXCD_PLUGINS=str(plugins)).out
    assert "\n\nPlugin Commands:\n  hello " in out
    assert "Runs the hello plugin\n\nAdditional Commands:\n" in out
    assert "Available Commands" not in out


def test_completion_and_suggestions_know_plugins(flux: Flux, plugins: pathlib.Path) -> None:
    environ = {"FLUXCD_PLUGINS": str(plugins)}
    assert flux("__complete hel", **environ).out == "hello\tRuns the hello plugin\nhelp\tExplain a command or a topic\n:4\n"
    assert flux("__complete plugin uninstall ''", **environ).out == "hello\n:4\n"
    assert flux("hallo", **environ) == (1, "", '✗ unknown command "hallo" for "flux"\n\nDid you mean this?\n\thello\n\n')


def test_no_plugin_folder_is_no_error(flux: Flux) -> None:
    assert flux("hello").err == '✗ unknown command "hello" for "flux"\n'
