"""Where a photo was taken."""

from datetime import UTC, datetime

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


def test_gps_time_gives_the_cameras_clock_no_zone_that_the_file_does_not_name() -> None:
    gps = [(0x1D, TEXT, words("2024:05:01")), (7, RATIONAL, [10, 1, 57, 1, 32, 1])]
    local = (0x9003, TEXT, words("2024:05:01 12:57:32"))
    assert exif_of(block(exif=[local], gps=gps)).taken == datetime(2024, 5, 1, 12, 57, 32)
    named = exif_of(block(exif=[local, (0x9011, TEXT, words("Z"))], gps=gps))
    assert named.taken == datetime(2024, 5, 1, 12, 57, 32, tzinfo=UTC)
