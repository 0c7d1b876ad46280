"""What a build of a Kustomization is asked for."""

from collections.abc import Mapping
from typing import NamedTuple

from flux_cli.core.objects import Object


class Plan(NamedTuple):
    """What to build: the Kustomization's name, the folder of its manifests, and the command's flags.

    ``fallback`` stands in for a Kustomization that the cluster lacks; ``local_sources`` maps ``Kind/namespace/name`` to folders.
    """

    name: str
    namespace: str
    path: str
    file: str = ""
    ignore: tuple[str, ...] = ()
    dry_run: bool = False
    strict: bool = False
    recursive: bool = False
    local_sources: Mapping[str, str] = {}
    in_memory: bool = False
    ignore_not_found: bool = False
    fallback: Object | None = None
