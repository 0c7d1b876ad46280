"""Unpack an archive from a stranger: nothing is written outside of the target, and what is odd is an error."""

import os
import pathlib
import stat
import tarfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

from flux_cli.core.errors import FluxError
from flux_cli.core.text import go_quote

MAGIC = b"\x1f\x8b"
MAX_BYTES = 1 << 30  # above this an archive must not be more than RATIO times its packed size
RATIO = 100
MAX_ENTRIES = 500_000
_CHUNK = 1 << 20
_BAD = (tarfile.TarError, OSError, EOFError, zlib.error, ValueError)


class ArchiveError(FluxError):
    """The archive is broken or hostile."""


class Entry(NamedTuple):
    """A file or folder as an archive has it; ``digest`` is the SHA-256 of a file's content."""

    name: str
    kind: str
    mode: int
    digest: str


def unpack(file: IO[bytes], target: pathlib.Path, *, limit: int = MAX_BYTES) -> None:
    """Write the files of a gzipped tar below ``target``, over what is there. Symbolic links are skipped. Raises ArchiveError."""
    root = target.resolve()
    for archive, info in _entries(file, limit):
        parts = _safe_parts(info.name)
        if info.isdir():
            _folder(root, parts)
        elif info.isreg():
            _write(archive, info, root, parts)
        elif not info.issym():
            raise ArchiveError(f"tar file entry {info.name} contained unsupported file type")


def listing(file: IO[bytes], *, limit: int = MAX_BYTES) -> list[Entry]:
    """What is in a gzipped tar, in order, by which two archives can be compared whoever packed them. Raises ArchiveError."""
    import hashlib

    out = []
    for archive, info in _entries(file, limit):
        digest = ""
        if info.isreg():
            found = hashlib.sha256()
            for chunk in _content(archive, info):
                found.update(chunk)
            digest = found.hexdigest()
        out.append(Entry(os.path.normpath(info.name), info.type.decode("latin-1"), info.mode & 0o7777, digest))
    return out


def _entries(file: IO[bytes], limit: int) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
    import gzip

    packed = file.seek(0, os.SEEK_END)
    file.seek(0)
    try:
        with gzip.GzipFile(fileobj=file, mode="rb") as zipped:
            source = _Metered(zipped, max(limit, packed * RATIO) if limit == MAX_BYTES else limit)
            with tarfile.open(fileobj=source, mode="r:") as archive:  # type: ignore[call-overload]
                count = 0
                while (info := archive.next()) is not None:
                    count += 1
                    archive.members = []  # else it keeps them all
                    if count > MAX_ENTRIES:
                        raise ArchiveError(f"the archive has more than {MAX_ENTRIES} entries")
                    yield archive, info
                if source.last.strip(b"\0"):
                    raise ArchiveError("archive/tar: invalid tar header")
                while source.read(_CHUNK):  # to the end, so that the checksum is looked at
                    pass
    except _BAD as err:
        raise ArchiveError(
            f"requires gzip-compressed body: {err}" if isinstance(err, zlib.error) else f"broken archive: {err}"
        ) from err


class _Metered:
    """The unpacked stream: counts bytes, stops a bomb, remembers the last block read."""

    def __init__(self, stream: Any, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self.last = b""

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._stream.read(size if 0 <= size <= _CHUNK else _CHUNK)
        self.last = data[-512:]
        self._check()
        return data

    def tell(self) -> int:
        return int(self._stream.tell())

    def seek(self, offset: int, whence: int = 0) -> int:
        if whence == os.SEEK_SET and offset > self._limit:
            raise ArchiveError(f"the archive unpacks to more than {self._limit} bytes")
        return int(self._stream.seek(offset, whence))

    def _check(self) -> None:
        if self._stream.tell() > self._limit:
            raise ArchiveError(f"the archive unpacks to more than {self._limit} bytes")


def _safe_parts(name: str) -> tuple[str, ...]:
    """The parts of a name that stays below the root. Raises ArchiveError."""
    if not name or "\\" in name or "\0" in name or name.startswith("/") or ".." in name.split("/"):
        raise ArchiveError(f"tar contained invalid name error {go_quote(name)}")
    return tuple(part for part in name.split("/") if part not in ("", "."))


def _folder(root: pathlib.Path, parts: tuple[str, ...]) -> pathlib.Path:
    """The folder below the root, made where it is missing. A link on the way is not followed. Raises ArchiveError and OSError."""
    here = root
    for part in parts:
        here = here / part
        try:
            mode = here.lstat().st_mode
        except FileNotFoundError:
            here.mkdir(mode=0o750)
            continue
        if not stat.S_ISDIR(mode):
            raise ArchiveError(f"{here} is in the way: it is no folder")
    return here


def _write(archive: tarfile.TarFile, info: tarfile.TarInfo, root: pathlib.Path, parts: tuple[str, ...]) -> None:
    if not parts:
        raise ArchiveError(f"tar contained invalid name error {go_quote(info.name)}")
    path = _folder(root, parts[:-1]) / parts[-1]
    if path.is_symlink():
        path.unlink()
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK
    handle = os.open(path, flags, info.mode & 0o777 | 0o200)
    with os.fdopen(handle, "wb") as out:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ArchiveError(f"{path} is in the way: it is no file")
        for chunk in _content(archive, info):
            out.write(chunk)
        os.fchmod(handle, info.mode & 0o777)


def _content(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
    """A file's bytes; fewer than its header says is an error."""
    source = archive.extractfile(info)
    left = info.size
    while source is not None and left > 0:
        chunk = source.read(min(left, _CHUNK))
        if not chunk:
            raise ArchiveError(f"unexpected end of the archive in {info.name}")
        left -= len(chunk)
        yield chunk
