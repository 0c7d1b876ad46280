"""Flags of ``sandbox``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from flux_cli.commands._dialect.declare import argument, flag

Paths = Annotated[Sequence[str], argument(metavar="<path>...", complete="files")]
Load = Annotated[
    Sequence[str],
    flag(
        "--load", help="Load the manifests of this file, folder or archive; may be repeated", type="stringArray", complete="files"
    ),
]
Logs = Annotated[
    str, flag("--logs", help="Folder whose <pod>.log files are the pods' logs, read afresh each time", complete="dirs")
]
Scenario = Annotated[
    str, flag("--scenario", help="Start with a scenario that comes with flux, or the scenario file at this path")
]
Controllers = Annotated[bool, flag("--controllers", help="Run stand-ins of the Flux controllers")]
Fetch = Annotated[
    bool, flag("--fetch", help="Let the stand-in of GitRepositories ask the real Git servers which commit a ref is at")
]
Port = Annotated[int, flag("--port", help="Port on 127.0.0.1; 0 takes any that is free")]
WriteKubeconfig = Annotated[
    str, flag("--write-kubeconfig", help="Where to write the kubeconfig; default a temporary file", complete="files")
]
StatusOutput = Annotated[str, flag("--output", "-o", help="Output format: json", complete="words:json")]
