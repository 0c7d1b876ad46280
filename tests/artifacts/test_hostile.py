"""Archives from strangers: whatever is in them, nothing is written outside, and the end is an error."""

import contextlib
import gzip
import io
import pathlib
import random
import tarfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flux_cli.core.errors import FluxError
from flux_cli.oci.unpacking import ArchiveError, listing, unpack


def archive(*entries: tuple[str, bytes, str, int]) -> io.BytesIO:
    """(name, type, link target, size) each."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, kind, target, size in entries:
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, target, size
            tar.addfile(info, io.BytesIO(b"x" * size))
    return out


def outside(folder: pathlib.Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if not str(p.relative_to(folder)).startswith("in")}


HOSTILE = {
    "parent": archive(("../evil", tarfile.REGTYPE, "", 1)),
    "deep": archive(("a/../../evil", tarfile.REGTYPE, "", 1)),
    "absolute": archive(("/tmp/evil", tarfile.REGTYPE, "", 1)),
    "backslash": archive(("..\\evil", tarfile.REGTYPE, "", 1)),
    "folder": archive(("../evil", tarfile.DIRTYPE, "", 0)),
    "hard link": archive(("a", tarfile.LNKTYPE, "../secret", 0)),
    "device": archive(("a", tarfile.CHRTYPE, "", 0)),
    "pipe": archive(("a", tarfile.FIFOTYPE, "", 0)),
    "file as folder": archive(("a", tarfile.REGTYPE, "", 1), ("a/b", tarfile.REGTYPE, "", 1)),
    "root as file": archive((".", tarfile.REGTYPE, "", 1)),
    "no gzip": io.BytesIO(b"\x1f\x8bnot really"),
    "nothing": io.BytesIO(b"\x1f\x8b"),
    "cut": io.BytesIO(archive(("a", tarfile.REGTYPE, "", 9000)).getvalue()[:60]),
    "garbage after": io.BytesIO(gzip.compress(b"\x07" * 2048)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_each_trick_ends_with_an_error(tmp_path: pathlib.Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret").write_text("s")
    with pytest.raises(ArchiveError):
        unpack(HOSTILE[name], tmp_path / "in")
    assert outside(tmp_path) == {"secret"}


def test_a_link_in_the_archive_is_not_followed(tmp_path: pathlib.Path) -> None:
    """Links are skipped, as Flux does, so what comes after lands in a real folder."""
    (tmp_path / "in").mkdir()
    unpack(archive(("a", tarfile.SYMTYPE, "..", 0), ("a/evil", tarfile.REGTYPE, "", 1)), tmp_path / "in")
    assert outside(tmp_path) == set()
    assert (tmp_path / "in" / "a" / "evil").read_bytes() == b"x"


def test_a_link_in_the_target_is_not_followed(tmp_path: pathlib.Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "in" / "a").symlink_to(tmp_path / "other")
    (tmp_path / "in" / "f").symlink_to(tmp_path / "other" / "f")
    with pytest.raises(ArchiveError):
        unpack(archive(("a/evil", tarfile.REGTYPE, "", 1)), tmp_path / "in")
    unpack(archive(("f", tarfile.REGTYPE, "", 1)), tmp_path / "in")
    assert list((tmp_path / "other").iterdir()) == []


def test_a_bomb_stops(tmp_path: pathlib.Path) -> None:
    (tmp_path / "in").mkdir()
    bomb = archive(*((f"f{i}", tarfile.REGTYPE, "", 1 << 20) for i in range(8)))
    for use in (lambda: unpack(bomb, tmp_path / "in", limit=3 << 20), lambda: listing(bomb, limit=3 << 20)):
        with pytest.raises(ArchiveError, match="unpacks to more than"):
            use()
    written = sum(p.stat().st_size for p in (tmp_path / "in").iterdir())
    assert written <= 4 << 20


NAMES = st.lists(st.sampled_from(["a", "b", "..", ".", "", "~", "\\", "é"]), min_size=1, max_size=4).map("/".join)
KINDS = st.sampled_from([tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
ENTRIES = st.lists(st.tuples(NAMES, KINDS, NAMES, st.just(0)), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(entries=ENTRIES, slash=st.booleans())
def test_nothing_is_ever_written_outside(
    tmp_path_factory: pytest.TempPathFactory, entries: list[tuple[str, bytes, str, int]], slash: bool
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "in").mkdir()
    made = archive(*((("/" if slash else "") + name, kind, target, size) for name, kind, target, size in entries))
    with contextlib.suppress(FluxError):
        unpack(made, folder / "in")
    assert outside(folder) == set()
    assert not [p for p in (folder / "in").rglob("*") if p.is_symlink() or not (p.is_file() or p.is_dir())]


def test_damaged_archives_end_with_an_error_or_whole(tmp_path: pathlib.Path) -> None:
    """Bits flipped anywhere: gzip's checksum tells, or the tar reader does; never a traceback, never a silent half."""
    whole = archive(*((f"d/f{i}", tarfile.REGTYPE, "", 700) for i in range(5))).getvalue()
    dice = random.Random(7)
    for round_ in range(100):
        data = bytearray(whole)
        at = dice.randrange(10, len(data))
        data[at] ^= 1 << dice.randrange(8)
        folder = tmp_path / str(round_) / "in"
        folder.mkdir(parents=True)
        with pytest.raises(FluxError):
            unpack(io.BytesIO(bytes(data)), folder)
        assert outside(folder.parent) == set()
