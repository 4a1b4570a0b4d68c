"""Large thumbnails that cameras append to a JPEG: found, for the grid alone, and harmless where they are broken."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from photocull.cli.drawing import listed
from photocull.photo.decode import load_full, load_preview
from photocull.photo.multipicture import large_thumbnails
from tests.photo.reading import opened, oriented

RED, BLUE = (200, 0, 0), (0, 0, 200)


def jpeg_with(
    thumbnail: Image.Image, size: tuple[int, int] = (1200, 800), kind: int = 0x010002, **more: object
) -> bytes:
    """A red JPEG that lists a second picture of this kind."""
    return listed(Image.new("RGB", size, RED), thumbnail, kind, **more)


def blue(width: int, height: int) -> Image.Image:
    return Image.new("RGB", (width, height), BLUE)


def is_blue(path: Path, side: int) -> bool:
    return bool(load_preview(path, side)[20, 20, 2] > 150)


def test_a_large_thumbnail_is_found_as_the_camera_wrote_it() -> None:
    (content,) = large_thumbnails(jpeg_with(blue(600, 400)))
    assert Image.open(io.BytesIO(content)).size == (600, 400)


@pytest.mark.parametrize("kind", [0x020001, 0x020002, 0x030000, 0x000000])
def test_other_pictures_of_a_file_are_no_thumbnails(kind: int) -> None:
    assert list(large_thumbnails(jpeg_with(blue(600, 400), kind=kind))) == []


def test_it_serves_the_grid_and_never_the_judgement_or_the_full_size(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg_with(blue(600, 400)))
    assert is_blue(path, 384)
    assert load_preview(path, 384).shape == (256, 384, 3)
    assert not is_blue(path, 700), "too small for this"
    assert opened(path).preview[20, 20, 0] > 150
    assert load_full(path)[20, 20, 0] > 150


def test_one_of_another_shape_is_let_be(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg_with(blue(640, 480)))
    assert not is_blue(path, 384)


def test_it_is_turned_as_the_photo_is(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg_with(blue(600, 400), exif=oriented(6)))
    assert is_blue(path, 300)
    assert load_preview(path, 300).shape == (300, 200, 3)


@given(place=st.integers(0, 400), change=st.binary(min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_a_broken_index_costs_the_thumbnail_alone(place: int, change: bytes) -> None:
    content = bytearray(jpeg_with(blue(300, 200), size=(600, 400)))
    content[place : place + len(change)] = change
    assert len(list(large_thumbnails(bytes(content)))) <= 32


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_a_fault(content: bytes) -> None:
    for start in (b"", b"\xff\xd8", b"\xff\xd8\xff\xe2\x01\x00MPF\x00II*\x00"):
        list(large_thumbnails(start + content))
