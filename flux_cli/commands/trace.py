"""``flux trace``: which Flux objects made an object, and from what source."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.trace import ApiVersion, Kind, Output, Resources
    from flux_cli.core.app import App
    from flux_cli.core.objects import Object


def declare(root: Group) -> None:
    from flux_cli.commands.flags.common import reading

    root.leaf("trace", trace, flags=reading)


def trace(app: App, resources: Resources = (), kind: Kind = "", api_version: ApiVersion = "", output: Output = "") -> None:
    """Show which Flux objects manage an object, and where its manifests come from

    Follows an object to the Kustomization or HelmRelease that applied it, and on to the chart, the repository and the
    revision. Objects are named as for kubectl: kind and name, kind/name, with short names and groups; or by --kind and
    --api-version. Objects that Flux did not make are traced through their owners: a pod to its Deployment.

    Examples:
      # Where does this Deployment come from?
      flux trace deployment podinfo -n apps

      # The same in short, and several at once
      flux trace deploy/podinfo svc/podinfo -n apps

      # For a program
      flux trace deploy/podinfo -n apps -o json

      # A custom resource, by its exact kind
      flux trace redis --kind RedisCluster --api-version databases.example.com/v1 -n apps
    """
    from flux_cli.core.errors import UsageError

    if output not in ("", "json", "yaml"):
        raise UsageError(f"--output must be json or yaml, not {output}")
    objects = _objects(app, resources, kind, api_version)
    if output:
        _document(app, objects, output)
    else:
        _reports(app, objects)


def _reports(app: App, objects: list[Object]) -> None:
    from flux_cli.core.errors import FluxError
    from flux_cli.core.objects import name_of, namespace_of, text
    from flux_cli.core.text import clean
    from flux_cli.printers.report import report
    from flux_cli.services import tracing

    for position, obj in enumerate(objects):
        if position:
            app.streams.out.write("---\n")
        try:
            app.streams.out.write(report((block.width, block.lines) for block in tracing.trace(app.kube, obj)))
        except FluxError as err:  # the others are still traced; upstream ends this line without a newline and so do we
            what = f"{text(obj, 'kind')}/{name_of(obj)} in namespace {namespace_of(obj)}"
            app.streams.out.flush()
            app.streams.err.write(clean(f"failed to trace {what}: {err}"))
            app.streams.err.flush()


def _document(app: App, objects: list[Object], output: str) -> None:
    from flux_cli.core.errors import FluxError
    from flux_cli.services import trace_document, tracing

    items = []
    for obj in objects:
        try:
            items.append(trace_document.managed(tracing.trace(app.kube, obj)))
        except FluxError as err:
            items.append(trace_document.failed(obj, err, not isinstance(err, tracing.NotManaged)))
    if output == "yaml":
        from flux_cli.printers.yaml import dump
    else:
        from flux_cli.printers.json import dump
    app.streams.out.write(dump(trace_document.document(items)))


def _objects(app: App, words: Sequence[str], kind: str, api_version: str) -> list[Object]:
    from flux_cli.core.errors import UsageError
    from flux_cli.services import naming

    if not kind and not api_version:
        return naming.fetch(app.kube, list(words), app.settings.namespace)
    if not words:
        raise UsageError("object name is required")
    if not kind:
        raise UsageError("object kind is required (--kind)")
    if not api_version:
        raise UsageError("object apiVersion is required (--api-version)")
    return [naming.fetch_exact(app.kube, api_version, kind, app.settings.namespace, words[0])]
