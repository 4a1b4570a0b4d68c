"""What tests stand on must itself be sure: drawn photos are the same every time and carry what was asked for."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from photocull.core.types import Exif
from tests.building import SUBJECTS, draw, make_folder, make_photo


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_picture_is_the_same_every_time_and_another_with_another_seed(subject: str) -> None:
    first, again, other = (draw((64, 48), seed=seed, subject=subject) for seed in (3, 3, 4))
    assert first.shape == (48, 64, 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_is_upright_again_for_who_minds_the_tag(tmp_path: Path, orientation: int) -> None:
    path = make_photo(tmp_path / "a.png", size=(60, 40), subject="meadow", orientation=orientation)
    with Image.open(path) as picture:
        upright = ImageOps.exif_transpose(picture)
        assert np.array_equal(np.asarray(upright), draw((60, 40), subject="meadow"))


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp", ".avif"])
def test_every_format_keeps_its_exif(tmp_path: Path, suffix: str) -> None:
    path = make_photo(tmp_path / f"a{suffix}", size=(64, 48), exif=Exif(camera="Nikon Z 6", iso=400))
    with Image.open(path) as picture:
        tags = picture.getexif()
        assert (tags[0x0110], tags.get_ifd(0x8769)[0x8827]) == ("Nikon Z 6", 400)


def test_blur_and_stops_do_what_they_say() -> None:
    plain, blurred, dark = draw(seed=2), draw(seed=2, blur=4), draw(seed=2, stops=-2)
    assert np.abs(np.diff(blurred.astype(float), axis=1)).mean() < np.abs(np.diff(plain.astype(float), axis=1)).mean()
    assert dark.mean() < 0.7 * plain.mean()


def test_a_folder_is_taken_photo_after_photo(tmp_path: Path) -> None:
    made = make_folder(tmp_path / "shoot", 3, size=(32, 24), start=datetime(2024, 5, 1, 10))
    assert [path.name for path in made] == ["IMG_0001.jpg", "IMG_0002.jpg", "IMG_0003.jpg"]
    with Image.open(made[2]) as picture:
        assert picture.getexif().get_ifd(0x8769)[0x9003] == "2024:05:01 10:02:00"
