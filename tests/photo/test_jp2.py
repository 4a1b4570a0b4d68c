"""JPEG 2000: white stays white at any depth, profiles are applied, metadata in its boxes is read."""

import io
import struct
from contextlib import suppress
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from photocull.photo.colours import P3, Colours
from photocull.photo.decode import load_full
from photocull.photo.deep import DeepImage
from photocull.photo.jp2 import open_jp2
from photocull.photo.primaries import profile_of
from tests.building import TURNS, draw
from tests.photo.exif_blocks import described
from tests.photo.jxl_files import box
from tests.photo.reading import opened, oriented, reason
from tests.photo.test_jxl import written

EXIF = b"JpgTiffExif->JP2"
XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def codestream(samples: NDArray[Any], bits: int | None = None) -> bytes:
    return bytes(imagecodecs.jpeg2k_encode(samples, level=0, codecformat="j2k", bitspersample=bits, reversible=True))


def jp2(samples: NDArray[Any], *boxes: bytes, colr: bytes = b"\1\0\0\0\0\0\x10", bits: int = 8) -> bytes:
    """A file with this box of colours and these behind the header."""
    size = struct.pack(">IIHBBBB", *samples.shape[:2], samples.shape[2], bits - 1, 7, 0, 0)
    header = box(b"jp2h", box(b"ihdr", size) + box(b"colr", colr))
    start = box(b"jP  ", b"\r\n\x87\n") + box(b"ftyp", b"jp2 \0\0\0\0jp2 ")
    return start + header + b"".join(boxes) + box(b"jp2c", codestream(samples, bits))


@pytest.mark.parametrize("bits", [9, 10, 12, 14, 16])
@pytest.mark.parametrize("form", [".jp2", ".j2k"])
def test_white_stays_white_at_any_depth(tmp_path: Path, bits: int, form: str) -> None:
    ramp = np.linspace(0, (1 << bits) - 1, 256).round().astype(np.uint16)
    samples = np.tile(ramp[:, None], (16, 1, 3))
    content = jp2(samples, bits=bits) if form == ".jp2" else codestream(samples, bits)
    shown = load_full(written(tmp_path / f"a{form}", content))[4, :, 1].astype(int)
    assert np.abs(shown - np.arange(256)).max() <= 1


@pytest.mark.parametrize("bits", [8, 16])
def test_a_profile_is_applied(tmp_path: Path, bits: int) -> None:
    red = np.full((20, 20, 3), (200, 60, 60), np.uint16)
    samples = red.astype(np.uint8) if bits == 8 else red * 257
    profile = profile_of(Colours(primaries=P3)) or b""
    path = written(tmp_path / "a.jp2", jp2(samples, colr=b"\2\0\0" + profile, bits=bits))
    assert np.abs(load_full(path)[9, 9].astype(int) - (217, 40, 53)).max() <= 2
    broken = opened(written(tmp_path / "b.jp2", jp2(samples, colr=b"\2\0\0rubbish", bits=bits)))
    assert len(broken.notes) == 1
    assert np.abs(broken.preview[9, 9].astype(int) - (200, 60, 60)).max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_and_xmp_in_boxes_are_read_and_the_picture_turned_once(tmp_path: Path, orientation: int) -> None:
    upright, tags = draw((60, 40)), oriented(orientation)
    tags[0x0110] = "Model 1"
    image = Image.fromarray(upright)
    stored = np.asarray(image.transpose(TURNS[orientation]) if orientation > 1 else image)
    facts = box(b"uuid", EXIF + tags.tobytes().removeprefix(b"Exif\0\0"))
    marks = box(b"uuid", XMP + described('xmp:Rating="4"'))
    result = opened(written(tmp_path / "a.jp2", jp2(stored, facts, marks)))
    assert (result.exif.camera, result.exif.rating) == ("Model 1", 4)
    assert (result.width, result.height) == (60, 40)
    assert np.array_equal(result.preview, upright)


def test_a_deep_file_that_is_cut_off_costs_a_sentence(tmp_path: Path) -> None:
    content = jp2(draw((60, 40)).astype(np.uint16) * 257, bits=16)
    for share in (0.1, 0.3, 0.6):
        assert reason(written(tmp_path / "a.jp2", content[: int(len(content) * share)])).endswith(".")


def test_what_is_no_plain_depth_is_left_to_pillow() -> None:
    deep = jp2(draw((60, 40)).astype(np.uint16) * 257, bits=16)
    assert isinstance(open_jp2(io.BytesIO(deep)), DeepImage)
    place = deep.index(b"\xff\x4f\xff\x51") + 42
    mixed = deep[: place + 3] + b"\x07" + deep[place + 4 :]
    signed = deep[:place] + b"\x8f\1\1\x8f\1\1\x8f\1\1" + deep[place + 9 :]
    other = jp2(draw((60, 40)).astype(np.uint16) * 257, bits=16, colr=b"\1\0\0\0\0\0\x12")
    for content in (jp2(draw((60, 40))), mixed, signed, other):
        assert not isinstance(open_jp2(io.BytesIO(content)), DeepImage)


@given(place=st.integers(12, 400), change=st.binary(min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_spoilt_boxes_raise_what_the_reader_expects(place: int, change: bytes) -> None:
    content = bytearray(jp2(draw((60, 40))[:8, :8].copy(), box(b"uuid", EXIF + bytes(20))))
    content[place : place + len(change)] = change
    with suppress(ValueError, SyntaxError, OSError):
        assert open_jp2(io.BytesIO(bytes(content))).size > (0, 0)
