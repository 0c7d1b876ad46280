"""Flags of ``flux explain``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from flux_cli.commands._dialect.declare import argument, flag

Message = Annotated[Sequence[str], argument(metavar="[message]...")]
Kind = Annotated[str, flag("--kind", help="Kind of the object that shows the message, such as Kustomization", complete="kinds")]
Output = Annotated[str, flag("--output", "-o", help="json or yaml instead of text", complete="words:json|yaml")]
