"""The grid's picture before anything is judged comes from the fastest source that is true."""

import io
from pathlib import Path

import pytest
from PIL import Image

from photocull.photo.decode import load_preview
from tests.photo.reading import large, opened, oriented, save


def _exif_with_thumbnail(thumbnail: Image.Image) -> bytes:
    jpeg = io.BytesIO()
    thumbnail.save(jpeg, "JPEG")
    content = jpeg.getvalue()
    first = b"\x01\x00" + b"\x12\x01\x03\x00\x01\x00\x00\x00\x01\x00\x00\x00" + (26).to_bytes(4, "little")
    start = 26 + 2 + 24 + 4
    second = (
        b"\x02\x00"
        + b"\x01\x02\x04\x00\x01\x00\x00\x00" + start.to_bytes(4, "little")
        + b"\x02\x02\x04\x00\x01\x00\x00\x00" + len(content).to_bytes(4, "little")
        + bytes(4)
    )  # fmt: skip
    return b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + first + second + content


@pytest.mark.parametrize("side", [64, 512, 2000])
def test_the_side_bounds_the_preview(tmp_path: Path, side: int) -> None:
    preview = load_preview(save(tmp_path / "a.jpg", large(1600, 1200), exif=oriented(6)), side)
    assert preview.shape == ((side, side * 3 // 4, 3) if side < 1600 else (1600, 1200, 3))


def test_a_thumbnail_of_the_same_shape_is_used_and_another_is_not(tmp_path: Path) -> None:
    blue = Image.new("RGB", (160, 120), "blue")
    photo_pixels = Image.new("RGB", (640, 480), "red")
    for name, thumbnail, is_blue in (
        ("a.jpg", blue, True),
        ("b.jpg", blue.resize((160, 160)), False),
    ):
        path = save(tmp_path / name, photo_pixels, exif=_exif_with_thumbnail(thumbnail))
        assert (load_preview(path, 150)[60, 60, 2] > 200) == is_blue
        assert load_preview(path, 512)[60, 60, 0] > 200
        assert opened(path).preview[60, 60, 0] > 200


def test_a_broken_thumbnail_does_not_matter(tmp_path: Path) -> None:
    exif = bytearray(_exif_with_thumbnail(Image.new("RGB", (160, 120))))
    exif[-900:] = bytes(900)
    path = save(tmp_path / "a.jpg", Image.new("RGB", (640, 480), "red"), exif=bytes(exif))
    assert load_preview(path, 150).shape == (112, 150, 3)
