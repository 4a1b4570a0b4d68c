"""The variants of formats that cameras, scanners and editors write: kinds of samples, inks, depths, sizes, profiles."""

import io
import zlib
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from photocull.core.types import Pixels
from photocull.photo.colours import Colours, Triangle
from photocull.photo.decode import load_full, load_preview
from photocull.photo.jxl.header import read_header
from photocull.photo.jxl.icc import read_profile
from photocull.photo.primaries import profile_of
from tests.building import TURNS, draw
from tests.photo.heic_files import turned_heic
from tests.photo.jxl_files import inks
from tests.photo.reading import difference, opened, oriented, save
from tests.photo.test_jxl import written

SIZE = (150, 100)
ADOBE: Triangle = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
PROPHOTO: Triangle = ((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001))
D50 = (0.3457, 0.3585)
Samples = NDArray[Any]


def picture() -> Pixels:
    return draw(SIZE, subject="flower")


def grey() -> Pixels:
    return np.asarray(Image.fromarray(picture()).convert("L"))


def cmyk() -> Pixels:
    return np.asarray(Image.fromarray(picture()).convert("CMYK"))


@pytest.mark.parametrize("kept", ["CMYK", "YCCK"])
def test_jpegs_in_four_inks_are_shown_however_they_are_kept(tmp_path: Path, kept: str) -> None:
    # As Adobe's programs write them: the largest number is no ink.
    content = imagecodecs.jpeg8_encode(255 - cmyk(), level=95, colorspace="CMYK", outcolorspace=kept)
    assert difference(load_full(written(tmp_path / "a.jpg", bytes(content))), picture()) < 3


@pytest.mark.parametrize(
    "options", [{"progressive": True}, {"arithmetic": True}, {"subsampling": 0}, {"subsampling": "4:2:2"}]
)
def test_every_coding_of_a_jpeg_is_shown(tmp_path: Path, options: dict[str, object]) -> None:
    path = save(tmp_path / "a.jpg", Image.fromarray(picture()), quality=95, **options)
    assert difference(load_full(path), picture()) < 3
    assert load_preview(path, 60).shape == (40, 60, 3)


def test_jpegs_that_are_rgb_grey_and_lossless_are_shown(tmp_path: Path) -> None:
    rgb = imagecodecs.jpeg8_encode(picture(), level=95, colorspace="RGB", outcolorspace="RGB")
    assert difference(load_full(written(tmp_path / "a.jpg", bytes(rgb))), picture()) < 3
    lossless = imagecodecs.jpeg8_encode(picture(), lossless=True)
    assert np.array_equal(load_full(written(tmp_path / "b.jpg", bytes(lossless))), picture())
    path = save(tmp_path / "c.jpg", Image.fromarray(grey()), quality=95)
    assert difference(load_full(path), np.dstack([grey()] * 3)) < 3


def test_a_jpeg_of_two_hundred_megapixels_is_opened(tmp_path: Path) -> None:
    image = Image.new("L", (16_320, 12_240), 90)
    image.paste(200, (0, 0, 8_160, 12_240))
    path = save(tmp_path / "a.jpg", image, quality=60)
    result = opened(path)
    assert (result.width, result.height) == (16_320, 12_240)
    assert np.abs(result.preview[500, [100, 1300], 0].astype(int) - (200, 90)).max() <= 2
    assert result.crops
    assert load_preview(path, 512).shape == (384, 512, 3)


def test_the_first_picture_of_a_multi_picture_file_is_shown_upright(tmp_path: Path) -> None:
    frames = [Image.fromarray(picture()).transpose(TURNS[6]), Image.new("RGB", (100, 150))]
    path = save(tmp_path / "a.mpo", frames[0], save_all=True, append_images=frames[1:], quality=95, exif=oriented(6))
    assert difference(load_full(path), picture()) < 3


DEEP = {
    "colours": (lambda: picture().astype(np.uint16) * 257, picture),
    "alpha": (lambda: np.dstack([picture(), np.full(grey().shape, 255)]).astype(np.uint16) * 257, picture),
    "grey": (lambda: grey().astype(np.uint16) * 257, lambda: np.dstack([grey()] * 3)),
    "grey and alpha": (
        lambda: np.dstack([grey(), np.full(grey().shape, 255)]).astype(np.uint16) * 257,
        lambda: np.dstack([grey()] * 3),
    ),
}


@pytest.mark.parametrize("kind", DEEP)
def test_sixteen_bits_of_every_kind_are_shown_from_png(tmp_path: Path, kind: str) -> None:
    samples, wanted = DEEP[kind]
    path = written(tmp_path / "a.png", bytes(imagecodecs.png_encode(samples())))
    assert difference(load_full(path), wanted()) < 0.6


@pytest.mark.parametrize("kind", DEEP)
@pytest.mark.parametrize("form", ["jp2", "j2k"])
def test_eight_and_sixteen_bits_of_every_kind_are_shown_from_jpeg_2000(tmp_path: Path, kind: str, form: str) -> None:
    samples, wanted = DEEP[kind]
    for given in (samples(), (samples() >> 8).astype(np.uint8)):
        content = imagecodecs.jpeg2k_encode(given, level=0, codecformat=form, reversible=True)
        assert difference(load_full(written(tmp_path / f"a.{form}", bytes(content))), wanted()) < 0.6
    twelve = imagecodecs.jpeg2k_encode(samples() >> 4, level=0, codecformat=form, bitspersample=12, reversible=True)
    assert difference(load_full(written(tmp_path / f"b.{form}", bytes(twelve))), wanted()) < 1.1


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_pngs_of_few_colours_are_shown(tmp_path: Path, bits: int) -> None:
    few = Image.fromarray(picture()).quantize(1 << bits)
    assert np.array_equal(load_full(save(tmp_path / "a.png", few, bits=bits)), np.asarray(few.convert("RGB")))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_png_whose_exif_lies_behind_the_pixels_is_turned_once(tmp_path: Path, orientation: int) -> None:
    image = Image.fromarray(picture())
    buffer = io.BytesIO()
    (image.transpose(TURNS[orientation]) if orientation > 1 else image).save(buffer, "PNG")
    body = oriented(orientation).tobytes().removeprefix(b"Exif\x00\x00")
    chunk = len(body).to_bytes(4) + b"eXIf" + body + zlib.crc32(b"eXIf" + body).to_bytes(4)
    end = buffer.getvalue().rindex(b"IEND") - 4
    path = written(tmp_path / "a.png", buffer.getvalue()[:end] + chunk + buffer.getvalue()[end:])
    result = opened(path)
    assert (result.width, result.height) == SIZE
    assert np.array_equal(result.preview, picture())
    assert np.array_equal(load_full(path), picture())


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_heic_is_turned_once_by_its_container(tmp_path: Path, orientation: int) -> None:
    stored = Image.fromarray(load_full(written(tmp_path / "a.heic", turned_heic(1))))
    assert stored.size == (96, 64)
    path = written(tmp_path / "b.heic", turned_heic(orientation))
    result = opened(path)
    shown = Image.fromarray(result.preview)
    assert (result.width, result.height) == shown.size == ((64, 96) if orientation >= 5 else (96, 64))
    as_stored = shown.transpose(TURNS[orientation]) if orientation > 1 else shown
    assert np.array_equal(np.asarray(as_stored), np.asarray(stored))
    assert np.array_equal(load_full(path), result.preview)
    assert result.exif.camera == "Model 1"


RED = (200, 60, 60)
PROFILES = {
    "Adobe RGB": (Colours(primaries=ADOBE), (230, 60, 60)),
    "ProPhoto": (Colours(white=D50, primaries=PROPHOTO), (255, 0, 57)),
}
"""With sRGB's curve, so that what they make of `RED` can be reckoned by hand from the primaries."""


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp", ".avif"])
def test_profiles_are_brought_to_srgb_from_every_format(tmp_path: Path, name: str, suffix: str) -> None:
    colours, wanted = PROFILES[name]
    lossy = {"quality": 95} if suffix in (".jpg", ".webp", ".avif") else {}
    path = save(tmp_path / f"a{suffix}", Image.new("RGB", (20, 20), RED), icc_profile=profile_of(colours), **lossy)
    result = opened(path)
    assert result.notes == ()
    assert np.abs(result.preview[9, 9].astype(int) - wanted).max() <= 6
    assert np.abs(load_full(path)[9, 9].astype(int) - wanted).max() <= 6


@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
def test_inks_are_shown_as_their_profile_says(tmp_path: Path, suffix: str) -> None:
    stream = inks()
    swapped = read_profile(stream, read_header(stream).end)  # cyan and magenta change places
    cyan = Image.new("CMYK", (20, 20), (255, 0, 0, 0))
    plain = load_full(save(tmp_path / f"a{suffix}", cyan))[9, 9].astype(int)
    shown = load_full(save(tmp_path / f"b{suffix}", cyan, icc_profile=swapped))[9, 9].astype(int)
    assert np.abs(plain - (0, 255, 255)).max() <= 4
    assert np.abs(shown - (255, 0, 255)).max() <= 8


def test_a_profile_for_inks_on_colours_is_a_note(tmp_path: Path) -> None:
    stream = inks()
    path = tmp_path / "a.jpg"
    result = opened(
        save(path, Image.new("RGB", (20, 20), RED), icc_profile=read_profile(stream, read_header(stream).end))
    )
    assert len(result.notes) == 1
    assert np.abs(result.preview[9, 9].astype(int) - RED).max() <= 4


def test_webp_lossless_lossy_with_alpha_and_of_many_pictures_are_shown(tmp_path: Path) -> None:
    image = Image.fromarray(picture())
    assert np.array_equal(load_full(save(tmp_path / "a.webp", image, lossless=True)), picture())
    assert difference(load_full(save(tmp_path / "b.webp", image.convert("RGBA"), quality=95)), picture()) < 3
    moving = save(tmp_path / "c.webp", image, save_all=True, append_images=[Image.new("RGB", SIZE)], lossless=True)
    assert np.array_equal(load_full(moving), picture())


@pytest.mark.slow
def test_avif_of_every_depth_grey_and_of_many_pictures_is_shown(tmp_path: Path) -> None:
    cases: dict[str, tuple[Samples, int, Pixels]] = {
        "ten": (picture().astype(np.uint16) * 4, 10, picture()),
        "twelve": (picture().astype(np.uint16) * 16, 12, picture()),
        "grey": (grey().astype(np.uint16) * 4, 10, np.dstack([grey()] * 3)),
        "many": (np.stack([picture(), 255 - picture()]), 8, picture()),
    }
    for name, (samples, bits, wanted) in cases.items():
        content = bytes(imagecodecs.avif_encode(samples, level=100, bitspersample=bits))
        assert difference(load_full(written(tmp_path / f"{name}.avif", content)), wanted) < 1.1, name
