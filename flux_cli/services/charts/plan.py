"""What a rendering of a HelmRelease is asked for."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from flux_cli.core.objects import Object


class Plan(NamedTuple):
    """What to render. ``file``: a local HelmRelease instead of the cluster's; ``chart``: a local chart instead of its source's.

    ``local_sources`` maps ``Kind/namespace/name`` of sources to folders; ``hooks``: with the objects that only run once.
    """

    name: str
    namespace: str
    file: str = ""
    chart: str = ""
    local_sources: Mapping[str, str] = {}
    hooks: bool = True
    seconds: float = 300.0
    release: Object | None = None  # as it will be; the live one then only tells what is installed
    tell: Callable[[str], None] = lambda text: None  # hears where the chart is from, if not its source
    upgrade: bool = False  # as an upgrade, where the release is installed already
