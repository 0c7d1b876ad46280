"""Every verb of ``flux``: a new one is a module with ``declare(root)`` and one line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group

# fmt: off
VERBS = (
    "bootstrap",
    "build",
    "check",
    "completion",
    "create",
    "debug",
    "delete",
    "diff",
    "envsubst",
    "events",
    "explain",
    "export",
    "get",
    "help",
    "install",
    "list",
    "logs",
    "migrate",
    "plugin",
    "pull",
    "push",
    "reconcile",
    "resume",
    "sandbox",
    "snapshot",
    "stats",
    "suspend",
    "tag",
    "trace",
    "tree_verb",
    "trigger",
    "troubleshoot",
    "uninstall",
    "version",
)
# fmt: on

# Those that the Go CLI does not have.
OURS = ("explain", "sandbox", "snapshot", "troubleshoot")

SHORT = "Run Flux on a Kubernetes cluster, and find out why something is not deployed"
LONG = """Run Flux on a Kubernetes cluster: install it, declare sources and deployments, see how they are doing,
reconcile, suspend and remove them, and find out why something is not deployed.

What concerns all commands: flux help output, flux help environment, flux help exit-codes."""
EXAMPLE = """# Is the cluster fit for Flux, and is Flux healthy?
flux check

# What is deployed, and what is not?
flux get all -A --status-selector ready=false

# Why is it not deployed?
flux troubleshoot

# Fetch the source and apply it now
flux reconcile kustomization apps --with-source"""


def made_of() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The verbs and the kinds, which the commands are made of."""
    from flux_cli import kinds

    return VERBS, kinds.NAMES


def root(absent: Callable[[str], None] | None = None) -> Group:
    """The declared tree. ``absent`` is told of verbs whose module is missing or broken; without it that is an error."""
    from importlib import import_module

    from flux_cli.commands._dialect.declare import Group, Texts
    from flux_cli.commands.flags.root import everywhere

    top = Group("flux", Texts(SHORT, LONG, EXAMPLE), flags=everywhere)
    for verb in VERBS:
        name = f"flux_cli.commands.{verb}"
        try:
            import_module(name).declare(top)
        except Exception as err:
            if absent is None:
                raise
            absent(verb if isinstance(err, ModuleNotFoundError) and err.name == name else f"{verb}: {type(err).__name__}: {err}")
    return top
