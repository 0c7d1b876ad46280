"""Take one program out of a downloaded archive."""

import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from flux_cli.core.errors import FluxError
from flux_cli.core.text import go_quote

_MAX = 1 << 30
_BROKEN = (tarfile.TarError, zipfile.BadZipFile, OSError, EOFError, zlib.error, lzma.LZMAError, ValueError, NotImplementedError)


def extract(data: bytes, url: str, wanted: str) -> bytes:
    """The file of this base name, or of this path where ``wanted`` holds a slash. What is no archive is the program itself.

    Raises FluxError.
    """
    kind = _kind(data, url.partition("?")[0].lower())
    if not kind:
        return data
    try:
        for name, size, content in _files(data, kind):
            if name.removeprefix("./") == wanted if "/" in wanted else name.rpartition("/")[2] == wanted:
                if size > _MAX:
                    raise FluxError(f"binary {go_quote(wanted)} is larger than {_MAX} bytes")
                return content()
    except _BROKEN as err:
        raise FluxError(f"failed to extract plugin: {err}") from err
    raise FluxError(f"binary {go_quote(wanted)} not found in archive")


def _kind(data: bytes, url: str) -> str:
    for suffix, kind in ((".zip", "zip"), (".tar.gz", "tar"), (".tgz", "tar"), (".tar", "tar")):
        if url.endswith(suffix):
            return kind
    if data[:2] == b"PK" and data[2:3] in (b"\x03", b"\x05", b"\x07"):
        return "zip"
    return "tar" if data.startswith(b"\x1f\x8b") or data[257:262] == b"ustar" else ""


def _files(data: bytes, kind: str) -> Iterator[tuple[str, int, "_Content"]]:
    if kind == "zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    yield info.filename, info.file_size, _Content(archive.open(info))
        return
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.isreg() else None
            if file:
                yield member.name, member.size, _Content(file)


class _Content:
    """The bytes of an archive's member, read when they are wanted, never more than the limit."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __call__(self) -> bytes:
        data: bytes = self._file.read(_MAX + 1)
        if len(data) > _MAX:
            raise FluxError(f"the program is larger than {_MAX} bytes")
        return data
