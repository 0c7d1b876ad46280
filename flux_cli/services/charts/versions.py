"""The build metadata that the controllers give a chart's version. Charts show it in labels, so it is part of what is applied.

source-controller marks what it packages from files by the source's revision, where the release wants that, and charts with
values files by the generation of the HelmChart; helm-controller marks charts of an OCIRepository by the artifact's digest.
"""

import pathlib
import re
import shutil
from collections.abc import Callable

from flux_cli.core.api import Cluster
from flux_cli.core.errors import FluxError
from flux_cli.core.goyaml import dump
from flux_cli.core.objects import Object, dig, items, text
from flux_cli.kinds import named
from flux_cli.services.charts.packages import described

_VERSION = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?\Z")
_SHORT = 12
_DEFAULTS = {"version": "*", "reconcileStrategy": "ChartVersion"}


def of_digest(revision: str) -> str:
    """Of ``tag@sha256:…``, ``main@sha1:…`` or a digest alone."""
    return revision.rpartition(":")[2][:_SHORT]


def of_packaged(spec: Object, generation: int, revision: str) -> str:
    """``generation``: of the HelmChart; ``revision``: of its source."""
    by_revision = text(spec, "reconcileStrategy") == "Revision" and text(spec, "sourceRef.kind") in ("GitRepository", "Bucket")
    parts = [of_digest(revision)] if by_revision and revision else []
    return ".".join(parts + ([str(generation)] if items(spec, "valuesFiles") else []))


def generation(connect: Callable[[], Cluster], spec: Object, place: str) -> int:
    """What the HelmChart at ``namespace/name`` will be at when it has this spec; 1 where it is new or out of sight."""
    namespace, _, name = place.partition("/")
    try:
        found = connect().get(named("HelmChart").resource, namespace, name)
    except FluxError:
        return 1
    number = dig(found, "metadata.generation", 1)
    fields = ("chart", "version", "sourceRef.kind", "sourceRef.name", "reconcileStrategy")
    same = all(
        (text(found, f"spec.{field}") or _DEFAULTS.get(field)) == (text(spec, field) or _DEFAULTS.get(field)) for field in fields
    )
    same = same and items(found, "spec.valuesFiles") == items(spec, "valuesFiles")
    return int(number) + (0 if same else 1)


def stamped(chart: pathlib.Path, metadata: str, folder: pathlib.Path) -> pathlib.Path:
    """The chart with this build metadata; a chart of the user's is copied first. A version that is none stays."""
    about = described(chart)
    found = _VERSION.match(text(about, "version"))
    if not metadata or not found:
        return chart
    if folder.resolve() not in chart.resolve().parents:
        chart = pathlib.Path(shutil.copytree(chart, folder / "stamped" / chart.resolve().name))
    number = ".".join(part or "0" for part in found.group(1, 2, 3))
    (chart / "Chart.yaml").write_text(dump({**about, "version": f"{number}{found[4] or ''}+{metadata}"}))
    return chart
