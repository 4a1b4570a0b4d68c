"""Where a photo was taken, and the zone that GPS time tells of its clock."""

from datetime import UTC, datetime, timedelta

import pytest

from photocull.core.types import GpsPosition
from photocull.photo.facts import exif_of
from tests.photo.exif_blocks import (
    RATIONAL,
    TEXT,
    Entry,
    block,
    words,
)


def place(north: list[int], east: list[int], *more: Entry, south: bool = False, west: bool = False) -> bytes:
    return block(gps=[
        (1, TEXT, words("S" if south else "N")), (2, RATIONAL, north),
        (3, TEXT, words("W" if west else "E")), (4, RATIONAL, east), *more,
    ])  # fmt: skip


def test_the_position_has_signs_and_a_height() -> None:
    high = ((5, 1, [0]), (6, RATIONAL, [3266, 2]))
    found = exif_of(place([46, 1, 53, 1, 5421, 100], [102, 1, 46, 1, 707, 100], *high)).gps
    assert found == GpsPosition(pytest.approx(46.898392, abs=1e-6), pytest.approx(102.768631, abs=1e-6), 1633.0)
    low = exif_of(
        place([30, 1, 30, 1, 0, 1], [10, 1, 0, 1, 0, 1], (5, 1, [1]), (6, RATIONAL, [4, 2]), south=True, west=True)
    )
    assert low.gps == GpsPosition(-30.5, -10.0, -2.0)


@pytest.mark.parametrize(
    "exif",
    [
        place([0, 1, 0, 1, 0, 1], [0, 1, 0, 1, 0, 1]),
        place([91, 1, 0, 1, 0, 1], [10, 1, 0, 1, 0, 1]),
        place([10, 1, 0, 1, 0, 1], [181, 1, 0, 1, 0, 1]),
        place([10, 0, 0, 0, 0, 0], [10, 1, 0, 1, 0, 1]),
        block(gps=[(2, RATIONAL, [10, 1, 0, 1, 0, 1])]),
    ],
)
def test_a_position_of_no_sense_is_unknown(exif: bytes) -> None:
    assert exif_of(exif).gps is None


def timed(local: str, date: str, clock: list[int], *more: Entry) -> bytes:
    gps = [(0x1D, TEXT, words(date)), (7, RATIONAL, clock), *more]
    return block(exif=[(0x9003, TEXT, words(local))], gps=gps)


@pytest.mark.parametrize(
    ("local", "clock", "minutes"),
    [
        ("2024:05:01 12:57:32", [10, 1, 57, 1, 29, 1], 120),
        ("2024:05:01 12:57:32", [12, 1, 57, 1, 32, 1], 0),
        ("2024:05:01 05:45:00", [0, 1, 0, 1, 0, 1], 345),
        ("2024:04:30 20:00:10", [0, 1, 0, 1, 0, 1], -240),
        ("2024:05:01 12:57:32", [10, 1, 50, 1, 0, 1], None),
        ("2024:05:01 12:57:32", [11, 1, 42, 1, 30, 1], None),
        ("2024:05:03 12:57:32", [12, 1, 57, 1, 32, 1], None),
        ("2024:05:01 12:57:32", [12, 0, 57, 1, 32, 1], None),
    ],
)
def test_gps_time_tells_the_zone_where_there_is_no_doubt(local: str, clock: list[int], minutes: int | None) -> None:
    taken = exif_of(timed(local, "2024:05:01", clock)).taken
    assert taken is not None
    assert taken.utcoffset() == (None if minutes is None else timedelta(minutes=minutes))


def test_a_receiver_without_a_fix_tells_no_zone_and_a_named_zone_holds() -> None:
    clock = [10, 1, 57, 1, 32, 1]
    void = exif_of(timed("2024:05:01 12:57:32", "2024:05:01", clock, (9, TEXT, words("V"))))
    assert void.taken == datetime(2024, 5, 1, 12, 57, 32)
    exif = [(0x9003, TEXT, words("2024:05:01 12:57:32")), (0x9011, TEXT, words("Z"))]
    named = exif_of(block(exif=exif, gps=[(0x1D, TEXT, words("2024:05:01")), (7, RATIONAL, clock)]))
    assert named.taken == datetime(2024, 5, 1, 12, 57, 32, tzinfo=UTC)
