"""Camera facts are read from every container, and broken ones cost nothing but themselves."""

import logging
import struct
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from photocull.core.types import Exif
from photocull.photo.exif import read_exif
from photocull.photo.facts import camera_name, exif_of
from photocull.photo.moments import parse_time
from tests.building import make_photo

FACTS = Exif(
    taken=datetime(2024, 5, 1, 10, 20, 30, 870000, timezone(timedelta(hours=2))),
    camera="Canon EOS 6D",
    lens="EF24-105mm f/4L IS USM",
    exposure_time=1 / 250,
    f_number=5.6,
    iso=400,
    focal_length=65.0,
    flash=True,
    orientation=1,
)

WEST = timezone(-timedelta(hours=3.5))


def block(*entries: tuple[int, int, int, bytes], behind: bytes = b"", order: str = "<") -> bytes:
    """A TIFF header and one directory; values of four bytes each."""
    mark = b"II*\x00" if order == "<" else b"MM\x00*"
    body = b"".join(struct.pack(order + "HHI", *entry[:3]) + entry[3] for entry in entries)
    return mark + struct.pack(order + "IH", 8, len(entries)) + body + bytes(4) + behind


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp", ".avif"])
def test_facts_are_read_from_every_container(tmp_path: Path, suffix: str) -> None:
    found = read_exif(make_photo(tmp_path / f"a{suffix}", exif=FACTS))
    assert found.taken == FACTS.taken
    assert found.taken is not None
    assert found.taken.utcoffset() == timedelta(hours=2)
    assert (found.camera, found.lens, found.iso, found.flash) == ("Canon EOS 6D", FACTS.lens, 400, True)
    assert found.exposure_time == pytest.approx(1 / 250, rel=1e-3)
    assert found.f_number == pytest.approx(5.6)
    assert found.focal_length == pytest.approx(65)


def test_a_photo_without_facts_has_none(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.jpg")
    assert read_exif(tmp_path / "a.jpg") == Exif()


@pytest.mark.parametrize(
    ("make", "model", "shown"),
    [
        ("Canon", "Canon EOS 6D", "Canon EOS 6D"),
        ("NIKON CORPORATION", "NIKON D70s", "NIKON D70s"),
        ("OLYMPUS IMAGING CORP.", "E-M5", "OLYMPUS E-M5"),
        ("SONY", "ILCE-7M3", "SONY ILCE-7M3"),
        ("Eastman Kodak Company", "KODAK DC210 Zoom", "KODAK DC210 Zoom"),
        ("Corporation", "X", "Corporation X"),
        (None, "Pixel 6", "Pixel 6"),
        ("Google", None, "Google"),
        (None, None, None),
    ],
)
def test_a_camera_is_named_without_repetition(make: str | None, model: str | None, shown: str | None) -> None:
    assert camera_name(make, model) == shown


@pytest.mark.parametrize(
    ("written", "fraction", "offset", "moment"),
    [
        ("2024:05:01 10:20:30", None, None, datetime(2024, 5, 1, 10, 20, 30)),
        ("2024:05:01 10:20:30", "5", None, datetime(2024, 5, 1, 10, 20, 30, 500_000)),
        ("2024:05:01 10:20:30", "045", "-03:30", datetime(2024, 5, 1, 10, 20, 30, 45_000, WEST)),
        ("2024-05-01T10:20:30", None, "Z", datetime(2024, 5, 1, 10, 20, 30, tzinfo=UTC)),
        ("2024:05:01 10:20:30", "x", "somewhere", datetime(2024, 5, 1, 10, 20, 30)),
        ("2024:05:01 10:20:30", None, "+99:00", datetime(2024, 5, 1, 10, 20, 30)),
        ("0000:00:00 00:00:00", None, None, None),
        ("2024:13:45 10:20:30", None, None, None),
        ("2024:05:01 24:61:61", None, None, None),
        ("    :  :     :  :  ", None, None, None),
        (None, None, None, None),
    ],
)  # fmt: skip
def test_times_keep_zone_and_fraction_and_impossible_ones_are_unknown(
    written: str | None, fraction: str | None, offset: str | None, moment: datetime | None
) -> None:
    found = parse_time(written, fraction, offset)
    assert found == moment
    assert (found is None) or (found.tzinfo is None) == (moment is not None and moment.tzinfo is None)


def test_a_time_without_zone_stays_without(tmp_path: Path) -> None:
    found = read_exif(make_photo(tmp_path / "a.jpg", exif=Exif(taken=datetime(2020, 2, 29, 1, 2, 3))))
    assert found.taken == datetime(2020, 2, 29, 1, 2, 3)


@pytest.mark.parametrize(
    ("tag", "kind", "value", "field"),
    [
        (0x829A, 5, struct.pack("<II", 1, 0), "exposure_time"),
        (0x829A, 5, struct.pack("<II", 0, 10), "exposure_time"),
        (0x829D, 10, struct.pack("<ii", -5, 1), "f_number"),
        (0x920A, 5, struct.pack("<II", 0xFFFFFFFF, 1), "focal_length"),
        (0x8827, 3, bytes(4), "iso"),
        (0x8827, 3, b"\xff\xff\x00\x00", "iso"),
        (0x9209, 3, b"\xff\xff\x00\x00", "flash"),
        (0xA434, 2, b"----\x00\x00\x00\x00", "lens"),
        (0xA434, 2, b"0.0 mm f/0.0\x00", "lens"),
    ],
)
def test_values_of_no_sense_are_unknown(tag: int, kind: int, value: bytes, field: str) -> None:
    sub = 8 + 2 + 12 + 4
    count = len(value) if kind == 2 else 1
    place = value if kind == 3 else struct.pack("<I", sub + 18)
    behind = struct.pack("<HHHI", 1, tag, kind, count) + place + bytes(4) + value
    assert getattr(exif_of(block((0x8769, 4, 1, struct.pack("<I", sub)), behind=behind)), field) is None


def test_an_orientation_beyond_eight_is_unknown() -> None:
    assert exif_of(block((0x0112, 3, 1, b"\x09\x00\x00\x00"))).orientation is None
    assert exif_of(block((0x0112, 3, 1, b"\x06\x00\x00\x00"))).orientation == 6
    assert exif_of(block((0x0112, 3, 1, b"\x00\x08\x00\x00"), order=">")).orientation == 8


def test_a_broken_tag_costs_only_itself() -> None:
    broken = (0x010E, 10, 999, b"\xff\xff\xff\x7f")
    nonsense = (0x0131, 200, 0xFFFFFFFF, b"\xff\xff\xff\xff")
    found = exif_of(block(broken, nonsense, (0x0110, 2, 4, b"ABC\x00"), (0x0112, 3, 1, b"\x03\x00\x00\x00")))
    assert (found.camera, found.orientation) == ("ABC", 3)


def test_directories_in_circles_and_huge_counts_end_at_once() -> None:
    circle = block((0x8769, 4, 1, struct.pack("<I", 8)), (0x8825, 4, 1, struct.pack("<I", 8)))
    huge = b"II*\x00" + struct.pack("<IH", 8, 65535) + struct.pack("<HHII", 0x829A, 5, 999, 8) * 5000
    start = time.thread_time()  # of this thread alone: a busy machine is no fault of the reader's
    assert exif_of(circle) == Exif()
    exif_of(huge)
    assert time.thread_time() - start < 2


def test_a_text_of_gigabytes_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(block((0x0110, 2, 0xFFFFFFF0, b"\x08\x00\x00\x00")) + bytes(3_000_000))
    with path.open("rb") as file:
        assert exif_of(file).camera is None or len(exif_of(file).camera or "") <= 120


@given(st.binary(max_size=600))
@settings(max_examples=150, deadline=None)
def test_random_bytes_are_no_facts_and_no_fault(content: bytes) -> None:
    assert isinstance(exif_of(content), Exif)
    assert isinstance(exif_of(b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + content), Exif)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_changed_bytes_in_sound_facts_never_raise_or_log(data: st.DataObject) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Maker", "Model 1", 6
    exif.get_ifd(0x8769).update({0x9003: "2024:05:01 10:20:30", 0x829A: 0.01, 0x8827: 200, 0xA434: "A lens"})
    content = bytearray(exif.tobytes())
    for place in data.draw(st.lists(st.integers(6, len(content) - 1), max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    found = exif_of(bytes(content))
    assert found.iso is None or found.iso > 0
    assert found.orientation in {None, *range(1, 9)}
    assert found.exposure_time is None or found.exposure_time > 0


def test_other_threads_may_still_hear_exifread(caplog: pytest.LogCaptureFixture) -> None:
    exif_of(b"II*\x00\x08\x00\x00\x00" + b"\xff" * 100)
    logger = logging.getLogger("exifread")
    assert logger.filters == []
    assert logger.isEnabledFor(logging.WARNING)
