"""Flags of ``debug``."""

from __future__ import annotations

from typing import Annotated

from flux_cli.commands._dialect.declare import flag

ShowStatus = Annotated[bool, flag("--show-status", help="Print the status")]
ShowHistory = Annotated[bool, flag("--show-history", help="Print the history")]
ShowValues = Annotated[bool, flag("--show-values", help="Print the values that Helm is given")]
ShowVars = Annotated[bool, flag("--show-vars", help="Print the variables of the post-build substitution")]
