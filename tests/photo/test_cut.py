"""Files in boxes and chunks that are cut off: what is there is shown and flagged, or they say that they are."""

import struct
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from photocull.core.types import Pixels
from photocull.photo.cutoff import ends_early
from photocull.photo.decode import load_full, load_preview
from photocull.photo.source import CUT_OFF, CUT_SHORT, NOTHING_LEFT
from photocull.photo.tiles import Missing, missing_of, places_of
from tests.building import TURNS, draw, make_photo
from tests.photo.heic_files import grid_heic, turned_heic
from tests.photo.jxl_files import box
from tests.photo.named_colours import heic
from tests.photo.reading import difference, opened, reason, save
from tests.photo.test_jxl import written


def stored(shown: Pixels, orientation: int) -> Pixels:
    return np.asarray(Image.fromarray(shown).transpose(TURNS[orientation])) if orientation > 1 else shown


@pytest.mark.parametrize("hidden", [True, False])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_tiles_of_a_heic_that_are_there_are_shown_and_the_others_mid_grey(
    tmp_path: Path, orientation: int, hidden: bool
) -> None:
    whole = grid_heic(4, 3, orientation=orientation, hidden=hidden)
    tile = len(whole) - whole.index(b"mdat") - 4
    complete = stored(load_full(written(tmp_path / "a.heic", whole)), orientation)
    assert complete.shape == (192, 384, 3)
    path = written(tmp_path / "b.heic", whole[: len(whole) - tile * 5 // 12 + 3])
    result = opened(path)
    assert result.notes == (CUT_OFF,)
    assert (result.width, result.height) == ((192, 384) if orientation >= 5 else (384, 192))
    shown = stored(result.preview, orientation)
    # Seven of twelve tiles: one row, and of the second row three.
    assert np.array_equal(shown[:64], complete[:64])
    assert np.array_equal(shown[64:128, :288], complete[64:128, :288])
    assert (shown[64:128, 288:] == 128).all()
    assert (shown[128:] == 128).all()
    assert np.array_equal(load_full(path), result.preview)
    assert load_preview(path, 96).shape[:2] == ((96, 48) if orientation >= 5 else (48, 96))


def test_a_heic_whose_exif_alone_is_missing_shows_all_of_its_picture(tmp_path: Path) -> None:
    whole = grid_heic(2, 2, spare=bytes(200))
    path = written(tmp_path / "a.heic", whole[:-150])
    result = opened(path)
    assert result.notes == (CUT_OFF,)
    assert np.array_equal(result.preview, load_full(written(tmp_path / "b.heic", grid_heic(2, 2))))


def test_where_too_little_is_there_a_file_says_so(tmp_path: Path) -> None:
    whole = grid_heic(2, 20)
    start = whole.index(b"mdat") + 4
    assert reason(written(tmp_path / "a.heic", whole[: start + 40])) == NOTHING_LEFT
    assert reason(written(tmp_path / "b.heic", whole[: start // 2])) == CUT_SHORT
    for content in (heic(), turned_heic(1)):
        assert reason(written(tmp_path / "c.heic", content[:-100])) == CUT_SHORT


@pytest.mark.parametrize("suffix", [".avif", ".jp2", ".j2k"])
def test_formats_that_cannot_be_shown_in_part_are_called_cut_off(tmp_path: Path, suffix: str) -> None:
    whole = save(tmp_path / f"a{suffix}", Image.fromarray(draw((300, 200)))).read_bytes()
    for share in (0.4, 0.9):
        assert reason(written(tmp_path / f"b{suffix}", whole[: int(len(whole) * share)])) == CUT_SHORT
    middle = len(whole) // 2
    damaged = whole[:middle] + bytes(200) + whole[middle + 200 :]
    assert not ends_early(damaged, "jpeg2000" if suffix != ".avif" else "avif")


@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 90}], ids=["lossless", "lossy"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_the_rows_of_a_webp_that_are_there_are_shown(tmp_path: Path, mode: str, options: dict[str, object]) -> None:
    image = Image.fromarray(draw((400, 300), subject="street"))
    path = save(tmp_path / "a.webp", image.convert(mode), exif=Image.Exif(), **options)
    whole, content = load_full(path), path.read_bytes()
    for share in (0.4, 0.8):
        result = opened(written(tmp_path / "b.webp", content[: int(len(content) * share)]))
        assert result.notes == (CUT_OFF,)
        assert (result.width, result.height) == (400, 300)
        rows = np.flatnonzero((result.preview != 128).any(axis=(1, 2)))[-1] + 1
        assert share / 3 < rows / 300 < 1
        # Rows at the edge are smoothed with those that came after.
        assert difference(result.preview[: rows - 20], whole[: rows - 20]) < 1
    assert reason(written(tmp_path / "c.webp", content[:60])) in (NOTHING_LEFT, CUT_SHORT)


def test_a_webp_that_lost_its_metadata_or_later_pictures_is_whole_and_flagged(tmp_path: Path) -> None:
    image = Image.fromarray(draw((60, 40)))
    with_exif = make_photo(tmp_path / "a.webp", size=(60, 40), orientation=1).read_bytes()
    result = opened(written(tmp_path / "b.webp", with_exif[:-10]))
    assert (result.notes, result.preview.shape) == ((CUT_OFF,), (40, 60, 3))
    moving = save(tmp_path / "c.webp", image, save_all=True, append_images=[image.rotate(180)] * 3, lossless=True)
    content = moving.read_bytes()
    cut = opened(written(tmp_path / "d.webp", content[: len(content) * 2 // 3]))
    assert cut.notes == (CUT_OFF,)
    assert np.array_equal(cut.preview, np.asarray(image))


def test_an_end_is_where_the_structure_says() -> None:
    boxes = box(b"ftyp", b"heic") + box(b"mdat", bytes(20))
    assert not ends_early(boxes, "heif")
    assert ends_early(boxes[:-1], "heif")
    assert not ends_early(boxes[:12] + b"\0\0\0\0mdat", "avif")
    assert ends_early(boxes[:12] + struct.pack(">I4sQ", 1, b"mdat", 1 << 40), "avif")
    assert not ends_early(boxes[:-1], "jpeg")
    assert not ends_early(b"RIFF\x05\0\0\0WEBP"[:12], "webp")
    assert ends_early(b"RIFF\xff\0\0\0WEBP", "webp")


def test_pieces_of_a_grid_and_others_are_told_apart() -> None:
    whole = grid_heic(3, 2)
    assert missing_of(whole) is None
    assert missing_of(whole[:-3]) == Missing(((192, 64, 288, 128),), 3)
    assert missing_of(heic()[:-3]) == Missing(None, 3)
    assert missing_of(b"") is None


@given(st.binary(max_size=200), st.integers(0, 700), st.binary(max_size=8))
@settings(max_examples=200, deadline=None)
def test_random_tables_are_survived(content: bytes, place: int, change: bytes) -> None:
    grid = bytearray(grid_heic(2, 2))
    grid[place : place + len(change)] = change
    for data in (content, bytes(grid), bytes(grid[:-40]), box(b"meta", bytes(4) + box(b"iloc", content))):
        missing = missing_of(data)
        assert missing is None or missing.bytes > 0
        for kind in ("heif", "avif", "jpeg2000", "webp"):
            assert ends_early(data, kind) in (True, False)  # type: ignore[arg-type]  # each is a Kind


def test_a_table_of_a_million_pieces_ends_at_once() -> None:
    start = time.thread_time()
    assert places_of(b"\2\0\0\0\0\0" + b"\xff\xff\xff\xff" + bytes(200_000))
    assert places_of(b"\0\0\0\0\0\0" + b"\xff\xff" + (b"\0\1\0\0\xff\xff" * 20_000)) == {}
    assert len(places_of(b"\0\0\0\0\0\0" + b"\xff\xff" + (b"\0\1\0\0\x00\xff" * 20_000))) == 1
    assert time.thread_time() - start < 2
