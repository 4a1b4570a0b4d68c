"""Camera facts in words."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from photocull.catalog.records import PhotoDetail, PhotoRow
from photocull.core.types import Exif, GpsPosition, Photo
from photocull.ui.facts import (
    bytes_words,
    camera_words,
    exposure_words,
    marks_words,
    name_words,
    photo_lines,
    place_words,
    program_words,
    shooting_words,
    taken_words,
)


def detail(exif: Exif, *, name: str = "DSC_4417.NEF", partners: tuple[Path, ...] = ()) -> PhotoDetail:
    path = Path("/photos") / name
    row = PhotoRow(1, path, "f", "ok", None, 8256, 5504, *[None] * 4, (), None, None, None, None)
    return PhotoDetail(row, Photo(path, 52_000_000, 0, partners), exif, False, None, None)


def test_everything_known_reads_like_a_caption() -> None:
    exif = Exif(
        taken=datetime(2026, 6, 14, 7, 42, 10, tzinfo=timezone(timedelta(hours=2))),
        camera="Nikon Z8",
        lens="600mm f/6.3",
        exposure_time=1 / 2000,
        f_number=6.3,
        iso=800,
        focal_length=600.0,
    )
    assert photo_lines(detail(exif, partners=(Path("/photos/DSC_4417.jpg"),))) == [
        "2026-06-14 07:42:10 +02:00",
        "Nikon Z8, 600 mm, 1/2000 s, f/6.3, ISO 800",
        "600mm f/6.3",
        "8256 × 5504, 45.4 MP, 52 MB",
    ]


def test_how_and_where_a_photo_was_taken_reads_like_a_caption() -> None:
    exif = Exif(
        camera="Nikon D5300", focal_length=44.0, focal_length_35mm=66.0, program="aperture priority",
        exposure_bias=-0.67, metering="spot", drive="continuous", sequence=2, rating=3, label="Red",
        gps=GpsPosition(46.898392, -102.768631, 1633.2),
    )  # fmt: skip
    assert photo_lines(detail(exif)) == [
        "Nikon D5300, 44 mm (66 mm on full frame)",
        "Aperture priority, −0.7 EV, spot metering",
        "Continuous, shot 2",
        "46.89839° N, 102.76863° W, 1,633 m",
        "In the file: 3 stars, label Red",
        "8256 × 5504, 45.4 MP, 52 MB",
    ]


@pytest.mark.parametrize(
    ("exif", "words"),
    [
        (Exif(drive="single", sequence=1), ""),
        (Exif(drive="timer"), "Self-timer"),
        (Exif(drive="continuous", bracket="exposure", sequence=3), "Exposure bracketing, shot 3"),
        (Exif(bracket="other"), "Bracketing"),
        (Exif(rating=0, exposure_bias=0.0), ""),
    ],
)
def test_a_single_shot_needs_no_words(exif: Exif, words: str) -> None:
    assert shooting_words(exif) == words
    assert (marks_words(exif), program_words(exif)) == ("", "")


def test_marks_in_the_file_are_told_as_such() -> None:
    assert [marks_words(Exif(rating=r)) for r in (-1, 1, 5)] == [
        "In the file: rejected", "In the file: 1 star", "In the file: 5 stars",
    ]  # fmt: skip
    assert place_words(GpsPosition(-0.5, 0.25, -3.0)) == "0.50000° S, 0.25000° E, −3 m"


def test_what_is_unknown_is_left_out() -> None:
    assert photo_lines(detail(Exif())) == ["8256 × 5504, 45.4 MP, 52 MB"]
    assert camera_words(Exif(f_number=2.0)) == "f/2"
    assert taken_words(Exif(taken=datetime(2020, 1, 2, 3, 4, 5))) == "2020-01-02 03:04:05"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1 / 250, "1/250 s"), (0.4, "0.4 s"), (30.0, "30 s"), (None, ""), (0.0, ""), (1 / 3, "0.3 s"), (1 / 4, "1/4 s")],
)
def test_exposure_times_are_written_as_on_the_camera(seconds: float | None, words: str) -> None:
    assert exposure_words(seconds) == words


def test_a_partner_of_another_name_is_named_in_full() -> None:
    assert name_words(detail(Exif(), partners=(Path("/photos/IMG_E1.heic"),))) == "DSC_4417.NEF + IMG_E1.heic"
    assert name_words(detail(Exif(), partners=(Path("/photos/DSC_4417.jpg"),))) == "DSC_4417.NEF + JPG"


def test_a_name_of_undecodable_bytes_is_shown_all_the_same() -> None:
    assert "\\xff" in name_words(detail(Exif(), name="a\udcff.jpg"))


def test_sizes_have_units() -> None:
    assert [bytes_words(n) for n in (12, 6400, 2_400_000, 3e9)] == ["12 bytes", "6 kB", "2.4 MB", "3.0 GB"]
