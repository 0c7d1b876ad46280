"""Command lines as cobra and pflag take them: what is accepted, and what is said about the rest. Whole outputs."""

import pathlib
import subprocess
import sys

import pytest
from front_door import Flux


def invalid(value: str, flag: str, why: str) -> str:
    """pflag's sentence around what a type says."""
    return f'invalid argument "{value}" for "{flag}" flag: {why}'


LINES = {
    "get --nope": "unknown flag: --nope",
    "--nope": "unknown flag: --nope",
    "-x": "unknown shorthand flag: 'x' in -x",
    "get ks -Ax": "unknown shorthand flag: 'x' in -x",
    "get ks -xA": "unknown shorthand flag: 'x' in -xA",
    "get ks -é": "unknown shorthand flag: 'Ã' in -é",
    "-é get ks": "unknown shorthand flag: 'Ã' in -é",
    "get ks -\udcff": "unknown shorthand flag: 'ÿ' in -",
    "get ks ---x": "bad flag syntax: ---x",
    "get ks --=x": "bad flag syntax: --=x",
    "--namespace": "flag needs an argument: --namespace",
    "get ks -n": "flag needs an argument: 'n' in -n",
    "get ks -An": "flag needs an argument: 'n' in -n",
    "get ks -A=x": invalid("x", "-A, --all-namespaces", 'strconv.ParseBool: parsing "x": invalid syntax'),
    "get ks --no-header=yes": invalid("yes", "--no-header", 'strconv.ParseBool: parsing "yes": invalid syntax'),
    "get ks --timeout 5": invalid("5", "--timeout", 'time: missing unit in duration "5"'),
    "get ks --timeout -n apps": invalid("-n", "--timeout", 'time: invalid duration "-n"'),
    "get ks --timeout=1d": invalid("1d", "--timeout", 'time: unknown unit "d" in duration "1d"'),
    "get ks --kube-api-qps x": invalid("x", "--kube-api-qps", 'strconv.ParseFloat: parsing "x": invalid syntax'),
    "get ks --kube-api-qps 1e99": invalid("1e99", "--kube-api-qps", 'strconv.ParseFloat: parsing "1e99": value out of range'),
    "get ks --kube-api-burst 1.5": invalid("1.5", "--kube-api-burst", 'strconv.ParseInt: parsing "1.5": invalid syntax'),
    "get ks --kube-api-burst 99999999999999999999": invalid(
        "99999999999999999999", "--kube-api-burst", 'strconv.ParseInt: parsing "99999999999999999999": value out of range'
    ),
    "get ks --kube-api-burst 08": invalid("08", "--kube-api-burst", 'strconv.ParseInt: parsing "08": invalid syntax'),
    "logs --level loud": invalid("loud", "--level", "unsupported log level 'loud', must be one of: debug, info, error"),
    "logs --level=": invalid("", "--level", "no log level given, must be one of: debug, info, error"),
    "get ks -n= apps": 'namespace must be a valid DNS label: "="',
    "get ks --namespace=": 'namespace must be a valid DNS label: ""',
    "get ks -nA": 'namespace must be a valid DNS label: "A"',
    "get ks -n a_b": 'namespace must be a valid DNS label: "a_b"',
    "nope": 'unknown command "nope" for "flux"',
    "-A": "unknown shorthand flag: 'A' in -A",
    "--version get ks": 'unknown command "ks" for "flux"',
    "gett": 'unknown command "gett" for "flux"\n\nDid you mean this?\n\tget\n',
    "reconsile ks": 'unknown command "reconsile" for "flux"\n\nDid you mean this?\n\treconcile\n',
    "re": 'unknown command "re" for "flux"\n\nDid you mean this?\n\tget\n\treconcile\n\tresume\n\ttree\n',
    "exp": 'unknown command "exp" for "flux"\n\nDid you mean this?\n\texport\n',
    "troubleshot": 'unknown command "troubleshot" for "flux"\n\nDid you mean this?\n\ttroubleshoot\n',
    "helpme": 'unknown command "helpme" for "flux"',
    "check extra": 'unknown command "extra" for "flux check"',
    "debug hr": "accepts 1 arg(s), received 0",
    "debug hr a b": "accepts 1 arg(s), received 2",
    "get ks --bad\x1b[31m": "unknown flag: --bad[31m",
    "help --nope": "unknown flag: --nope",
    "get --version": "unknown flag: --version",
    "completion zsh --nope": "unknown flag: --nope",
}


@pytest.mark.parametrize("line", LINES)
def test_what_is_refused(flux: Flux, line: str) -> None:
    assert flux(line) == (1, "", f"✗ {LINES[line]}\n")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "get",
        "get nope",
        "get --no-header",
        "get help",
        "create source",
        "bootstrap nope",
        "-h",
        "--help",
        "--version=false",
        "get -h nope",
    ],
)
def test_groups_answer_with_their_help(flux: Flux, line: str) -> None:
    code, out, err = flux(line)
    assert (code, err) == (0, "")
    assert "\nAvailable Commands:\n" in out
    assert out == flux(f"help {' '.join(w for w in line.split() if not w.startswith('-') and w not in ('nope', 'help'))}").out


@pytest.mark.parametrize(
    "line", ["get ks -h", "get ks --help", "get kustomization x --help=true", "help get ks", "-n x get ks -h", "get -h ks"]
)
def test_help_of_a_command(flux: Flux, line: str) -> None:
    wanted = "get" if line == "get -h ks" else "get kustomizations"  # -h swallows the next word while the command is looked for
    assert flux(line) == flux(f"help {wanted}")
    assert f"\nUsage:\n  flux {wanted} [" in flux(line).out


def test_a_warning_about_the_system_namespace_comes_with_every_command(flux: Flux) -> None:
    warning = '⚠️  ignoring invalid FLUX_SYSTEM_NAMESPACE: "A b"\n'
    assert flux("completion zsh --nope", FLUX_SYSTEM_NAMESPACE="A b") == (1, "", warning + "✗ unknown flag: --nope\n")
    assert flux("--version", FLUX_SYSTEM_NAMESPACE="A b").err == warning


def test_the_system_namespace_is_the_default_in_help(flux: Flux) -> None:
    assert '(default "flux-system")' in flux("get --help").out
    assert '(default "gitops")' in flux("get --help", FLUX_SYSTEM_NAMESPACE="gitops").out


def test_a_cluster_from_standard_input(tmp_path: pathlib.Path) -> None:
    manifest = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\n"
    command = [sys.executable, "-m", "flux_cli", "tree", "ks", "apps", "--from", "-"]
    answer = subprocess.run(
        command, input=manifest, env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}, capture_output=True, text=True, timeout=60
    )
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "Kustomization/flux-system/apps\n\n", "")
