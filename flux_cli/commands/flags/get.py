"""Flags of ``get``."""

from __future__ import annotations

from typing import Annotated

from flux_cli.commands._dialect.declare import flag

NoHeader = Annotated[bool, flag("--no-header", help="Leave out the line with the column names")]
Watch = Annotated[bool, flag("--watch", "-w", help="List, then print every change until --timeout has passed")]
Follow = Annotated[
    bool, flag("--follow", help="List, then print every change until you stop it; survives lost connections and restarts")
]
StatusSelector = Annotated[
    str, flag("--status-selector", help="Only objects with this condition: type=status or type!=status, such as ready=false")
]
LabelSelector = Annotated[
    str, flag("--label-selector", "-l", help="Only objects with these labels, such as app=web,tier in (a,b)")
]
ShowSource = Annotated[bool, flag("--show-source", help="Show where each object comes from")]
Output = Annotated[
    str,
    flag(
        "--output", "-o",
        help="Instead of the table: json or yaml (the objects in a List), wide, name, markdown, csv",
        complete="words:json|yaml|wide|name|markdown|csv",
    ),
]  # fmt: skip
Suspended = Annotated[bool | None, flag("--suspended", help="Only suspended objects; with =false only those that are not")]
ReadyIs = Annotated[
    str, flag("--ready", help="Only objects whose readiness is true, false or unknown", complete="words:true|false|unknown")
]
Stale = Annotated[
    bool,
    flag("--stale", help="Only objects whose controller has not caught up with their spec or with a requested reconciliation"),
]
SortBy = Annotated[
    str,
    flag(
        "--sort-by",
        help="Sort by a column (name, ready, age …) or a field (.metadata.creationTimestamp)",
        complete="columns",
    ),
]
