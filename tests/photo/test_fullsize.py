"""A JPEG at full size by the short way, against the long one, pixel by pixel."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from photocull.core.types import Pixels
from photocull.photo import decode as decoding
from photocull.photo.decode import full_here, load_full, load_upper
from photocull.photo.fullsize import straight, turned
from photocull.photo.orientation import upright
from photocull.photo.source import open_source
from photocull.photo.view import open_view
from tests.building import draw


def saved(path: Path, picture: Image.Image, **options: object) -> Path:
    picture.save(path, "JPEG", quality=90, **options)
    return path


def short(path: Path) -> Pixels | None:
    with open_source(path) as source:
        return straight(open_view(source, develop=True))


def long(path: Path, monkeypatch: pytest.MonkeyPatch) -> Pixels:
    with monkeypatch.context() as patch:
        patch.setattr(decoding, "straight", lambda picture, upper: None)
        return full_here(path)


def exif(orientation: int) -> Image.Exif:
    made = Image.Exif()
    made[0x0112] = orientation
    return made


def narrow_profile() -> bytes:
    """A profile whose colours differ from sRGB's."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    changed = bytearray(lab)
    red, green = lab.index(b"rXYZ"), lab.index(b"gXYZ")
    changed[red + 4 : red + 8], changed[green + 4 : green + 8] = lab[green + 4 : green + 8], lab[red + 4 : red + 8]
    return bytes(changed)


PICTURE = Image.fromarray(draw((611, 403), seed=2))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_photos_come_out_as_by_the_long_way(
    orientation: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "a.jpg", PICTURE, exif=exif(orientation))
    found = short(path)
    assert found is not None
    assert found.flags.c_contiguous
    assert np.array_equal(found, long(path, monkeypatch))
    assert np.array_equal(turned(np.asarray(PICTURE), orientation), np.asarray(upright(PICTURE, orientation)))


@pytest.mark.parametrize(
    "options",
    [{"progressive": True}, {"subsampling": 0}, {"subsampling": 1}, {"restart_marker_rows": 1}, {"keep_rgb": True}],
    ids=str,
)
def test_every_coding_comes_out_as_by_the_long_way(
    options: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "a.jpg", PICTURE, **options)
    found = short(path)
    assert found is not None
    assert np.array_equal(found, long(path, monkeypatch))


@pytest.mark.parametrize("profile", [narrow_profile(), b"no profile"], ids=["another", "broken"])
def test_colours_come_out_as_by_the_long_way(profile: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path / "a.jpg", PICTURE, icc_profile=profile)
    plain = short(saved(tmp_path / "b.jpg", PICTURE))
    found = short(path)
    assert found is not None
    assert np.array_equal(found, long(path, monkeypatch))
    assert np.array_equal(found, plain) == (profile == b"no profile")


def test_what_is_cut_off_grey_or_another_format_takes_the_long_way(tmp_path: Path) -> None:
    whole = saved(tmp_path / "whole.jpg", PICTURE).read_bytes()
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    PICTURE.save(tmp_path / "a.png")
    grey = saved(tmp_path / "grey.jpg", PICTURE.convert("L"))
    cmyk = saved(tmp_path / "cmyk.jpg", PICTURE.convert("CMYK"))
    assert [short(path) for path in (cut, tmp_path / "a.png", grey, cmyk)] == [None] * 4
    assert full_here(cut).shape == full_here(grey).shape == full_here(cmyk).shape == (403, 611, 3)


def test_a_thumbnail_in_a_photo_that_is_cut_off_does_not_make_it_whole(tmp_path: Path) -> None:
    held = io.BytesIO()
    PICTURE.resize((80, 53)).save(held, "JPEG")
    whole = saved(tmp_path / "whole.jpg", PICTURE, comment=held.getvalue()).read_bytes()
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    assert short(tmp_path / "whole.jpg") is not None
    assert short(cut) is None


@pytest.mark.parametrize(
    "options",
    [{}, {"restart_marker_rows": 1}, {"icc_profile": narrow_profile()}],
    ids=["plain", "markers", "profile"],  # a profile's bytes hold the second it was made in
)
def test_upper_rows_are_those_of_the_whole_which_is_then_made_in_their_place(
    options: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "a.jpg", PICTURE, **options)
    whole = long(path, monkeypatch)
    upper = load_upper(path, 150)
    assert upper is not None
    assert upper.shape == whole.shape
    assert np.array_equal(upper[:150], whole[:150])
    filled = load_full(path, upper=upper)
    assert np.array_equal(filled, whole)
    # Another profile is applied in place: what is seen already must not lose it for a moment.
    assert np.shares_memory(filled, upper) == ("icc_profile" not in options)


def test_upper_rows_alone_are_not_had_of_what_is_turned_progressive_or_nearly_all_of_it(tmp_path: Path) -> None:
    PICTURE.save(tmp_path / "a.png")
    paths = [
        saved(tmp_path / "turned.jpg", PICTURE, exif=exif(6)),
        saved(tmp_path / "progressive.jpg", PICTURE, progressive=True),
        tmp_path / "a.png",
    ]
    assert [load_upper(path, 100) for path in paths] == [None] * 3
    assert load_upper(saved(tmp_path / "a.jpg", PICTURE), 400) is None


def test_upper_rows_of_another_file_are_left_alone(tmp_path: Path) -> None:
    other = load_upper(saved(tmp_path / "a.jpg", PICTURE), 100)
    smaller = saved(tmp_path / "b.jpg", PICTURE.resize((300, 200)))
    assert load_full(smaller, upper=other).shape == (200, 300, 3)
