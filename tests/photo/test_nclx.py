"""HEIF and AVIF that name their colours by numbers: HDR is toned down as in JPEG XL, wide colours come to sRGB."""

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageCms

from photocull.core.types import Pixels
from photocull.photo.colours import BT2020, D65, HLG, P3, PQ, SRGB_CURVE, Colours
from photocull.photo.decode import load_full, load_preview
from photocull.photo.nclx import bits_of, named_colours
from tests.building import TURNS, draw
from tests.photo.jxl_files import box, under_header
from tests.photo.named_colours import avif, deep_avif, heic, ramp
from tests.photo.reading import difference, opened, oriented
from tests.photo.test_boxes import heic as index_of
from tests.photo.test_jxl import written

AVIF_IN_10_BITS = ramp()


def shown(tmp_path: Path, content: bytes, suffix: str = ".avif") -> Pixels:
    return load_full(written(tmp_path / f"a{suffix}", content))


def as_jxl(tmp_path: Path, samples: NDArray[np.uint16], transfer: int, primaries: int, nits: float = 1000.0) -> Pixels:
    return shown(tmp_path, under_header(samples, 10, transfer=transfer, primaries=primaries, nits=nits), ".jxl")


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_hdr_is_toned_down_as_in_jpeg_xl(tmp_path: Path, transfer: int) -> None:
    wanted = as_jxl(tmp_path, ramp(), transfer, 9)
    assert np.array_equal(shown(tmp_path, deep_avif(ramp(), 9, transfer)), wanted)
    assert difference(shown(tmp_path, heic(9, transfer), ".heic"), wanted) < 1


@pytest.mark.parametrize(("transfer", "paper"), [(PQ, 0.58), (HLG, 0.75)])
@pytest.mark.parametrize("suffix", [".avif", ".heic"])
def test_hdr_shows_paper_white_bright_and_what_is_above_without_clipping(
    tmp_path: Path, suffix: str, transfer: int, paper: float
) -> None:
    content = heic(9, transfer) if suffix == ".heic" else deep_avif(ramp(), 9, transfer)
    result = opened(written(tmp_path / f"a{suffix}", content))
    assert (result.width, result.height, result.notes) == (64, 16, ())
    row = result.preview[4, :, 1].astype(int)
    assert (np.diff(row) >= -1).all()
    assert row[0] <= 1
    assert 225 < row[round(63 * paper)] < 245
    assert len(set(row[round(63 * paper) :])) > 5


def test_hdr_in_12_bits_without_a_colour_and_with_an_alpha_is_shown(tmp_path: Path) -> None:
    wanted = as_jxl(tmp_path, ramp(), PQ, 9)
    deeper = np.round(ramp() * (4095 / 1023)).astype(np.uint16)
    assert difference(shown(tmp_path, deep_avif(deeper, bits=12)), wanted) < 0.2
    grey = ramp()[:8, :, 0]
    assert difference(shown(tmp_path, deep_avif(grey)), wanted[:8]) < 0.5
    clear = np.dstack([ramp(), np.full((16, 64), 1023, np.uint16)])
    clear[:, 32:, 3] = 0
    over = shown(tmp_path, deep_avif(clear))
    assert difference(over[:, :32], wanted[:, :32]) < 1
    assert (over[:, 32:] == 128).all()


def test_half_of_an_alpha_is_half_whatever_curve_the_colours_have(tmp_path: Path) -> None:
    half = np.dstack([np.zeros((16, 16, 3), np.uint16), np.full((16, 16), 512, np.uint16)])
    assert np.abs(shown(tmp_path, deep_avif(half, 9, PQ)).astype(int) - 64).max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_hdr_is_turned_once(tmp_path: Path, orientation: int) -> None:
    upright = Image.fromarray(draw((96, 64), seed=1, subject="street"))
    stored = upright.transpose(TURNS[orientation]) if orientation > 1 else upright
    plain = written(tmp_path / "plain.avif", avif(upright, 9, PQ))
    turned = written(tmp_path / "turned.avif", avif(stored, 9, PQ, exif=oriented(orientation).tobytes()))
    assert difference(load_full(turned), load_full(plain)) < 4
    assert (opened(turned).width, opened(turned).height) == (96, 64)
    assert load_preview(turned, 48).shape == (32, 48, 3)


def test_wide_colours_that_a_file_names_are_brought_to_srgb(tmp_path: Path) -> None:
    red = Image.new("RGB", (20, 20), (200, 60, 60))
    wanted = {1: (200, 60, 60), 12: (217, 40, 53), 9: (247, 0, 53)}
    for primaries, pixel in wanted.items():
        assert np.abs(shown(tmp_path, avif(red, primaries))[9, 9].astype(int) - pixel).max() <= 6, primaries
    p3 = shown(tmp_path, heic(12, SRGB_CURVE), ".heic")
    assert difference(p3, as_jxl(tmp_path, ramp(), SRGB_CURVE, 11, 255.0)) < 1
    assert difference(p3[:8], shown(tmp_path, heic(1, SRGB_CURVE), ".heic")[:8]) < 0.5, "grey stays as it is"


@pytest.mark.parametrize("curve", [1, 2, 6, 14, 15])
def test_videos_curves_and_unnamed_ones_are_shown_as_srgb(tmp_path: Path, curve: int) -> None:
    picture = Image.fromarray(draw((60, 40)))
    assert np.array_equal(shown(tmp_path, avif(picture, 1, curve)), shown(tmp_path, avif(picture)))


@pytest.mark.parametrize(("curve", "middle"), [(8, 188), (4, 128), (17, 113)])
def test_other_curves_that_a_file_names_are_followed(tmp_path: Path, curve: int, middle: int) -> None:
    half = Image.new("RGB", (20, 20), (128, 128, 128))
    assert abs(int(shown(tmp_path, avif(half, 1, curve))[9, 9, 1]) - middle) <= 2


def test_a_profile_holds_against_numbers_but_not_against_hdr(tmp_path: Path) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red = Image.new("RGB", (20, 20), (200, 60, 60))
    assert np.abs(shown(tmp_path, avif(red, 12, icc_profile=srgb))[9, 9].astype(int) - (200, 60, 60)).max() <= 4
    hdr = shown(tmp_path, avif(red, 9, PQ))
    assert np.array_equal(shown(tmp_path, avif(red, 9, PQ, icc_profile=srgb)), hdr)
    assert hdr[9, 9, 0] > 220


def test_numbers_are_those_of_the_main_picture_or_of_its_parts() -> None:
    wide, narrow = b"nclx" + struct.pack(">HHHB", 9, 16, 9, 128), b"nclx" + struct.pack(">HHHB", 1, 13, 6, 128)
    named = index_of(box(b"colr", wide), box(b"pixi", b"\0\0\0\0\3\x0a\x0a\x0a"))
    assert named_colours(named) == Colours(white=D65, primaries=BT2020, transfer=PQ)
    assert bits_of(named) == 10
    # Of the item 1, a thumbnail, nothing is said.
    assert named_colours(index_of(box(b"colr", wide), item=1)) is None
    assert named_colours(index_of(box(b"colr", b"prof" + bytes(30)), box(b"colr", narrow))) == Colours()
    assert named_colours(index_of(box(b"colr", b"nclx\0"))) is None
    assert named_colours(index_of(box(b"colr", b"nclx" + struct.pack(">HHHB", 12, 13, 6, 0)))) == Colours(primaries=P3)


@pytest.mark.parametrize("wide", [False, True])
def test_a_picture_of_tiles_has_the_colours_of_its_tiles(wide: bool) -> None:
    number = ">I" if wide else ">H"
    parts = struct.pack(number, 1) + struct.pack(">H", 2) + struct.pack(number, 2) + struct.pack(number, 3)
    grid = box(b"iref", (b"\1" if wide else b"\0") + bytes(3) + box(b"dimg", parts))
    tiles = index_of(box(b"colr", b"nclx" + struct.pack(">HHHB", 9, 18, 9, 0)), box(b"av1C", b"\x81\4\x60"), item=1)
    place = tiles.index(b"meta") + 8
    content = tiles[place:] + grid
    joined = box(b"ftyp", b"avif") + box(b"meta", bytes(4) + content)
    assert named_colours(joined) == Colours(primaries=BT2020, transfer=HLG)
    assert bits_of(joined) == 12


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_random_boxes_name_some_colours_or_none(content: bytes) -> None:
    colours = box(b"colr", b"nclx" + content)
    for data in (content, box(b"meta", bytes(4) + content), index_of(colours), index_of(colours, item=1)):
        assert isinstance(named_colours(data), Colours | None)
        assert isinstance(bits_of(data + box(b"iref", content)), int)
