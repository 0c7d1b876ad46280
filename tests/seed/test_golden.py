"""What each command that reads prints on the seed's scenario, whole: one golden file a command line.

``UPDATE_GOLDEN=1`` writes them again; look at the difference before you commit it. Times and ages are masked.
"""

import os
import pathlib
import re
import time
from collections.abc import Iterator

import pytest
from front_door import Flux

from flux_cli import kinds
from flux_cli.core.objects import condition
from flux_cli.sandbox.running import Running

GOLDEN = pathlib.Path(__file__).parent / "golden"
SETTLED = {
    "GitRepository": 1, "Kustomization": 2, "HelmRepository": 1, "Bucket": 1, "HelmChart": 1, "HelmRelease": 1,
}  # fmt: skip
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
MASKS = [
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( \+0000 UTC|Z)"), "TIME"),
    (re.compile(r"\b\d+s(?= *\t)"), "AGE"),
    (re.compile(r"\b\d+s \(x\d+ over \d+s\)"), "AGE"),
]


@pytest.fixture(scope="module")
def stuck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flux]:
    """The seed's cluster with its controllers, once they have said all that they have to say."""
    folder = tmp_path_factory.mktemp("seed")
    running = Running()
    try:
        running.play("seed")
        running.run_controllers()
        config = running.publish(str(folder / "kubeconfig"))
        _settle(running)
        yield Flux(str(folder), KUBECONFIG=config, TZ="UTC")
    finally:
        running.stop()


def _settle(running: Running) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = {name: running.cluster.list(kinds.named(name).resource).items for name in SETTLED}
        said = all(
            len(found[name]) >= count and all((condition(o) or {}).get("status") in ("True", "False") for o in found[name])
            for name, count in SETTLED.items()
        )
        if said:
            return
        time.sleep(0.05)
    raise AssertionError("the scenario did not come to rest")


def masked(text: str) -> str:
    for pattern, word in MASKS:
        text = pattern.sub(word, text)
    return text


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
