"""Flags of ``events``, ``logs``, ``stats``, ``check`` and ``version``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from flux_cli.commands._dialect.declare import flag

Document = Annotated[
    str, flag("--output", "-o", help="json or yaml instead of the text, for programs", complete="words:json|yaml")
]

About = Annotated[str, flag("--for", help="Only events about this kind, or this object: kind or kind/name")]
Types = Annotated[Sequence[str], flag("--types", help="Only events of these types", complete="words:Normal|Warning")]
WatchEvents = Annotated[bool, flag("--watch", "-w", help="List, then print new events until --timeout has passed")]
Follow = Annotated[
    bool, flag("--follow", help="List, then print new events until you stop it; survives lost connections and restarts")
]

Level = Annotated[str, flag("--level", type="debug|info|error", help="Only lines of this level: debug, info or error")]
Kind = Annotated[str, flag("--kind", help="Only lines about this kind of object, such as GitRepository")]
ObjectName = Annotated[str, flag("--name", help="Only lines about objects of this name")]
FollowLogs = Annotated[
    bool, flag("--follow", "-f", help="Go on with lines as they are written, until you stop it or a --timeout that you gave")
]
Tail = Annotated[int, flag("--tail", help="How many of the last lines of each pod to read; all without it")]
FluxNamespace = Annotated[str, flag("--flux-namespace", help="The namespace in which the controllers run")]
Since = Annotated[float, flag("--since", type="duration", help="Only lines that are younger, such as 5m")]
SinceTime = Annotated[str, flag("--since-time", help="Only lines written after this time (RFC 3339)")]
Grep = Annotated[str, flag("--grep", help="Only lines in which this regular expression is found")]
Previous = Annotated[bool, flag("--previous", help="The log of the container before its last restart")]
EveryPod = Annotated[bool, flag("--all-pods", help="Every replica of each controller, not one of them")]
LogOutput = Annotated[
    str, flag("--output", "-o", help="raw (lines as they were written, panics too) or json", complete="words:raw|json")
]

Components = Annotated[Sequence[str], flag("--components", help="Taken for compatibility; all components are checked")]
ComponentsExtra = Annotated[Sequence[str], flag("--components-extra", help="Taken for compatibility, as --components")]
PollInterval = Annotated[
    float, flag("--poll-interval", type="duration", help="Time between two looks at a controller where watching is not allowed")
]
Pre = Annotated[bool, flag("--pre", help="Only check what must hold before Flux is installed")]

Client = Annotated[bool, flag("--client", help="Print the version of this program alone")]
VersionOutput = Annotated[str, flag("--output", "-o", help="yaml or json", complete="words:yaml|json")]
