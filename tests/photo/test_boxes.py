"""How a HEIC's main item is turned is read from its boxes, and hostile boxes cost nothing."""

import struct
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from photocull.photo.boxes import boxes_in
from photocull.photo.decode import load_full
from photocull.photo.heif import turn_of
from tests.building import draw
from tests.photo.jxl_files import box
from tests.photo.named_colours import avif
from tests.photo.reading import difference
from tests.photo.test_jxl import written


def heic(*turns: bytes, item: int = 2, wide: bool = False) -> bytes:
    """The index of a HEIC whose item 1 is a thumbnail without turns and whose main item has these, in this order."""
    size, kind = (">I", b"\1\0\0\1") if wide else (">H", b"\0\0\0\0")
    index = ">H" if wide else ">B"
    entries = struct.pack(size, 1) + b"\1" + struct.pack(index, 1)
    numbers = [1, *range(2, 2 + len(turns))]
    entries += struct.pack(size, 2) + bytes([len(numbers)]) + b"".join(struct.pack(index, n) for n in numbers)
    properties = box(b"ipco", box(b"ispe", bytes(12)) + b"".join(turns))
    ipma = box(b"ipma", kind + struct.pack(">I", 2) + entries)
    main = box(b"pitm", (b"\1\0\0\0" if wide else bytes(4)) + struct.pack(size, item))
    return box(b"ftyp", b"heic") + box(b"meta", bytes(4) + main + box(b"iprp", properties + ipma))


def rotated(quarters: int) -> bytes:
    return box(b"irot", bytes([quarters]))


def mirrored(axis: int) -> bytes:
    return box(b"imir", bytes([axis]))


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize(
    ("turns", "orientation"),
    [
        ([], 1),
        ([rotated(1)], 8),
        ([rotated(2)], 3),
        ([rotated(3)], 6),
        ([mirrored(0)], 4),
        ([mirrored(1)], 2),
        ([rotated(1), mirrored(1)], 7),
        ([rotated(3), mirrored(1)], 5),
        ([mirrored(1), rotated(3)], 7),
        ([rotated(1), rotated(1), mirrored(0)], 2),
    ],
)
def test_turns_and_mirrors_of_the_main_item_make_one_orientation(
    turns: list[bytes], orientation: int, wide: bool
) -> None:
    assert turn_of(heic(*turns, wide=wide)) == orientation
    assert turn_of(heic(*turns, wide=wide, item=1)) == 1


def test_without_a_main_item_nothing_is_known() -> None:
    assert turn_of(b"") is None
    assert turn_of(box(b"meta", bytes(40))) is None


def test_the_shared_pictures_are_turned_as_they_are_named(shared: Path) -> None:
    folder = shared / "data/photos/orientation_heic"
    turns = [turn_of((folder / f"kimageformats__orientation{i}.heic").read_bytes()) for i in (1, 3, 5, 7)]
    assert turns == [1, 3, 5, 7]


def test_a_turn_that_exif_alone_tells_turns_nothing(tmp_path: Path) -> None:
    # As the standard says and everyone who follows it does; whoever copies EXIF beside upright pixels relies on it.
    upright, tags = draw((60, 40)), Image.Exif()
    tags[0x0103] = 6  # a number of the same form, which the encoder lets be
    content = avif(Image.fromarray(upright), exif=tags.tobytes())
    told = content.replace(b"\x01\x03\x00\x03\x00\x00\x00\x01\x00\x06", b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06")
    told = told.replace(b"\x03\x01\x03\x00\x01\x00\x00\x00\x06\x00", b"\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00")
    assert told != content
    assert difference(load_full(written(tmp_path / "a.avif", told)), upright) < 4


def test_a_phones_picture_without_a_turn_lies_as_its_container_says(shared: Path) -> None:
    phone = shared / "data/photos/heif/photoprism__iphone_7.heic"
    assert turn_of(phone.read_bytes()) == 1
    assert load_full(phone).shape == (3024, 4032, 3)


def test_a_box_may_end_with_the_data_and_one_of_no_length_ends_all() -> None:
    assert list(boxes_in(b"\0\0\0\0last" + b"content")) == [(b"last", b"content")]
    assert list(boxes_in(b"\0\0\0\x64long" + b"content")) == [(b"long", b"content")]
    assert list(boxes_in(b"\0\0\0\3tiny" + b"content")) == []


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_random_boxes_are_some_orientation_or_none(content: bytes) -> None:
    for data in (content, box(b"meta", bytes(4) + content), heic(rotated(1))[: len(content)] + content):
        assert turn_of(data) in {None, *range(1, 9)}


def test_a_table_of_a_billion_items_ends_at_once() -> None:
    start = time.thread_time()
    data = heic(rotated(1)).replace(struct.pack(">I", 2) + b"\0\1\1", b"\xff\xff\xff\xff\0\1\1")
    assert turn_of(data) == 8
    assert turn_of(data.replace(b"\0\2\2\1\2", b"\0\5\2\1\2")) == 1
    assert time.thread_time() - start < 1
