"""Flags of ``flux troubleshoot``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from flux_cli.commands._dialect.declare import argument, flag

Symptoms = Annotated[Sequence[str], argument(metavar="[KIND NAME | KIND/NAME]...", complete="resources")]
AllNamespaces = Annotated[bool, flag("--all-namespaces", "-A", help="Look at the whole cluster")]
Selector = Annotated[str, flag("--selector", "-l", help="Only objects with these labels, such as app=web,tier in (a,b)")]
Output = Annotated[
    str, flag("--output", "-o", help="json, yaml or markdown instead of text", complete="words:json|yaml|markdown")
]
Steps = Annotated[bool, flag("--steps", help="Go through the six steps of the runbook and show what each one found")]
Watch = Annotated[
    bool, flag("--watch", "-w", help="Look again every few seconds until it is healthy; what is deleted meanwhile is waited for")
]
