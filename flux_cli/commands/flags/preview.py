"""Flags of everything that writes: look at a change before it is made."""

from __future__ import annotations

from typing import Annotated

from flux_cli.commands._dialect.declare import flag

DryRun = Annotated[
    str,
    flag(
        "--dry-run", type="string", help="With server, let the API server check the change without storing it",
        complete="words:none|server",
    ),
]  # fmt: skip
Diff = Annotated[bool, flag("--diff", help="Show what would change in the cluster instead of changing it")]
