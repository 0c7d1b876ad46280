"""Flags of ``uninstall``."""

from __future__ import annotations

from typing import Annotated

from flux_cli.commands._dialect.declare import flag

KeepNamespace = Annotated[bool, flag("--keep-namespace", help="Leave the namespace where it is")]
DryRun = Annotated[bool, flag("--dry-run", help="Only ask the server what would be deleted")]
Silent = Annotated[bool, flag("--silent", "-s", help="Do not ask")]
