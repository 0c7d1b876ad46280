"""Flags of ``build`` and ``diff``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from flux_cli.commands._dialect.declare import flag

Path = Annotated[str, flag("--path", help="Folder with the manifests", complete="dirs")]
File = Annotated[str, flag("--kustomization-file", help="File with the Flux Kustomization", complete="files")]
Ignore = Annotated[Sequence[str], flag("--ignore-paths", type="strings", help="Leave out these paths, written as in .gitignore")]
DryRun = Annotated[bool, flag("--dry-run", help="Build without a cluster, from --kustomization-file")]
Strict = Annotated[
    bool, flag("--strict-substitute", help="A variable of the post-build substitution that is not set is an error")
]
Recursive = Annotated[bool, flag("--recursive", "-r", help="Build the Kustomizations that this one applies, too")]
LocalSources = Annotated[
    Mapping[str, str],
    flag(
        "--local-sources",
        type="stringToString",
        help="Where a source is on this machine: Kind/namespace/name=path",
        complete="local-sources:GitRepository|OCIRepository|Bucket|ExternalArtifact",
    ),
]
InMemory = Annotated[bool, flag("--in-memory-build", help="Read below the working folder only")]
ProgressBar = Annotated[bool, flag("--progress-bar", help="Show on a terminal that work is going on")]
IgnoreNotFound = Annotated[
    bool, flag("--ignore-not-found", help="The Kustomization need not be on the cluster yet; --kustomization-file is enough")
]
WithReleases = Annotated[
    bool, flag("--helm-releases", help="Compare what HelmReleases among the objects render, too; needs helm")
]
ReleaseFile = Annotated[
    str, flag("--helmrelease-file", help="File with the HelmRelease, instead of the cluster's", complete="files")
]
Chart = Annotated[str, flag("--path", help="Folder or package of the chart, instead of the release's source", complete="files")]
NoHooks = Annotated[bool, flag("--no-hooks", help="Leave out the objects that Helm only runs once")]
DiffForm = Annotated[
    str,
    flag("--output", "-o", help="Form of the report: unified, markdown, json, html, external (KUBECTL_EXTERNAL_DIFF)",
         complete="words:unified|markdown|json|html|external"),
]  # fmt: skip
Mode = Annotated[
    str,
    flag("--mode", help="server: ask the API server for a dry run; client: compute it here, which needs reading rights only",
         complete="words:server|client"),
]  # fmt: skip
