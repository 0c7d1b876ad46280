"""Times of the API: read whatever they are, in any zone, to the ends of the calendar."""

import pathlib
import time
from collections.abc import Iterator

import pytest
from front_door import Flux

from flux_cli.core import rfc3339

LAST, FIRST = "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"


@pytest.fixture(params=["Asia/Tokyo", "America/New_York"])
def far_from_utc(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(("stamp", "seconds", "utc"), [
    ("2026-11-20T10:00:00Z", 1795168800.0, "2026-11-20T10:00:00Z"),
    ("2026-11-20T10:00:00.123456Z", 1795168800.123456, "2026-11-20T10:00:00Z"),
    ("2026-11-20T12:00:00+02:00", 1795168800.0, "2026-11-20T10:00:00Z"),
    ("2026-11-20T10:00:00", 1795168800.0, "2026-11-20T10:00:00Z"),
    (LAST, 253402300799.0, LAST),
    (FIRST, -62135596800.0, FIRST),
])  # fmt: skip
def test_times(stamp: str, seconds: float, utc: str, far_from_utc: str) -> None:
    found = rfc3339.parse(stamp)
    assert found is not None
    assert (rfc3339.seconds(stamp), rfc3339.utc(found)) == (seconds, utc)


@pytest.mark.parametrize("stamp", ["", "yesterday", "2026-13-01T00:00:00Z", "2026-11-20T10:00:00Zz", "12"])
def test_what_is_no_time(stamp: str) -> None:
    assert (rfc3339.parse(stamp), rfc3339.local(stamp), rfc3339.seconds(stamp)) == (None, None, 0.0)


def test_finer_than_seconds() -> None:
    found = rfc3339.parse("2026-11-20T10:00:00.9876Z")
    assert found is not None
    assert (rfc3339.utc(found, "milliseconds"), rfc3339.utc(found, "microseconds")) == (
        "2026-11-20T10:00:00.987Z", "2026-11-20T10:00:00.987600Z",
    )  # fmt: skip


def test_a_time_at_the_end_of_the_calendar_is_shown(flux: Flux, tmp_path: pathlib.Path, far_from_utc: str) -> None:
    """In a zone where it would be in the year 10000 or 0 it stands as the cluster has it."""
    (tmp_path / "scans.yaml").write_text(
        "\n---\n".join(
            f"apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nmetadata: {{name: {name}, namespace: flux-system}}\n"
            f"status: {{lastScanResult: {{scanTime: {stamp!r}, tagCount: 1}}, conditions: [{{type: Ready, status: 'True', message: m}}]}}"
            for name, stamp in (("first", FIRST), ("last", LAST))
        )
    )
    code, out, err = flux(f"get images repository --from {tmp_path}/scans.yaml")
    assert (code, err) == (0, "")
    kept = {"Asia/Tokyo": "9999-12-31T23:59:59", "America/New_York": "0001-01-01T00:00:00"}[far_from_utc]
    assert kept in out
