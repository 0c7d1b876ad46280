"""What each command that reads prints on the seed's scenario, whole: one golden file a command line.

``UPDATE_GOLDEN=1`` writes them again; look at the difference before you commit it. Times and ages are masked.
"""

import os
import pathlib
import re

import pytest
from front_door import Flux
from seed.masking import masked

GOLDEN = pathlib.Path(__file__).parent / "golden"
LINES = [
    "get all -A", "get sources all -A", "get sources git", "get sources helm -n my-app", "get sources bucket -A",
    "get sources chart -n my-app", "get sources oci -A", "get images all -A", "get kustomizations -A --show-source",
    "get helmreleases -A --show-source", "get hr my-app -n my-app", "get hr nope -n my-app", "get ks -A --status-selector ready=true",
    "get hr -n my-app -o wide", "get hr -n my-app -o name", "get hr -n my-app -o markdown", "get hr -n my-app -o csv",
    "get hr -A --no-header", "get all -A --ready false", "get receivers", "get alerts -A", "get artifacts generators",
    "export all -n my-app", "export source git flux-system", "export ks --all", "export hr my-app -n my-app",
    "export source bucket my-bucket -n my-app --with-credentials",
    "tree ks flux-system", "tree ks my-app -n my-app --health", "tree ks my-app -n my-app -o json", "tree ks my-app -n my-app -o yaml",
    "trace hr my-app -n my-app", "trace kustomization my-app -n my-app", "trace hr my-app -n my-app -o yaml", "check -o yaml",
    "list artifacts", "debug hr my-app -n my-app --show-history", "events -n my-app -o name",
    "events -A", "events --for HelmRelease/my-app -n my-app", "events -n my-app --types Warning",
    "logs -A --level error", "logs -n my-app --name my-bucket",
    "stats -A", "stats -n my-app -o json", "check", "check --pre", "version", "version --client",
    "debug hr my-app -n my-app --show-status", "debug hr my-app -n my-app --show-values", "debug ks my-app -n my-app --show-vars",
    "uninstall --dry-run",
    "troubleshoot hr my-app -n my-app", "troubleshoot hr/my-app -n my-app --steps", "troubleshoot hr my-app -n my-app -o json",
    "troubleshoot bucket my-bucket -n my-app", "troubleshoot ks flux-system", "troubleshoot", "troubleshoot -o markdown",
    "__complete get hr -n my-app ", "__complete troubleshoot ",
]  # fmt: skip


def file_of(line: str) -> pathlib.Path:
    return GOLDEN / (re.sub(r"[^a-zA-Z0-9]+", "-", line).strip("-_").lower() + ".txt")


@pytest.mark.parametrize("line", LINES)
def test_what_it_prints(stuck: Flux, line: str) -> None:
    words = line.split(" ")
    answer = stuck(" ".join(words[:-1]), words[-1]) if line.endswith(" ") else stuck(line)
    raw = answer.out if not line.startswith("logs") else "".join(sorted(set(masked(answer.out).splitlines(True))))  # they retry
    shown = masked(f"$ flux {line}\nexit code {answer.code}\n--- stdout\n{raw}--- stderr\n{answer.err}")
    if os.environ.get("UPDATE_GOLDEN"):
        file_of(line).write_text(shown)
    assert shown == file_of(line).read_text()


def test_every_golden_file_belongs_to_a_line() -> None:
    assert {p.name for p in GOLDEN.glob("*.txt")} == {file_of(line).name for line in LINES}
