"""Flags of ``flux snapshot``."""

from __future__ import annotations

from typing import Annotated

from flux_cli.commands._dialect.declare import argument, flag

Path = Annotated[str, argument(metavar="[path]", complete="files")]
Tail = Annotated[int, flag("--tail", help="Lines of each log that are kept")]
