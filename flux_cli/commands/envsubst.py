"""``flux envsubst``: the post-build substitution on a text, with the environment's variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.services.substitution import substitute

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.envsubst import Strict
    from flux_cli.core.app import App


def declare(root: Group) -> None:
    root.leaf("envsubst", run, args="none")


def run(app: App, strict: Strict = False) -> None:
    """Replace ${variables} of the standard input by the environment's

    The same functions as in a Kustomization's postBuild: defaults, lengths, substrings, replacements, letter case, trimming.
    $$ is a dollar sign; $name without braces stays as it is.

    Examples:
    # Build, then fill in the variables
    kustomize build ./apps | flux envsubst

    # Fail when one is not set
    kustomize build ./apps | flux envsubst --strict
    """
    stdin = app.streams.stdin
    if hasattr(stdin, "reconfigure"):
        stdin.reconfigure(encoding="utf-8", errors="surrogateescape", newline="\n")  # bytes are passed on as they are
    if hasattr(app.streams.out, "reconfigure"):
        app.streams.out.reconfigure(errors="surrogateescape")
    for line in stdin:
        body = line.removesuffix("\n").removesuffix("\r")
        app.streams.out.write(substitute(body, app.environ.get, strict) + "\n")
