"""Flags of ``migrate``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from flux_cli.commands._dialect.declare import flag

Path = Annotated[
    str, flag("--path", "-f", help="Migrate manifests in this file or folder, instead of the cluster", complete="files")
]
Extensions = Annotated[Sequence[str], flag("--extensions", "-e", type="strings", help="What the names of manifests end with")]
Version = Annotated[str, flag("--version", "-v", help="Minor release of Flux to migrate to; the latest where none is given")]
Yes = Annotated[bool, flag("--yes", "-y", help="Do not ask")]
Diff = Annotated[
    bool, flag("--diff", help="Show what would change instead of changing it; in the cluster by a dry run of the API server")
]
DryRun = Annotated[bool, flag("--dry-run", help="With --path, only show what would be changed")]
