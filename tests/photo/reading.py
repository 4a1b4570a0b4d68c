"""What the tests of reading photos share: short words for opening, and large pictures that cost little."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photocull.core.errors import UnreadablePhotoError
from photocull.core.types import DecodedPhoto, Photo, Pixels
from photocull.photo.decode import decode
from tests.building import draw


def photo(path: Path, *partners: Path) -> Photo:
    return Photo(path, 0, 0, partners)


def opened(path: Path) -> DecodedPhoto:
    return decode(photo(path))


def reason(path: Path) -> str:
    with pytest.raises(UnreadablePhotoError) as caught:
        opened(path)
    assert caught.value.path == path
    return caught.value.sentence


def difference(one: Pixels, other: Pixels) -> float:
    assert one.shape == other.shape
    return float(np.abs(one.astype(float) - other).mean())


def save(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


@cache
def large(width: int, height: int, subject: str = "street", coarse: int = 4) -> Image.Image:
    """A sharp picture of any size at the cost of drawing a small one; blurred with ``coarse`` above 4."""
    small = Image.fromarray(draw((width // coarse, height // coarse), subject=subject))
    return small.resize((width, height), Image.Resampling.NEAREST if coarse == 4 else Image.Resampling.BICUBIC)


def oriented(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif
