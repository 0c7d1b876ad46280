"""Flags that several verbs share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from flux_cli.commands._dialect.declare import argument, flag

Name = Annotated[str, argument(metavar="[name]")]
GivenName = Annotated[str | None, argument(metavar="[name]")]  # None where none is given; "" is a name that nothing has
Names = Annotated[Sequence[str], argument(metavar="[name]...")]
AllNamespaces = Annotated[bool, flag("--all-namespaces", "-A", help="All namespaces instead of one")]
From = Annotated[
    str,
    flag("--from", help="Read from this file, folder or snapshot instead of a cluster; - is standard input", complete="files"),
]
Words = Annotated[Sequence[str], argument(metavar="[word]...")]


def reading(from_path: From = "") -> None:
    """Declares the flags of a command that reads (``leaf(..., flags=reading)``); what they say is in the settings."""
