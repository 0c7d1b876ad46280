"""Flags of ``delete``."""

from __future__ import annotations

from typing import Annotated

from flux_cli.commands._dialect.declare import flag

Silent = Annotated[bool, flag("--silent", "-s", help="Do not ask")]
All = Annotated[bool, flag("--all", help="Delete every object of the namespace")]
