"""Every mode and colour profile comes to 8-bit sRGB."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from tests.building import draw, make_photo
from tests.photo.reading import difference, opened, save


def test_sixteen_bits_show_as_eight(tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (32, 1))
    for suffix in (".png", ".tif"):
        shown = opened(save(tmp_path / f"a{suffix}", Image.fromarray(ramp))).preview
        assert np.abs(shown[0, :, 0].astype(int) - np.arange(256)).max() <= 1


@pytest.mark.parametrize("white", [1.0, 255.0, 65535.0])
def test_floats_show_between_black_and_white(tmp_path: Path, white: float) -> None:
    ramp = np.tile(np.linspace(0, white, 256, dtype=np.float32), (32, 1))
    ramp[0, 0] = np.nan
    shown = opened(save(tmp_path / "a.tif", Image.fromarray(ramp))).preview
    assert np.abs(shown[1, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_transparency_shows_mid_grey(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    for name, image in {"a.png": clear, "b.webp": clear, "c.png": clear.convert("LA")}.items():
        assert (opened(save(tmp_path / name, image)).preview == 128).all()
    palette = clear.convert("RGB").quantize(4)
    assert (opened(save(tmp_path / "p.png", palette, transparency=0)).preview[0, 0] == 128).all()


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "LAB", "I;16", "LA", "RGBA"])
def test_every_mode_of_tiff_is_shown(tmp_path: Path, mode: str) -> None:
    picture = Image.fromarray(draw((64, 48), subject="meadow"))
    if mode == "LAB":
        lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
        stored = ImageCms.applyTransform(picture, lab)
    elif mode == "I;16":
        stored = Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)
    else:
        stored = picture.convert(mode)
    assert stored is not None
    shown = opened(save(tmp_path / "a.tif", stored)).preview
    grey = mode in ("1", "L", "I;16", "LA")
    wanted = picture.convert("L").convert("RGB") if grey else picture
    assert abs(float(shown.mean()) - float(np.asarray(wanted).mean())) < 8


def test_cmyk_jpegs_show_their_colours(tmp_path: Path) -> None:
    red = Image.new("RGB", (40, 40), (220, 30, 30)).convert("CMYK")
    shown = opened(save(tmp_path / "a.jpg", red)).preview[20, 20]
    assert shown[0] > 180
    assert shown[1] < 90


def test_only_the_first_of_many_pictures_is_shown(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("white", "black")]
    for name in ("a.gif", "b.webp", "c.tif", "d.mpo"):
        path = save(tmp_path / name, frames[0], save_all=True, append_images=frames[1:])
        assert opened(path).preview.min() > 250


def test_a_wide_profile_is_converted(tmp_path: Path, shared: Path) -> None:
    wide = opened(shared / "data/photos/jpeg_progressive/made__progressive.jpg").preview
    narrow = opened(shared / "data/photos/jpeg_icc/made__sRGB_of_the_same.jpg").preview
    assert difference(wide, narrow) < 1


def test_a_grey_profile_on_a_grey_photo(shared: Path) -> None:
    deep = opened(shared / "data/photos/jxl/kimageformats__chicken16.png").preview
    assert difference(deep, opened(shared / "data/photos/jxl/kimageformats__chicken8.png").preview) < 1


def test_srgb_itself_changes_nothing(tmp_path: Path) -> None:
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    with_profile = opened(make_photo(tmp_path / "a.png", icc=icc))
    assert np.array_equal(with_profile.preview, opened(make_photo(tmp_path / "b.png")).preview)
    assert with_profile.notes == ()


def test_a_profile_that_swaps_channels_is_followed(tmp_path: Path) -> None:
    srgb = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    table = {bytes(srgb[i : i + 4]): i for i in range(132, 132 + 12 * int.from_bytes(srgb[128:132]), 12)}
    red, blue = table[b"rXYZ"], table[b"bXYZ"]
    srgb[red + 4 : red + 12], srgb[blue + 4 : blue + 12] = srgb[blue + 4 : blue + 12], srgb[red + 4 : red + 12]
    path = save(tmp_path / "a.png", Image.new("RGB", (8, 8), (255, 0, 0)), icc_profile=bytes(srgb))
    assert opened(path).preview[0, 0, 2] > 240


@pytest.mark.parametrize("icc", [b"rubbish", bytes(128), b"x" * 5000])
def test_a_broken_profile_is_a_note(tmp_path: Path, icc: bytes) -> None:
    result = opened(make_photo(tmp_path / "a.jpg", icc=icc))
    assert difference(result.preview, opened(make_photo(tmp_path / "b.jpg")).preview) == 0
    assert len(result.notes) == 1
    assert "profile" in result.notes[0]
