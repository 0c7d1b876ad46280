"""How long the sandbox takes to load many objects until it is ready, and the memory that it takes for that."""

import json
import pathlib
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from bench.measure import high_water

SECONDS, MEBIBYTES = 5.0, 200.0  # what loading 10,000 objects may take


class Loading(NamedTuple):
    """``seconds`` from the start of the process to its kubeconfig, ``mebibytes`` its largest resident size."""

    objects: int
    seconds: float
    mebibytes: float

    def __str__(self) -> str:
        goal = f"goal {SECONDS:.0f} s, {MEBIBYTES:.0f} MiB"
        return f"flux sandbox start --load, {self.objects:,} objects: {self.seconds:.1f} s, {self.mebibytes:.0f} MiB ({goal})"


def loading(flux: Sequence[str], content: list[dict[str, Any]], env: Mapping[str, str]) -> Loading:
    """Start a sandbox with ``content`` once. Raises RuntimeError where it does not come up."""
    with tempfile.TemporaryDirectory() as name:
        manifest, config = pathlib.Path(name, "objects.json"), pathlib.Path(name, "kubeconfig")
        manifest.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": content}))
        command = [*flux, "sandbox", "start", "--load", str(manifest), "--write-kubeconfig", str(config)]
        started = time.perf_counter()
        process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not config.exists():
            if process.poll() is not None:
                raise RuntimeError(f"the sandbox ended with exit code {process.returncode}")
            time.sleep(0.01)
        seconds = time.perf_counter() - started
        mebibytes = high_water(process.pid)
        process.terminate()
        process.wait()
    return Loading(len(content), seconds, mebibytes)
