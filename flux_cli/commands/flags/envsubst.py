"""Flags of ``envsubst``."""

from __future__ import annotations

from typing import Annotated

from flux_cli.commands._dialect.declare import flag

Strict = Annotated[bool, flag("--strict", help="Fail when a variable without a default is not set")]
