"""Of a JPEG XL file that is cut off what is there is shown; pictures in four inks are shown in their colours."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imagecodecs import jpegxl_encode
from numpy.typing import NDArray
from PIL import Image

from photocull.core.types import Pixels
from photocull.photo.decode import load_full
from photocull.photo.jxl.container import contents_of
from photocull.photo.jxl.header import ALPHA, BLACK, read_header
from photocull.photo.jxl.icc import profile_end
from photocull.photo.jxl.inks import black_as_alpha
from photocull.photo.source import CUT_OFF, NOTHING_LEFT
from tests.building import draw
from tests.photo.jxl_files import codestream, inks, under_header, write_boxed
from tests.photo.reading import difference, opened, reason
from tests.photo.test_jxl import light, written

SHOWN = [(255, 0, 255), (0, 255, 255), (255, 255, 0), (0, 0, 0), (255, 255, 255), (118, 118, 118)]


def picture(size: tuple[int, int] = (700, 600)) -> Pixels:
    return draw(size, subject="street")


def half(stream: bytes) -> bytes:
    return stream[: len(stream) // 2]


def there(shown: Pixels) -> NDArray[np.bool_]:
    """Where something else than mid-grey is."""
    return np.asarray((np.abs(shown.astype(int) - 128) > 1).any(axis=2))


@pytest.mark.parametrize("form", ["bare", "boxed", "parts", "unwritten"])
def test_half_a_file_shows_what_is_there_with_a_note(tmp_path: Path, form: str) -> None:
    whole, path = picture(), tmp_path / "a.jxl"
    stream = codestream(whole)
    if form == "bare":
        path.write_bytes(half(stream))
    elif form == "unwritten":
        path.write_bytes(half(stream) + bytes(len(stream) // 2))
    else:
        boxed = write_boxed(path, stream, parts=3 if form == "parts" else 1).read_bytes()
        path.write_bytes(half(boxed))
    result = opened(path)
    assert result.notes == (CUT_OFF,)
    assert (result.width, result.height) == (700, 600)
    shown = load_full(path)
    seen = there(shown)
    assert 0.2 < seen.mean() < 0.8
    assert np.array_equal(shown[seen], whole[seen])
    assert np.array_equal(shown[:200, :200], whole[:200, :200])


def of_kind(kind: str) -> bytes:
    """The codestream of a picture with this kind of samples."""
    whole = picture()
    grey = np.asarray(Image.fromarray(whole).convert("L"))
    if kind == "deep":
        deep = (light(whole) * 65535).round().astype(np.uint16)
        return bytes(jpegxl_encode(deep, distance=0.5, effort=3, usecontainer=False))
    if kind == "spare channel":
        planes = np.stack([grey, 255 - grey[::-1]])
        return contents_of(bytes(jpegxl_encode(planes, lossless=True, photometric="gray", planar=True))).codestream()
    if kind == "turned":
        return under_header(np.rot90(whole), orientation=6)
    samples = {
        "float": light(whole) + np.random.default_rng(0).random(whole.shape, np.float32) / 2000,
        "grey": grey,
        "alpha": np.dstack([whole, np.full(grey.shape, 255, np.uint8)]),
        "grey and alpha": np.dstack([grey, picture((700, 600))[::-1, :, 1]]),
    }
    return codestream(samples[kind])


@pytest.mark.parametrize("kind", ["deep", "float", "grey", "alpha", "grey and alpha", "spare channel", "turned"])
def test_half_a_file_of_any_kind_of_sample_shows_its_half_beside_mid_grey(tmp_path: Path, kind: str) -> None:
    stream = of_kind(kind)
    whole, shown = (load_full(written(tmp_path / "a.jxl", content)) for content in (stream, half(stream)))
    seen = there(shown)
    assert shown.shape == whole.shape == (600, 700, 3)
    assert 0.1 < seen.mean() < 0.9
    assert np.array_equal(shown[seen], whole[seen])
    assert (np.abs(shown[~seen].astype(int) - 128) <= 1).all()


def test_of_a_lossy_file_that_is_cut_off_whole_pieces_are_shown(tmp_path: Path) -> None:
    whole = picture((1200, 900))
    stream = bytes(jpegxl_encode(whole, distance=1.5, effort=3, usecontainer=False))
    path = written(tmp_path / "a.jxl", stream[: len(stream) * 3 // 4])
    assert opened(path).notes == (CUT_OFF,)
    shown = load_full(path)
    seen = there(shown)
    assert seen.mean() > 0.3
    assert difference(shown[seen], whole[seen]) < 8


def test_where_nothing_of_the_picture_is_there_the_file_says_so(tmp_path: Path) -> None:
    small = codestream(picture((200, 160)))
    assert reason(written(tmp_path / "a.jxl", half(small))) == NOTHING_LEFT
    large = codestream(picture())
    assert reason(written(tmp_path / "b.jxl", large[:600])) == NOTHING_LEFT


def bars(path: Path) -> list[tuple[int, ...]]:
    return [tuple(int(value) for value in pixel) for pixel in load_full(path)[8, 4::8]]


@pytest.mark.parametrize(("alpha", "extras"), [(False, (BLACK,)), (True, (ALPHA, BLACK))])
def test_four_inks_are_shown_as_their_profile_says(tmp_path: Path, alpha: bool, extras: tuple[int, ...]) -> None:
    stream = inks(alpha=alpha)
    assert read_header(stream).extras == extras
    path = written(tmp_path / "a.jxl", stream)
    assert (opened(path).width, opened(path).height, opened(path).notes) == (48, 16, ())
    assert np.abs(np.subtract(bars(path), SHOWN)).max() <= 8


@pytest.mark.parametrize("alpha", [False, True])
def test_a_header_told_anew_says_the_same_of_all_else(alpha: bool) -> None:
    stream = inks(alpha=alpha)
    header = read_header(stream)
    end = profile_end(stream, header.end)
    told = black_as_alpha(stream, header, end)
    again = read_header(told)
    assert sorted(again.extras) == sorted(ALPHA if kind == BLACK else 16 for kind in header.extras)
    assert (again.width, again.height, again.bits, again.colours) == (48, 16, 8, header.colours)
    rest = (profile_end(told, again.end) + 7) // 8
    assert told[rest:] == stream[(end + 7) // 8 :]


def test_inks_without_a_profile_and_inks_cut_off_cost_one_sentence(tmp_path: Path) -> None:
    stream = inks()
    for length in (12, 60, 150, len(stream) - 20):
        sentence = reason(written(tmp_path / "a.jxl", stream[:length]))
        assert "damaged" in sentence or "cut off" in sentence


@given(place=st.integers(2, 230), change=st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_spoilt_inks_never_raise_what_is_no_value_error(place: int, change: int) -> None:
    stream = bytearray(inks())
    stream[place % len(stream)] ^= change
    try:
        header = read_header(bytes(stream))
        if BLACK in header.extras:
            black_as_alpha(bytes(stream), header, profile_end(bytes(stream), header.end))
    except ValueError:
        pass
