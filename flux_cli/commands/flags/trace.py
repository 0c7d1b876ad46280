"""Flags of ``flux trace``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from flux_cli.commands._dialect.declare import argument, flag

Resources = Annotated[Sequence[str], argument(metavar="<resource> <name> [<name> ...]", complete="resources")]
Kind = Annotated[str, flag("--kind", help="Kind of the object, such as Deployment; needs --api-version")]
Output = Annotated[
    str, flag("--output", "-o", help="json or yaml instead of the report, for programs", complete="words:json|yaml")
]
ApiVersion = Annotated[str, flag("--api-version", help="API version of the object, such as apps/v1; needs --kind")]
