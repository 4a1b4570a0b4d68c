"""The focus point is read as each maker writes it, and told where the picture is still as the camera left it."""

import struct
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from photocull.core.types import FocusPoint
from photocull.photo.exif import read_exif
from photocull.photo.facts import exif_of
from photocull.photo.orientation import shown_point, upright
from tests.building import draw
from tests.photo.exif_blocks import (
    LONG,
    RATIONAL,
    SHORT,
    SIGNED_RATIONAL,
    UNDEFINED,
    block,
    camera,
    canon_list,
    nikon,
    olympus,
    own,
    plain,
    size,
)
from tests.photo.jxl_files import box, exif_box, under_header, write_boxed


def canon_points(xs: Sequence[int], ys: Sequence[int], in_focus: int) -> list[int]:
    count = len(xs)
    flags = [in_focus >> 16 * i & 0xFFFF for i in range((count + 15) // 16)]
    return canon_list(2, count, count, 6000, 4000, 6000, 4000, *[100] * 2 * count, *xs, *ys, *flags, *flags, 0)


def near(found: FocusPoint | None, x: float, y: float) -> bool:
    return found is not None and (found.x, found.y) == (pytest.approx(x, abs=1e-3), pytest.approx(y, abs=1e-3))


SUBJECT = [(0x9214, SHORT, [1500, 1000, 200, 100]), *size(6000, 4000)]


PLACES: dict[str, tuple[bytes, float, float]] = {
    "canon": (
        block(camera("Canon", "Canon EOS R6"), note=plain((0x0026, SHORT, canon_points([-1500, 0], [1000, 0], 1)))),
        0.25, 0.25,
    ),
    "canon, the middle of two points": (
        block(camera("Canon", "Canon EOS R6"), note=plain((0x003C, SHORT, canon_points([-1500, 1500], [0, 0], 3)))),
        0.5, 0.5,
    ),
    "canon, a thousand points": (
        block(camera("Canon", "Canon EOS R5"),
              note=plain((0x0026, SHORT, canon_points(list(range(1053)), [1000] * 1053, 1 << 1000)))),
        0.5 + 1000 / 6000, 0.25,
    ),
    "canon compact, where y goes down": (
        block(camera("Canon", "Canon PowerShot A520"), note=plain(
            (0x0012, SHORT, [2, 2, 2272, 1704, 2272, 284, 409, 51, 0, 65536 - 410, 0, 71, 2, 1]))),
        0.5 - 410 / 2272, 0.75,
    ),
    "nikon, contrast detection": (
        block(camera("NIKON CORPORATION"), order=">", note=nikon(
            (0x00B7, UNDEFINED, b"0100\1" + bytes(11) + struct.pack(">4H", 6000, 4000, 1500, 3000) + bytes(8)))),
        0.25, 0.75,
    ),
    "nikon, the sensor's own detection": (
        block(camera("NIKON CORPORATION"), note=nikon(
            (0x00B7, UNDEFINED, b"0301\1" + bytes(37) + struct.pack("<4H", 6048, 4024, 1512, 3018)), order="<")),
        0.25, 0.75,
    ),
    "nikon z": (
        block(camera("NIKON CORPORATION"), note=nikon(
            (0x00B7, UNDEFINED, b"0401" + bytes(0x3A) + struct.pack("<4H", 8256, 5504, 2064, 1376) + bytes(8)),
            order="<")),
        0.25, 0.25,
    ),
    "sony": (
        block(camera("SONY"), note=plain((0x2027, SHORT, [7008, 4672, 1752, 3504]), start=b"SONY DSC \0\0\0")),
        0.25, 0.75,
    ),
    "sony without its name": (block(camera("SONY"), note=plain((0x2027, SHORT, [7008, 4672, 1752, 3504]))), 0.25, 0.75),
    "fuji": (
        block(camera("FUJIFILM"), size(6000, 4000), note=own(
            (0x1023, SHORT, [1500, 3000]), (0x1101, SHORT, [0]), start=b"FUJIFILM\x0c\0\0\0")),
        0.25, 0.75,
    ),
    "panasonic": (
        block(camera("Panasonic"), note=plain((0x004D, RATIONAL, [256, 1024, 768, 1024]), start=b"Panasonic\0\0\0")),
        0.25, 0.75,
    ),
    "olympus, the chosen point": (
        block(camera("OLYMPUS CORPORATION"), note=olympus(
            (0x0305, SIGNED_RATIONAL, [0, 0, 1, 4, 2, 4, 1, 4, 2, 4]))),
        0.25, 0.5,
    ),
    "olympus, an area": (
        block(camera("OM Digital Solutions"), note=olympus((0x0304, LONG, [0, 0x33006600, *[0] * 62]))),
        0.3, 0.0,
    ),
    "exif's subject": (block(camera("Nobody"), SUBJECT), 0.25, 0.25),
    "exif's subject where the maker is silent": (block(camera("Canon"), SUBJECT), 0.25, 0.25),
    "exif's location": (block(exif=[(0xA214, SHORT, [1500, 3000]), *size(6000, 4000)]), 0.25, 0.75),
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_the_focus_point_is_read_as_its_maker_writes_it(name: str) -> None:
    content, x, y = PLACES[name]
    assert near(exif_of(content).focus_point, x, y), exif_of(content).focus_point


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_focus_point_turns_with_the_picture(tmp_path: Path, orientation: int) -> None:
    stored = Image.new("L", (60, 40))
    stored.paste(255, (15, 10, 16, 11))
    shown = upright(stored, orientation)
    bright = shown.getbbox()
    assert bright is not None
    x, y = shown_point((15.5 / 60, 10.5 / 40), orientation)
    assert (int(x * shown.width), int(y * shown.height)) == bright[:2]
    exif = block(
        [*camera("SONY"), (0x0112, SHORT, [orientation])],
        note=plain((0x2027, SHORT, [6000, 4000, 1550, 1050]), start=b"SONY DSC \0\0\0"),
    )
    stored.save(tmp_path / "a.jpg", exif=b"Exif\0\0" + exif)
    assert near(read_exif(tmp_path / "a.jpg").focus_point, x, y)


def test_in_a_cropped_or_turned_picture_nobody_knows_where_the_focus_was(tmp_path: Path) -> None:
    exif = block(camera("SONY"), note=plain((0x2027, SHORT, [6000, 4000, 1500, 1000]), start=b"SONY DSC \0\0\0"))
    for shape, known in {(60, 40): True, (600, 400): True, (40, 60): False, (60, 60): False}.items():
        Image.new("L", shape).save(tmp_path / "a.jpg", exif=b"Exif\0\0" + exif)
        assert (read_exif(tmp_path / "a.jpg").focus_point is not None) == known, shape


def test_a_jpeg_xl_turned_by_its_codestream_keeps_its_focus_point(tmp_path: Path) -> None:
    exif = block(
        [*camera("SONY"), (0x0112, SHORT, [1])],
        note=plain((0x2027, SHORT, [6000, 4000, 1500, 1000]), start=b"SONY DSC \0\0\0"),
    )
    stream = under_header(draw((60, 40)), orientation=6)
    path = write_boxed(tmp_path / "a.jxl", stream, box(b"Exif", exif_box(exif)))
    assert near(read_exif(path).focus_point, 0.75, 0.25)


@pytest.mark.parametrize(
    "exif",
    [
        block(camera("Canon", "EOS"), note=plain((0x0026, SHORT, canon_points([0, 0], [0, 0], 0)))),
        block(camera("Canon", "EOS"), note=plain((0x0026, SHORT, [9, *canon_points([0, 0], [0, 0], 1)[1:]]))),
        block(camera("Canon", "EOS"), note=plain((0x0026, SHORT, canon_list(2, 4000, 4000, 60, 40, 60, 40, 1)))),
        block(camera("Canon", "EOS"), note=plain((0x0012, SHORT, [0] * 20))),
        block(camera("NIKON"), order=">", note=nikon((0x00B7, UNDEFINED, b"0100" + bytes(30)))),
        block(camera("NIKON"), order=">", note=nikon((0x00B7, UNDEFINED, b"0777" + bytes(90)))),
        block(camera("SONY"), note=plain((0x2027, SHORT, [0, 0, 1, 1]), start=b"SONY DSC \0\0\0")),
        block(camera("SONY"), note=plain((0x2027, SHORT, [6000, 4000, 6001, 1]), start=b"SONY DSC \0\0\0")),
        block(camera("Panasonic"), note=plain((0x004D, RATIONAL, [16777216, 1] * 2), start=b"Panasonic\0\0\0")),
        block(camera("Panasonic"), note=plain((0x004D, RATIONAL, [1, 0] * 2), start=b"Panasonic\0\0\0")),
        block(camera("OLYMPUS"), note=olympus((0x0304, LONG, [0] * 64))),
        block(camera("FUJIFILM"), note=own((0x1023, SHORT, [10, 10]), start=b"FUJIFILM\x0c\0\0\0")),
        block(exif=[(0x9214, SHORT, [1, 2, 3, 4, 5]), *size(60, 40)]),
        block(exif=[(0x9214, SHORT, [0, 0]), *size(60, 40)]),
        block(exif=[(0x9214, SHORT, [5, 5])]),
    ],
)
def test_a_focus_point_of_no_sense_is_unknown(exif: bytes) -> None:
    assert exif_of(exif).focus_point is None


@given(name=st.sampled_from(sorted(PLACES)), data=st.data())
@settings(max_examples=300, deadline=None)
def test_changed_bytes_in_sound_notes_give_a_point_in_the_picture_or_none(name: str, data: st.DataObject) -> None:
    content = bytearray(PLACES[name][0])
    for place in data.draw(st.lists(st.integers(8, len(content) - 1), max_size=6)):
        content[place] = data.draw(st.integers(0, 255))
    point = exif_of(bytes(content)).focus_point
    assert point is None or (0 <= point.x <= 1 and 0 <= point.y <= 1)
