"""A photo as a JPEG for sharing: at full size or made smaller, in sRGB, with its metadata, without, or made private."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageCms, ImageFile

from photocull.photo.decode import load_full
from photocull.picks.metadata import Metadata, metadata_of

QUALITY: Final = 92
_FINE: Final = 90
"""From this quality on, colours are kept at full resolution."""
_BESIDE: Final = 256 << 10
"""Bytes for all that a JPEG holds beside its pixels."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How pictures are converted.

    Attributes:
        side: longest side in pixels, never enlarged; None keeps the size. quality: 1..100 as libjpeg has it.
        metadata: what is written beside the pixels.
    """

    side: int | None = None
    quality: int = QUALITY
    metadata: Metadata = "keep"


def most_bytes(recipe: Recipe) -> int | None:
    """What no JPEG of this recipe goes beyond: a square of its longest side, uncompressed; None where size is kept."""
    return None if recipe.side is None else 3 * recipe.side**2 + _BESIDE


def jpeg_of(path: Path, recipe: Recipe) -> bytes:
    """The whole JPEG of a photo, upright and in sRGB; a RAW is developed if its preview is smaller than its picture.

    Raises:
        UnreadablePhotoError: with the reason in one sentence.
    """
    image = Image.fromarray(load_full(path))
    if recipe.side is not None and max(image.size) > recipe.side:
        factor = recipe.side / max(image.size)
        size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    found = metadata_of(path, image.size, recipe.metadata)
    options: dict[str, Any] = {"exif": found.exif, "xmp": found.xmp, "extra": found.iptc}
    options = {name: value for name, value in options.items() if value}
    try:
        with _room_for(image):
            return _saved(image, recipe, optimize=True, **options)
    except OSError:  # there was more noise yet; without the second pass libjpeg needs no room for the whole
        return _saved(image, recipe, **options)


@contextmanager
def _room_for(image: Image.Image) -> Iterator[None]:
    """Optimizing needs a buffer for the whole JPEG. Pillow's guess is a byte a pixel, which noise goes beyond."""
    usual = ImageFile.MAXBLOCK
    ImageFile.MAXBLOCK = max(usual, 4 * image.width * image.height)
    try:
        yield
    finally:
        ImageFile.MAXBLOCK = usual


def _saved(image: Image.Image, recipe: Recipe, **options: Any) -> bytes:
    written = io.BytesIO()
    subsampling = 0 if recipe.quality >= _FINE else 2
    image.save(written, "JPEG", quality=recipe.quality, subsampling=subsampling, icc_profile=_srgb(), **options)
    return written.getvalue()


def _srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
