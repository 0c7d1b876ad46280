"""Hand the changes to the diff program that KUBECTL_EXTERNAL_DIFF names, as kubectl does: two folders, a file for each object."""

import os
import pathlib
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence

from flux_cli.core.errors import FluxError
from flux_cli.core.goyaml import dump
from flux_cli.core.view import Change

_DEFAULT = "diff -u -N"


def external(changes: Sequence[Change], environ: Mapping[str, str]) -> str:
    """What the program prints. Values of Secrets in the files are masked. Raises FluxError."""
    words = shlex.split(environ.get("KUBECTL_EXTERNAL_DIFF") or _DEFAULT)
    program = shutil.which(words[0], path=environ.get("PATH", "")) if words else None
    if not program:
        raise FluxError(
            f"{words[0] if words else 'the diff program'} is not installed", hint="Set KUBECTL_EXTERNAL_DIFF to one that is."
        )
    with tempfile.TemporaryDirectory(prefix="flux-diff-") as made:
        for side in ("LIVE", "MERGED"):
            pathlib.Path(made, side).mkdir()
        for change in changes:
            for side, obj in (("LIVE", change.before), ("MERGED", change.after)):
                if obj:
                    pathlib.Path(made, side, change.subject.replace(os.sep, ".")).write_text(dump(obj))
        done = subprocess.run(
            [program, *words[1:], "LIVE", "MERGED"], cwd=made, capture_output=True, text=True, errors="replace",
            env=dict(environ), stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
    if done.returncode > 1:
        raise FluxError(f"{words[0]} failed: {done.stderr.strip() or f'exit code {done.returncode}'}")
    return done.stdout
