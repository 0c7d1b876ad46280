"""Flags of ``flux tree``."""

from __future__ import annotations

from typing import Annotated

from flux_cli.commands._dialect.declare import flag

Compact = Annotated[bool, flag("--compact", help="Flux objects only")]
Output = Annotated[str, flag("--output", "-o", help="Format: json or yaml; without it branches", complete="words:json|yaml")]
Health = Annotated[bool, flag("--health", help="Also read every object and tell how it is")]
