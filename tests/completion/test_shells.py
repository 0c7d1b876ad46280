"""Real shells, driven through a terminal: what a person gets for TAB."""

import contextlib
import json
import os
import pathlib
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from completion.terminal import Terminal

from flux_cli.core.goyaml_load import load_all
from flux_cli.sandbox.api import Sandbox
from flux_cli.sandbox.server import Server

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "completions"
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "PS1='> '; . {}/flux.bash"),
    "zsh": (["zsh", "-f", "-i"], "PS1='> '; . {}/_flux"),
    "fish": (["fish", "--no-config", "-i"], "function fish_prompt; echo -n '> '; end; source {}/flux.fish"),
}
OBJECTS = """
apiVersion: v1
kind: Namespace
metadata: {name: team-a}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: infra-of-all, namespace: flux-system}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: site, namespace: flux-system}
"""


@pytest.fixture(scope="module")
def kubeconfig() -> Iterator[dict[str, Any]]:
    """Of a cluster with a few objects, and with contexts whose names are hard on shells."""
    sandbox = Sandbox()
    for obj in load_all(OBJECTS):
        sandbox.keep(obj)
    server = Server(sandbox)
    server.start()
    config = server.kubeconfig()
    names = ("staging", "arn:aws:eks:eu:1:cluster/prod")
    yield config | {"contexts": [*config["contexts"], *({"name": name, "context": {}} for name in names)]}
    server.stop()


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest, tmp_path: pathlib.Path, kubeconfig: dict[str, Any]) -> Iterator[Terminal]:
    if not shutil.which(request.param):
        pytest.skip(f"{request.param} is not installed")
    command, setup = SHELLS[request.param]
    config = tmp_path / "config"
    config.write_text(json.dumps(kubeconfig))
    folder = os.path.dirname(sys.executable)
    environ = {"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(tmp_path), "KUBECONFIG": str(config), "LANG": "C.UTF-8"}
    terminal = Terminal(command, environ)
    with contextlib.closing(terminal):
        terminal.type(setup.format(SCRIPTS) + "; cd " + str(tmp_path) + "; clear\r")
        terminal.wait(lambda text: text.strip() == ">")
        yield terminal


def test_names_come_from_the_cluster(shell: Terminal) -> None:
    shell.type("flux tree ks inf\t")
    shell.wait(lambda text: text == "> flux tree ks infra-of-all")
    shell.type("-n te\t")
    shell.wait(lambda text: text == "> flux tree ks infra-of-all -n team-a")


def test_the_only_sub_command_is_filled_in(shell: Terminal) -> None:
    shell.type("flux compl\t")
    shell.wait(lambda text: text == "> flux completion")
    shell.type("fi\t")
    shell.wait(lambda text: text == "> flux completion fish")


def test_several_candidates_are_listed(shell: Terminal) -> None:
    shell.type("flux completion \t\t")
    shell.wait(lambda text: all(word in text for word in ("bash", "fish", "powershell", "zsh")))


def test_a_flag_is_filled_in(shell: Terminal) -> None:
    shell.type("flux completion bash --kubec\t")
    shell.wait(lambda text: text == "> flux completion bash --kubeconfig")


def test_a_value_after_the_equals_sign_is_filled_in(shell: Terminal) -> None:
    shell.type("flux completion bash --context=st\t")
    shell.wait(lambda text: text == "> flux completion bash --context=staging")


def test_a_value_with_colons_is_filled_in(shell: Terminal) -> None:
    shell.type("flux completion bash --context ar\t")
    shell.wait(lambda text: text.replace("\\", "").startswith("> flux completion bash --context arn:aws:eks:eu:1:cluster/prod"))


def test_files_are_offered_where_a_file_is_wanted(shell: Terminal, tmp_path: pathlib.Path) -> None:
    (tmp_path / "cluster-one.yaml").touch()
    shell.type("flux completion bash --kubeconfig clust\t")
    shell.wait(lambda text: text == "> flux completion bash --kubeconfig cluster-one.yaml")


def test_a_reference_is_typed_in_two_steps(shell: Terminal) -> None:
    shell.type("flux create kustomization x --source Git\t")
    shell.wait(lambda text: text.endswith("--source GitRepository/"))
    shell.type("s\t")
    shell.wait(lambda text: text == "> flux create kustomization x --source GitRepository/site")


def test_a_value_that_holds_an_equals_sign(shell: Terminal) -> None:
    shell.type("flux get kustomizations --status-selector stal\t")
    shell.wait(lambda text: text.replace("\\", "").startswith("> flux get kustomizations --status-selector stalled=true"))


def test_words_after_a_quoted_one(shell: Terminal) -> None:
    shell.type("flux tree ks 'a b' --namespace te\t")
    shell.wait(lambda text: text == "> flux tree ks 'a b' --namespace team-a")


def test_nothing_is_offered_for_a_command_that_does_not_exist(shell: Terminal) -> None:
    shell.type("flux completion tcsh \t\tx")
    shell.wait(lambda text: text == "> flux completion tcsh x")
