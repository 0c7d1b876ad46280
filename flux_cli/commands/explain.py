"""``flux explain``: what does this message mean?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.explain import Kind, Message, Output
    from flux_cli.core.app import App

UNKNOWN = 4


def declare(root: Group) -> None:
    root.leaf("explain", explain)


def explain(app: App, message: Message = (), kind: Kind = "", output: Output = "") -> None:
    """Say what a message of Flux means, and what mends it

    Takes a message from a status, an event or a log as an argument or on standard input. Needs no cluster.

    Exit codes: 0 the message is known, 4 it is not, 1 there was nothing to read.

    Examples:
    # A message from a status
    flux explain "kustomization path not found: stat /tmp/kustomization-1/apps: no such file or directory"

    # From a log, with the kind that it is about
    kubectl logs -n flux-system deploy/helm-controller | tail -1 | flux explain --kind HelmRelease
    """
    from flux_cli.core.errors import Silent, UsageError
    from flux_cli.services import diagnosing

    if output not in ("", "text", "json", "yaml"):
        raise UsageError(f"cannot write {output}", hint="-o takes json or yaml")
    pasted = " ".join(message) if message and list(message) != ["-"] else app.streams.stdin.read()
    if not pasted.strip():
        raise UsageError("there is no message to explain", hint='flux explain "MESSAGE", or pipe it in')
    found = diagnosing.explain(pasted, kind)
    if output in ("json", "yaml"):
        from flux_cli.diagnosis.result import explanation_document

        if output == "json":
            from flux_cli.printers.json import dump
        else:
            from flux_cli.printers.yaml import dump
        app.streams.out.write(dump(explanation_document(found)))
    else:
        from flux_cli.printers import diagnosis

        app.streams.out.write(diagnosis.explanation(found))
    if not found.causes:
        raise Silent(UNKNOWN)
