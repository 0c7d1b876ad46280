"""What the commands on artifacts share: the way to the registry, and what is to be packed."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flux_cli.core.errors import FluxError
from flux_cli.core.gitignore import BINARIES, VCS

if TYPE_CHECKING:
    from flux_cli.core.app import App
    from flux_cli.oci.reference import Reference
    from flux_cli.services.artifacts import Access

# the default of --ignore-paths: what no cluster needs
IGNORED = (*VCS, *BINARIES)
STDIN = "-"


def access(app: App, creds: str, provider: str, insecure: bool = False) -> Access:
    """The way to the registry; says so when it logs in with something else than this machine's login files."""
    from flux_cli.services.artifacts import Access

    if provider != "generic":
        app.log.action("logging in to registry with provider credentials")
    elif creds:
        app.log.action("logging in to registry with credentials")
    return Access(creds, provider, insecure, app.settings.timeout)


@contextmanager
def repository(app: App, found: Reference, way: Access, *, steps: int = 3) -> Iterator[Any]:
    from flux_cli.services.artifacts import open_repository

    made = open_repository(found, way, app.environ, steps=steps)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def packable(app: App, path: str, resolve: bool = False) -> Iterator[str]:
    """The path to pack: standard input becomes a file, links become what they point at; both are gone afterwards."""
    import tempfile

    if path != STDIN and not resolve:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="flux-") as folder:
        if path == STDIN:
            with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".yaml", delete=False) as file:
                file.write(app.streams.stdin.read().rstrip("\r\n"))
            yield file.name
            return
        from flux_cli.oci.packing import resolved_copy

        try:
            made = resolved_copy(pathlib.Path(path), pathlib.Path(folder))
        except OSError as err:
            raise FluxError(f"resolving symlinks failed: open {err.filename}: {(err.strerror or str(err)).lower()}") from err
        yield str(made)


def checked(path: str, *, told: bool = False) -> None:
    """Raise FluxError where there is nothing to pack. ``told``: with the operating system's words, as ``push`` does."""
    if not path:
        raise FluxError('invalid path ""')
    if path != STDIN and not os.path.exists(path):
        why = f": stat {path}: no such file or directory" if told else ""
        raise FluxError(f"invalid path '{path}', must point to an existing directory or file{why}")


def parsed_annotations(given: Sequence[str]) -> dict[str, str]:
    out = {}
    for text in given:
        parts = text.split("=")
        if len(parts) != 2:
            raise FluxError(f"invalid annotation {text}, must be in the format key=value")
        out[parts[0]] = parts[1]
    return out
