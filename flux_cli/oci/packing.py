"""Pack a folder or file as Flux does: a gzipped tar whose bytes follow from the content alone."""

import gzip
import os
import pathlib
import stat
import tarfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

from flux_cli.core.gitignore import Pattern, ignored, parse


class _Entry(tarfile.TarInfo):
    """Folders are written without a slash at the end of their name, as Flux writes them."""

    def get_info(self) -> Any:
        info: Any = super().get_info()
        if info["type"] == tarfile.DIRTYPE:
            info["name"] = info["name"].rstrip("/")
        return info


def pack(source: pathlib.Path, out: IO[bytes], ignore: Sequence[str]) -> None:
    """Write the archive of ``source`` to ``out``. Symbolic links, devices and the like are left out. Raises OSError."""
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT, tarinfo=_Entry) as archive,
    ):
        for name, path in _entries(source, parse(ignore)):
            _add(archive, name, path)


def _entries(source: pathlib.Path, patterns: Sequence[Pattern]) -> Iterator[tuple[str, pathlib.Path]]:
    """(name in the archive, path) in lexical order, the root first. A single file is a folder that holds it."""
    if source.is_file():
        yield ".", source.parent
        yield source.name, source
        return
    yield ".", source
    yield from _below(source, source, patterns)


def _below(root: pathlib.Path, folder: pathlib.Path, patterns: Sequence[Pattern]) -> Iterator[tuple[str, pathlib.Path]]:
    """An ignored folder is left out itself; what is in it is judged on its own."""
    for name in sorted(os.listdir(folder), key=os.fsencode):
        path = folder / name
        mode = path.lstat().st_mode
        if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
            continue
        relative = path.relative_to(root)
        if not ignored(patterns, relative.parts, stat.S_ISDIR(mode)):
            yield str(relative), path
        if stat.S_ISDIR(mode):
            yield from _below(root, path, patterns)


def _add(archive: tarfile.TarFile, name: str, path: pathlib.Path) -> None:
    info = _Entry(name)
    found = path.stat()
    info.mode = stat.S_IMODE(found.st_mode)
    if path.is_dir():
        info.type = tarfile.DIRTYPE
        archive.addfile(info)
        return
    with path.open("rb") as file:
        info.size = os.fstat(file.fileno()).st_size
        archive.addfile(info, file)


def resolved_copy(source: pathlib.Path, target: pathlib.Path) -> pathlib.Path:
    """A copy below ``target`` in which symbolic links are what they point at; a link back to a parent is left out."""
    import shutil

    if source.is_file():
        shutil.copy2(source, target / source.name)
        return target / source.name
    _copy(source, target, (source.resolve(),))
    return target


def _copy(source: pathlib.Path, target: pathlib.Path, above: tuple[pathlib.Path, ...]) -> None:
    import shutil

    for entry in sorted(source.iterdir()):
        real = entry.resolve(strict=True)
        if real.is_dir():
            if real in above:
                continue
            (target / entry.name).mkdir(mode=0o700)
            _copy(real, target / entry.name, (*above, real))
            shutil.copymode(real, target / entry.name)
        elif real.is_file():
            shutil.copy2(real, target / entry.name)
    shutil.copymode(source, target)
