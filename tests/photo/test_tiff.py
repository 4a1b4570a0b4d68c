"""TIFF of every kind of sample: deep, in floats, plane by plane, in tiles, with alpha, of many pages; upright once."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from photocull.core.errors import UnreadablePhotoError
from photocull.core.types import Pixels
from photocull.photo.colours import P3, Colours
from photocull.photo.decode import load_full
from photocull.photo.primaries import profile_of
from photocull.photo.profile import BROKEN_PROFILE
from tests.building import TURNS, draw
from tests.photo.reading import difference, opened, reason
from tests.photo.test_jxl import light, written
from tests.photo.test_raw import dng
from tests.photo.tiff_files import tiff

SIZE = (150, 100)
DEPTHS = ["uint8", "uint16", "uint32", "float16", "float32", "float64"]


def picture() -> Pixels:
    return draw(SIZE, subject="flower")


def grey() -> Pixels:
    return np.asarray(Image.fromarray(picture()).convert("L"))


def as_depth(pixels: Pixels, depth: str) -> NDArray[Any]:
    """The same picture in other numbers."""
    kind = np.dtype(depth)
    if kind.kind == "f":
        return (pixels / 255).astype(kind)
    top = float(np.iinfo(kind).max)
    return np.round(pixels / 255 * top).astype(kind)


def shown(tmp_path: Path, content: bytes) -> Pixels:
    return load_full(written(tmp_path / "a.tif", content))


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("layout", ["strips", "tiles", "planes", "planes in tiles"])
def test_colours_of_every_depth_and_layout_are_shown(tmp_path: Path, depth: str, layout: str) -> None:
    content = tiff(as_depth(picture(), depth), planar="planes" in layout, tile=64 if "tiles" in layout else 0)
    assert difference(shown(tmp_path, content), picture()) < 0.6


@pytest.mark.parametrize("depth", [*DEPTHS, "int16", "int32"])
@pytest.mark.parametrize("tile", [0, 32])
def test_grey_of_every_depth_is_shown(tmp_path: Path, depth: str, tile: int) -> None:
    content = tiff(as_depth(grey(), depth), photometric=1, tile=tile)
    assert difference(shown(tmp_path, content), np.dstack([grey()] * 3)) < 0.6


@pytest.mark.parametrize("depth", ["uint8", "uint16", "float32"])
def test_grey_that_counts_from_white_is_no_negative(tmp_path: Path, depth: str) -> None:
    content = tiff(as_depth(255 - grey(), depth), photometric=0)
    assert difference(shown(tmp_path, content), np.dstack([grey()] * 3)) < 0.6


@pytest.mark.parametrize("depth", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("meant", [1, 2])
def test_an_alpha_shows_mid_grey_behind(tmp_path: Path, depth: str, meant: int) -> None:
    alpha = np.full((100, 150, 1), 255, np.uint8)
    alpha[:, 75:] = 0
    colours = picture() * (alpha == 255) if meant == 1 else picture()
    result = shown(tmp_path, tiff(as_depth(np.dstack([colours, alpha]), depth), extra=meant))
    assert difference(result[:, :75], picture()[:, :75]) < 1
    assert (result[:, 75:] == 128).all()


@pytest.mark.parametrize("depth", ["uint8", "uint16"])
def test_grey_with_an_alpha_and_a_channel_that_means_nothing_are_shown(tmp_path: Path, depth: str) -> None:
    opaque = np.full((100, 150), 255, np.uint8)
    content = tiff(as_depth(np.dstack([grey(), opaque]), depth), photometric=1, extra=2)
    assert difference(shown(tmp_path, content), np.dstack([grey()] * 3)) < 1
    content = tiff(as_depth(np.dstack([picture(), opaque // 3]), depth), extra=0)
    assert difference(shown(tmp_path, content), picture()) < 1


@pytest.mark.parametrize("depth", ["uint8", "uint16"])
def test_four_inks_of_every_depth_are_shown(tmp_path: Path, depth: str) -> None:
    inks = np.asarray(Image.fromarray(picture()).convert("CMYK"))
    assert difference(shown(tmp_path, tiff(as_depth(inks, depth), photometric=5)), picture()) < 1


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("depth", ["uint16", "float32"])
def test_deep_pictures_are_turned_once(tmp_path: Path, orientation: int, depth: str) -> None:
    image = Image.fromarray(picture())
    stored = np.asarray(image.transpose(TURNS[orientation]) if orientation > 1 else image)
    path = written(tmp_path / "a.tif", tiff(as_depth(stored, depth), orientation=orientation, planar=True))
    result = opened(path)
    assert (result.width, result.height) == SIZE
    assert difference(result.preview, picture()) < 1
    assert difference(load_full(path), picture()) < 1


def test_a_few_lights_above_white_leave_the_rest_as_it_is(tmp_path: Path) -> None:
    hdr = (picture() / 255).astype(np.float32)
    hdr[:3, :3] = 40.0
    result = shown(tmp_path, tiff(hdr))
    assert difference(result[5:], picture()[5:]) < 0.6
    assert (result[:3, :3] == 255).all()
    hdr[50, 50] = np.nan
    assert (shown(tmp_path, tiff(hdr))[50, 50] == 0).all()


def test_floats_of_a_profile_keep_their_shadows(tmp_path: Path) -> None:
    ramp = np.tile(np.arange(256, dtype=np.uint8)[:, None], (8, 1, 3))
    linear = bytearray(profile_of(Colours(primaries=P3)) or b"")
    # The same primaries with light itself instead of a curve: a 'curv' without numbers.
    while (place := linear.find(b"para")) >= 0:
        linear[place : place + 12] = b"curv" + bytes(8)
    plain = shown(tmp_path, tiff(light(ramp), icc=bytes(linear)))
    assert np.abs(plain[0, :, 1].astype(int) - np.arange(256)).max() <= 1
    red = np.full((8, 8, 3), (200, 60, 60), np.uint8)
    wide = shown(tmp_path, tiff(light(red), icc=bytes(linear)))
    assert np.abs(wide[4, 4].astype(int) - (217, 40, 53)).max() <= 2


def test_a_broken_profile_on_floats_is_a_note(tmp_path: Path) -> None:
    result = opened(written(tmp_path / "a.tif", tiff(as_depth(picture(), "float32"), icc=b"rubbish" * 20)))
    assert result.notes == (BROKEN_PROFILE,)
    assert difference(result.preview, picture()) < 0.6


@pytest.mark.parametrize("depth", ["uint8", "float32"])
def test_of_many_pages_the_first_is_shown(tmp_path: Path, depth: str) -> None:
    content = tiff(as_depth(picture(), depth), as_depth(255 - picture(), depth))
    assert difference(shown(tmp_path, content), picture()) < 0.6


def test_a_page_that_is_only_a_thumbnail_is_passed_over(tmp_path: Path) -> None:
    small = np.ascontiguousarray(picture()[::4, ::4])
    path = written(tmp_path / "a.tif", tiff(small, small, picture(), thumbnails=2))
    assert (opened(path).width, opened(path).height) == SIZE
    assert np.array_equal(load_full(path), picture())
    alone = written(tmp_path / "b.tif", tiff(small, thumbnails=1))
    assert np.array_equal(load_full(alone), small)


def test_a_raw_without_preview_under_a_tiffs_name_is_developed(tmp_path: Path) -> None:
    assert opened(written(tmp_path / "a.tif", dng((640, 480)))).width == 640


def test_a_deep_picture_that_is_cut_off_or_too_large_costs_a_sentence(tmp_path: Path) -> None:
    whole = tiff(as_depth(picture(), "float32"))
    assert reason(written(tmp_path / "a.tif", whole[:-40])).endswith(".")
    big = tiff(as_depth(picture(), "float32"), more={256: (4, [40_000]), 257: (4, [30_000])})
    assert "1,200 megapixels" in reason(written(tmp_path / "b.tif", big))
    assert reason(written(tmp_path / "c.tif", tiff(as_depth(picture(), "float32"), more={256: (4, [0])}))).endswith(".")


@given(place=st.integers(0, 45_400), change=st.binary(min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_spoilt_deep_pictures_are_survived(place: int, change: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    content = bytearray(tiff(as_depth(picture(), "uint16"), planar=True))
    content[place % len(content) : place % len(content) + len(change)] = change
    path = written(tmp_path_factory.mktemp("spoilt") / "a.tif", bytes(content))
    with suppress(UnreadablePhotoError):
        assert load_full(path).ndim == 3
