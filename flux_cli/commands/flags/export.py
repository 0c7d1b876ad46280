"""Flags of ``export``."""

from __future__ import annotations

from typing import Annotated

from flux_cli.commands._dialect.declare import flag

All = Annotated[bool, flag("--all", help="Every object of the namespace")]
Everywhere = Annotated[bool, flag("--all-namespaces", "-A", help="Every object of every namespace")]
WithCredentials = Annotated[bool, flag("--with-credentials", help="Also print the Secret that the source authenticates with")]
