"""Run kustomize over a folder with another kustomization.yaml than its own, without touching it."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flux_cli.core.errors import FluxError
from flux_cli.core.goyaml_load import YamlError, load_all
from flux_cli.core.objects import Object
from flux_cli.services.building.scanning import FILES

_KLOG = re.compile(r'^[EF]\d{4} .*?\] "command failed" err="(.*)"$', re.DOTALL)


def run(generated: Object, folder: str, environ: Mapping[str, str]) -> list[Object]:
    """The objects of ``kustomize build``, in its order. Raises FluxError with kustomize's own message."""
    command = binary(environ)
    with overlay(generated, folder) as (path, shown):
        done = subprocess.run(
            [*command, path, "--load-restrictor", "LoadRestrictionsNone"],
            capture_output=True, text=True, env=dict(environ), stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
    if done.returncode:
        raise FluxError(f"kustomize build failed: {_message(done.stderr).replace(shown[0], shown[1])}")
    try:
        return [obj for obj in load_all(done.stdout) if isinstance(obj, dict)]
    except YamlError as err:
        raise FluxError(f"kustomize build failed: its output is not YAML: {err}") from err


def binary(environ: Mapping[str, str]) -> list[str]:
    """How to call kustomize on this machine. Raises FluxError where neither it nor kubectl is installed."""
    path = environ.get("PATH", "")
    found = shutil.which("kustomize", path=path)
    if found:
        return [found, "build"]
    found = shutil.which("kubectl", path=path)
    if found:
        return [found, "kustomize"]
    raise FluxError("kustomize is not installed", hint="Install kustomize 5 or newer, or kubectl 1.27 or newer, on the PATH.")


@contextmanager
def overlay(generated: Mapping[str, Any], folder: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """A temporary folder that looks like ``folder`` but for its kustomization.yaml.

    Everything else is a symbolic link, and so is what lies beside it and beside its parents as far up as ``..`` leads.
    Yields its path, and (its top, what that stands for) so that messages can name the user's own paths.
    """
    real = os.path.realpath(folder)
    parents = min(_climbs(generated), len([part for part in real.split("/") if part]))
    parts = [part for part in real.split("/") if part]
    steps = parts[len(parts) - parents :]
    top = "/" + "/".join(parts[: len(parts) - parents])
    with tempfile.TemporaryDirectory(prefix="flux-build-") as made:
        made = os.path.realpath(made)
        here, there = made, top
        for step in steps:
            _link(there, here, leave=(step,))
            here, there = os.path.join(here, step), os.path.join(there, step)
            os.mkdir(here)
        _link(there, here, leave=FILES)
        with open(os.path.join(here, FILES[0]), "w") as out:
            json.dump(generated, out)
        yield here, (made, top.rstrip("/"))


def _link(there: str, here: str, leave: tuple[str, ...]) -> None:
    try:
        names = os.listdir(there)
    except OSError:
        return  # a parent that may not be listed: what is beside us is out of reach for kustomize, too
    for name in names:
        if name not in leave:
            os.symlink(os.path.join(there, name), os.path.join(here, name))


def _climbs(value: Any) -> int:
    """The most ``..`` steps in any text of a kustomization."""
    if isinstance(value, str):
        return len(re.findall(r"(?:^|[/=])\.\.(?=/|$)", value))
    if isinstance(value, Mapping):
        return max((_climbs(entry) for entry in value.values()), default=0)
    if isinstance(value, list):
        return max((_climbs(entry) for entry in value), default=0)
    return 0


def _message(stderr: str) -> str:
    """kustomize's error without the decoration of the program that ran it."""
    lines = [line for line in stderr.strip().splitlines() if not line.startswith(("#", "Warning:"))]
    text = "\n".join(lines)
    found = _KLOG.match(text)
    if found:
        try:
            return str(json.loads(f'"{found[1]}"'))
        except ValueError:
            return found[1]
    return text.removeprefix("Error: ").removeprefix("error: ")
