"""A release's ``manifests.tar.gz`` as texts in memory: archives from elsewhere are taken apart with care."""

import io
import tarfile
import zlib

from flux_cli.core.errors import FluxError

MAX_FILES = 100
MAX_BYTES = 64 * 1024 * 1024  # unpacked; the release's files are about 400 kB


def unpack(archive: bytes) -> dict[str, str]:
    """Name → text of the YAML files. Raises FluxError where the archive is broken, huge, or names a path outside of itself.

    Nothing is written to disk. Links, devices and files in other folders are refused, not skipped: no release has any.
    """
    files: dict[str, str] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(_inflate(archive)), mode="r:") as tar:
            for count, member in enumerate(tar):
                if count >= MAX_FILES:
                    raise FluxError(f"the archive holds more than {MAX_FILES} entries")
                if member.isdir():
                    continue
                name = _plain_name(member)
                stream = tar.extractfile(member)
                if stream is not None and name.endswith(".yaml"):
                    files[name] = stream.read().decode("utf-8")
    except (tarfile.TarError, UnicodeDecodeError, EOFError) as err:
        raise FluxError(f"the archive is broken: {err}") from err
    if not files:
        raise FluxError("the archive holds no manifests")
    return files


def _inflate(archive: bytes) -> bytes:
    """The tar file, as long as it stays within bounds: a few kB can unpack to many GB."""
    out, inflater = bytearray(), zlib.decompressobj(16 + zlib.MAX_WBITS)
    rest = archive
    try:
        while rest and not inflater.eof:
            out += inflater.decompress(rest, MAX_BYTES + 1 - len(out))
            if len(out) > MAX_BYTES:
                raise FluxError(f"the archive unpacks to more than {MAX_BYTES // 1024 // 1024} MiB")
            rest = inflater.unconsumed_tail
    except zlib.error as err:
        raise FluxError("the archive is broken: not gzip") from err
    if not inflater.eof:
        raise FluxError("the archive is broken: it ends too early")
    return bytes(out)


def _plain_name(member: tarfile.TarInfo) -> str:
    name = member.name.removeprefix("./")
    if not member.isreg():
        raise FluxError(f"the archive holds {member.name!r}, which is no regular file")
    if not name or "/" in name or "\\" in name or name.startswith("."):
        raise FluxError(f"the archive holds {member.name!r}, a path outside of its folder")
    return name
