"""The header, the boxes and the profile of JPEG XL are read as they were written, and hostile ones cost nothing."""

import base64
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imagecodecs import jpegxl_encode

from photocull.photo.colours import GREY, Colours
from photocull.photo.jxl.bits import Bits
from photocull.photo.jxl.container import contents_of
from photocull.photo.jxl.header import ALPHA, read_header
from photocull.photo.jxl.icc import read_profile
from photocull.photo.primaries import profile_of
from tests.photo.jxl_files import SIGNATURE, BitWriter, box, header
from tests.photo.test_jxl import PROFILED


def test_all_fields_of_a_header_are_read() -> None:
    stream = header(
        (123, 45), orientation=7, preview=True, animation=True, bits=12, white=10, primaries=9, transfer=16, nits=4000,
        extension=True,
    )  # fmt: skip
    read = read_header(stream.done())
    assert (read.width, read.height, read.orientation, read.bits, read.floating) == (123, 45, 7, 12, False)
    assert (read.extras, read.absolute, read.nits, read.end) == ((), False, 4000.0, len(stream.bits))
    assert read.colours == Colours(
        white=(1 / 3, 1 / 3), primaries=((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)), transfer=16
    )


def test_colours_by_number_are_read() -> None:
    read = read_header(header((9, 9), white=2, primaries=2, transfer=None, gamma=0.4545455).done())
    assert read.colours.white == pytest.approx((0.3127, 0.3290))
    assert read.colours.primaries[1] == pytest.approx((0.21, 0.71))
    assert read.colours.gamma == pytest.approx(0.4545455)


def test_what_the_encoder_writes_is_read() -> None:
    cases = {
        (40, 60): ((), GREY),
        (40, 60, 2): ((ALPHA,), GREY),
        (40, 60, 3): ((), 0),
        (40, 60, 4): ((ALPHA,), 0),
        (1, 2000, 3): ((), 0),
        (777, 1, 3): ((), 0),
    }
    for shape, (extras, space) in cases.items():
        for lossless in (True, False):
            encoded = bytes(jpegxl_encode(np.zeros(shape, np.uint8), lossless=lossless))
            read = read_header(contents_of(encoded).codestream())
            assert (read.height, read.width) == shape[:2]
            assert (read.extras, read.colours.space, read.bits) == (extras, space, 8)


def test_the_usual_shapes_are_read() -> None:
    square = BitWriter().put(0x0AFF, 16).put(1, 1).put(31, 5).put(1, 3).put(1, 1).put(1, 1).done()
    wide = BitWriter().put(0x0AFF, 16).put(1, 1).put(8, 5).put(5, 3).put(1, 1).put(1, 1).done()
    free = BitWriter().put(0x0AFF, 16).put(1, 1).put(8, 5).put(0, 3).put(0, 5).put(1, 1).put(1, 1).done()
    assert [(h.width, h.height) for h in map(read_header, (square, wide, free))] == [(256, 256), (128, 72), (8, 72)]


@pytest.mark.parametrize(("value", "bits"), [
    (0, [(0, 2)]),
    (16, [(1, 2), (15, 4)]),
    (272, [(2, 2), (255, 8)]),
    (5_000, [(3, 2), (904, 12), (1, 1), (1, 8), (0, 1)]),
    ((1 << 64) - 1, [(3, 2), (4095, 12), *([(1, 1), (255, 8)] * 6), (1, 1), (15, 4)]),
])  # fmt: skip
def test_numbers_of_any_size_are_read(value: int, bits: list[tuple[int, int]]) -> None:
    writer = BitWriter()
    for part, count in bits:
        writer.put(part, count)
    reader = Bits(writer.done())
    assert reader.u64() == value
    assert reader.position == len(writer.bits)


def test_a_profile_is_read_to_its_last_byte() -> None:
    stream = base64.b64decode(PROFILED)
    profile = read_profile(stream, read_header(stream).end)
    assert (len(profile), profile[36:40], profile[:4]) == (524, b"acsp", (524).to_bytes(4))


def test_a_box_may_end_with_the_file_or_be_written_large() -> None:
    stream = b"\xff\x0apixels"
    endless = SIGNATURE + b"\x00\x00\x00\x00jxlc" + stream
    large = SIGNATURE + b"\x00\x00\x00\x01jxlc" + (16 + len(stream)).to_bytes(8) + stream
    assert contents_of(endless).codestream() == contents_of(large).codestream() == stream


def test_the_first_exif_holds_and_may_begin_later() -> None:
    boxes = box(b"Exif", (2).to_bytes(4) + b"..II*\x00") + box(b"Exif", bytes(4) + b"MM") + box(b"xml ", b"<x/>")
    contents = contents_of(SIGNATURE + boxes)
    assert (contents.exif, contents.xmp, contents.parts) == (b"II*\x00", b"<x/>", ())


def test_a_million_boxes_end_at_once() -> None:
    start = time.thread_time()
    contents_of(SIGNATURE + b"\x00\x00\x00\x08free" * 1_000_000)
    assert time.thread_time() - start < 1


def test_srgb_needs_no_profile_and_impossible_primaries_get_none() -> None:
    assert profile_of(Colours()) is None
    assert profile_of(Colours(primaries=((0.6, 0.0), (0.3, 0.6), (0.1, 0.1)))) is None
    assert profile_of(Colours(primaries=((0.3, 0.3), (0.3, 0.3), (0.1, 0.1)))) is None


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_random_bytes_are_a_header_or_an_error(content: bytes) -> None:
    for start in (b"\xff\x0a", b""):
        try:
            read = read_header(start + content)
        except ValueError:
            continue
        profile_of(read.colours)


@given(st.binary(max_size=400), st.integers(0, 7))
@settings(max_examples=300, deadline=None)
def test_random_bytes_are_a_profile_or_an_error(content: bytes, position: int) -> None:
    try:
        read_profile(content, position)
    except ValueError:
        return


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_changed_profile_is_a_profile_or_an_error(data: st.DataObject) -> None:
    stream = bytearray(base64.b64decode(PROFILED))
    end = read_header(bytes(stream)).end
    for place in data.draw(st.lists(st.integers(end // 8, end // 8 + 140), min_size=1, max_size=4)):
        stream[place] = data.draw(st.integers(0, 255))
    try:
        read_profile(bytes(stream), end)
    except ValueError:
        return


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_random_boxes_are_passed_over(content: bytes) -> None:
    contents_of(SIGNATURE + content)
    contents_of(SIGNATURE + box(b"brob", content) + box(b"Exif", content))


def test_a_profile_that_was_read_before_costs_nothing_and_another_is_another() -> None:
    stream = base64.b64decode(PROFILED)
    end = read_header(stream).end
    # The same bits elsewhere, as behind the header of a picture of another size.
    moved = (int.from_bytes(stream, "little") << 3).to_bytes(len(stream) + 1, "little")
    assert read_profile(stream, end) == read_profile(moved, end + 3)
    start = time.thread_time()
    for _ in range(100):
        read_profile(moved, end + 3)
    assert time.thread_time() - start < 0.5
    changed = bytearray(stream)
    changed[128] ^= 0x10
    assert read_profile(bytes(changed), end) != read_profile(stream, end)
