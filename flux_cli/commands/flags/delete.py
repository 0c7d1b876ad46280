"""Flags of ``delete``."""

from __future__ import annotations

from typing import Annotated

from flux_cli.commands._dialect.declare import flag

Silent = Annotated[bool, flag("--silent", "-s", help="Do not ask")]
All = Annotated[bool, flag("--all", help="Delete every object of the namespace")]
Selector = Annotated[str, flag("--selector", "-l", help="Delete the objects with these labels, key=value")]
DryRun = Annotated[
    str, flag("--dry-run", type="string", help="With server, let the API server check the deletion without doing it")
]
