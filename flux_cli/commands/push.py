"""``flux push``: local files into a registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flux_cli.commands.artifact_access import IGNORED, access, checked, packable, parsed_annotations, repository
from flux_cli.core.errors import FluxError

if TYPE_CHECKING:
    from flux_cli.commands._dialect.declare import Group
    from flux_cli.commands.flags.artifacts import (
        Annotations,
        Creds,
        Debug,
        Ignore,
        Insecure,
        MoreIgnore,
        Provider,
        PushOutput,
        PushPath,
        Reproducible,
        Revision,
        Source,
        Symlinks,
        Url,
    )  # fmt: skip
    from flux_cli.core.app import App
    from flux_cli.services.artifacts import Pushed


def declare(root: Group) -> None:
    verb = root.group("push", "Push to a registry")
    verb.leaf("artifact", artifact)


def artifact(
    app: App, url: Url = "", path: PushPath = "", source: Source = "", revision: Revision = "", creds: Creds = "",
    provider: Provider = "generic", ignore_paths: Ignore = IGNORED, annotations: Annotations = (), output: PushOutput = "",
    debug: Debug = False, reproducible: Reproducible = False, insecure_registry: Insecure = False,
    add_ignore_paths: MoreIgnore = (), resolve_symlinks: Symlinks = False,
) -> None:  # fmt: skip
    """Push files to a registry as an artifact that an OCIRepository can fetch

    Logs in with what docker login left on this machine, with --creds, or with --provider through a cloud's own command line.

    Examples:
    # What a Git checkout holds
    flux push artifact oci://registry.example.com/apps:v1 --path ./apps \\
      --source "$(git config --get remote.origin.url)" --revision "main@sha1:$(git rev-parse HEAD)"

    # What a command prints
    kustomize build ./apps | flux push artifact oci://registry.example.com/apps:v1 --path - --source s --revision r

    # The digest, for a script
    flux push artifact oci://registry.example.com/apps:v1 --path ./apps --source s --revision r --output json
    """
    from flux_cli.services import artifacts

    if not url:
        raise FluxError("artifact URL is required")
    if not source:
        raise FluxError("--source is required")
    if not revision:
        raise FluxError("--revision is required")
    if not path:
        raise FluxError('invalid path ""')
    found = artifacts.reference(url)
    checked(path, told=True)
    with packable(app, path, resolve_symlinks) as packed:
        notes = {artifacts.SOURCE: source, artifacts.REVISION: revision, **parsed_annotations(annotations)}
        way = access(app, creds, provider, insecure_registry)._replace(tell=app.log.plain if debug else None)
        with repository(app, found, way, steps=10) as remote:
            remote.ready()
            if not output:
                app.log.action(f"pushing artifact to {url.removeprefix('oci://')}")
            try:
                pushed = artifacts.push(remote, packed, notes, (*ignore_paths, *add_ignore_paths), reproducible=reproducible)
            except FluxError as err:
                raise FluxError(f"pushing artifact failed: pushing artifact failed: {err}", hint=err.hint) from err
    if found.digest:
        raise FluxError(f"artifact tag parsing failed: {found} has no tag")
    _tell(app, pushed, output)


def _tell(app: App, pushed: Pushed, output: str) -> None:
    found = pushed.reference
    url = f"{found.name}@{pushed.digest}"
    shown = {"url": f"oci://{url}", "repository": found.name, "tag": found.tag, "digest": pushed.digest}
    if output == "json":
        import json

        app.streams.out.write(json.dumps(shown, indent=2) + "\n")
    elif output == "yaml":
        from flux_cli.printers.yaml import dump

        app.streams.out.write(dump(shown))
    else:
        app.log.success(f"artifact successfully pushed to {url}")
