"""All that a file of a real camera tells, also in the boxes of a CR3."""

import io
import struct
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photocull.core.types import Exif, FocusPoint, GpsPosition
from photocull.photo.exif import read_exif
from photocull.photo.facts import exif_of
from tests.photo.exif_blocks import (
    RATIONAL,
    SHORT,
    TEXT,
    Entry,
    camera,
    described,
    directory,
    words,
)
from tests.photo.jxl_files import box
from tests.photo.test_focus import canon_points, near


def cr3(*blocks: tuple[bytes, bytes], xmp: bytes = b"") -> bytes:
    """The boxes of a CR3 up to its pictures."""
    inner = b"".join(box(kind, content) for kind, content in blocks)
    canon = box(b"uuid", bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + inner)
    marks = box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + xmp)
    return box(b"ftyp", b"crx \0\0\0\1crx isom") + box(b"moov", canon) + marks + box(b"mdat", bytes(100))


def small_tiff(*entries: Entry) -> bytes:
    return b"II*\0\x08\0\0\0" + directory(entries, 8)


def test_a_cr3_tells_all_that_a_cr2_does() -> None:
    content = cr3(
        (b"CMT1", small_tiff(*camera("Canon", "Canon EOS R6"), (0x0112, SHORT, [6]))),
        (b"CMT2", small_tiff((0x9003, TEXT, words("2024:05:01 10:20:30")), (0x829D, RATIONAL, [56, 10]))),
        (b"CMT3", small_tiff((0x0026, SHORT, canon_points([-1500, 0], [1000, 0], 1)))),
        (b"CMT4", small_tiff((1, TEXT, words("N")), (2, RATIONAL, [46, 1, 30, 1, 0, 1]),
                             (3, TEXT, words("E")), (4, RATIONAL, [7, 1, 0, 1, 0, 1]))),
        xmp=described('xmp:Rating="2"'),
    )  # fmt: skip
    found = exif_of(io.BytesIO(content))
    assert (found.camera, found.f_number, found.rating) == ("Canon EOS R6", 5.6, 2)
    assert found.taken == datetime(2024, 5, 1, 10, 20, 30)
    assert found.gps == GpsPosition(46.5, 7.0)
    assert near(found.focus_point, 0.75, 0.25)


def test_a_broken_cr3_tells_nothing_and_ends() -> None:
    whole = cr3((b"CMT1", small_tiff(*camera("Canon"))))
    endless = box(b"ftyp", b"crx \0\0\0\1") + struct.pack(">I4sQ", 1, b"uuid", 1 << 62)
    for content in (whole[:40], whole[:-130], endless, box(b"ftyp", b"crx \0\0\0\1") + bytes(1000)):
        assert isinstance(exif_of(io.BytesIO(content)), Exif)


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_random_xmp_and_cr3_are_no_fault(content: bytes) -> None:
    exif_of(None, content)
    exif_of(None, described(inside=content.decode("latin-1")))
    exif_of(io.BytesIO(box(b"ftyp", b"crx \0\0\0\1") + content))
    exif_of(io.BytesIO(cr3((b"CMT3", content), (b"CMT1", b"II*\0" + content))))


SHARED = {
    "avif/metadata-extra__Issue 649.avif": Exif(focus_point=FocusPoint(0.75493, 0.5), drive="single", rating=0),
    "heif/exiv2__issue_9292_sony_1_top_left.HIF": Exif(
        focus_point=FocusPoint(0.47175, 0.41652), drive="continuous", sequence=2, focal_length_35mm=39.0
    ),
    "jpeg_metadata/Lychee__mongolia.jpeg": Exif(
        gps=GpsPosition(46.898392, 102.768631, 1633.0), drive="single", lens="18-200 mm f/3.5-5.6"
    ),
    "jpeg_metadata/test-assets__mongolels.jpg": Exif(rating=3, exposure_bias=-1 / 3),
    "jpeg_metadata/exif-samples__32-lens_data.jpeg": Exif(drive="continuous", program="aperture priority"),
    "sidecar_pairs/beach_sand.jpg": Exif(gps=GpsPosition(-29.282478, 31.443636, -1.990418)),
    "raw/metadata-extra__Issue 247-1.nef": Exif(drive="single", lens="50 mm f/1.8", focal_length_35mm=75.0),
}
"""Read by ExifTool, too."""


@pytest.mark.parametrize("name", SHARED)
def test_files_of_real_cameras_tell_what_they_hold(shared: Path, name: str) -> None:
    found, wanted = read_exif(shared / "data/photos" / name), SHARED[name]
    for field in Exif.__slots__:
        value = getattr(wanted, field)
        if isinstance(value, FocusPoint):
            assert near(found.focus_point, value.x, value.y)
        elif isinstance(value, GpsPosition):
            assert found.gps is not None
            assert (found.gps.latitude, found.gps.longitude) == pytest.approx(
                (value.latitude, value.longitude), abs=1e-5
            )
        elif value is not None:
            assert getattr(found, field) == (pytest.approx(value) if isinstance(value, float) else value)


def test_a_raw_tells_its_focus_point_though_its_picture_is_missing(shared: Path) -> None:
    with (shared / "data/photos/raw_header_only/exiftool__CanonRaw.cr2").open("rb") as file:
        found = exif_of(file)
    assert near(found.focus_point, 0.5, 0.5)
    assert (found.camera, found.drive, found.program) == ("Canon EOS 350D DIGITAL", "single", "aperture priority")
