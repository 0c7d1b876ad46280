"""Chart packages and folders: unpacked safely, with the values files that the release names and the dependencies they need."""

import pathlib
import shutil
from collections.abc import Callable

from flux_cli.core.errors import FluxError
from flux_cli.core.goyaml import dump
from flux_cli.core.goyaml_load import YamlError, load
from flux_cli.core.objects import Object, dig, items
from flux_cli.oci.unpacking import unpack
from flux_cli.services.values import merged


def unpacked(package: pathlib.Path, target: pathlib.Path) -> pathlib.Path:
    """The chart's folder of a ``.tgz``. Raises FluxError."""
    target.mkdir()
    with package.open("rb") as file:
        unpack(file, target)
    found = [path.parent for path in sorted(target.glob("*/Chart.yaml"))]
    if not found:
        raise FluxError("the package holds no chart: there is no Chart.yaml")
    return found[0]


def local_chart(
    chart: pathlib.Path, spec: Object, folder: pathlib.Path, complete: Callable[[pathlib.Path], None]
) -> pathlib.Path:  # fmt: skip
    """A chart that can be rendered. What must be changed in it is changed in a copy. Raises FluxError.

    ``complete`` gets what it needs and does not bring along.
    """
    if chart.is_file():
        chart = unpacked(chart, folder / "package")
    if not (chart / "Chart.yaml").is_file():
        raise FluxError(f"{chart} is no chart: there is no Chart.yaml")
    missing = _missing(chart)
    files = [name for name in items(spec, "valuesFiles") if isinstance(name, str)]
    if not missing and not files:
        return chart.resolve()
    if folder not in chart.parents:
        copy = folder / "copy" / chart.resolve().name
        shutil.copytree(chart, copy)
        _with_local_dependencies(chart, copy, folder)
        chart = copy
    if files:
        (chart / "values.yaml").write_text(dump(_values(chart, files, lenient=dig(spec, "ignoreMissingValuesFiles") is True)))
    if missing:
        complete(chart)
    return chart


def described(chart: pathlib.Path) -> Object:
    """What Chart.yaml says. Raises FluxError."""
    try:
        found = load((chart / "Chart.yaml").read_text(errors="replace"))
    except YamlError as err:
        raise FluxError(f"{chart / 'Chart.yaml'}: {err}") from err
    return found if isinstance(found, dict) else {}


def _missing(chart: pathlib.Path) -> bool:
    """Whether a dependency that the chart declares does not come with it."""
    there = {path.name for path in (chart / "charts").glob("*")} if (chart / "charts").is_dir() else set()
    for wanted in items(described(chart), "dependencies"):
        name = str(dig(wanted, "name", ""))
        if not any(file == name or file.startswith(f"{name}-") for file in there):
            return True
    return False


def _with_local_dependencies(chart: pathlib.Path, copy: pathlib.Path, folder: pathlib.Path) -> None:
    """Dependencies of the form ``file://../other`` are copied as well, to the same place beside the copy."""
    for wanted in items(described(chart), "dependencies"):
        url = str(dig(wanted, "repository", ""))
        if not url.startswith("file://"):
            continue
        path = url.removeprefix("file://")
        source, target = (chart / path).resolve(), (copy / path).resolve()
        if folder.resolve() not in target.parents:
            raise FluxError(f"the dependency {url} is too far away from the chart")
        if source.is_dir() and not target.exists():
            shutil.copytree(source, target)


def _values(chart: pathlib.Path, files: list[str], *, lenient: bool) -> Object:
    """The named files, later ones over earlier: they take the place of the chart's own values."""
    found: Object = {}
    for name in files:
        path = (chart / name).resolve()
        if chart.resolve() not in path.parents:
            raise FluxError(f"values file '{name}' is outside of the chart")
        if not path.is_file():
            if lenient:
                continue
            raise FluxError(f"no values file found at path '{name}'")
        try:
            values = load(path.read_text(errors="replace"))
        except YamlError as err:
            raise FluxError(f"failed to read values from file '{name}': {err}") from err
        found = merged(found, values if isinstance(values, dict) else {})
    return found
