"""The small picture that a camera puts into a JPEG's EXIF: for the grid before anything is judged, not for judging."""

import io
from contextlib import suppress
from typing import Final

from PIL import ExifTags, Image, JpegImagePlugin

from photocull.photo.picture import Picture
from photocull.photo.profile import to_8bit
from photocull.photo.quiet import quiet

_SHAPE_TOLERANCE: Final = 0.02
_MOST_PIXELS: Final = 4_000_000
"""An EXIF block has room for 64 KiB."""


def embedded_thumbnail(picture: Picture, side: int) -> Image.Image | None:
    """A JPEG's EXIF thumbnail as stored if it is at least ``side`` long and has the picture's shape, else None.

    A thumbnail of another shape is letterboxed, or was left behind by a program that cropped the picture.
    """
    exif = picture.image.info.get("exif")
    if picture.data is None or not isinstance(exif, bytes):
        return None
    # A broken thumbnail is none: decoders of hostile bytes raise nearly anything.
    with quiet(), suppress(Exception):
        thumbnail = JpegImagePlugin.JpegImageFile(io.BytesIO(_thumbnail_bytes(picture.image, exif)))
        width, height = thumbnail.size
        fits = max(width, height) >= side and width * height <= _MOST_PIXELS
        if fits and _same_shape((width, height), picture.image.size):
            thumbnail.load()
            return to_8bit(thumbnail)
    return None


def _thumbnail_bytes(image: Image.Image, exif: bytes) -> bytes:
    second = image.getexif().get_ifd(ExifTags.IFD.IFD1)
    start = int(second[ExifTags.Base.JpegIFOffset])
    return exif.removeprefix(b"Exif\x00\x00")[start : start + int(second[ExifTags.Base.JpegIFByteCount])]


def _same_shape(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return abs(one[0] * other[1] / (one[1] * other[0]) - 1) < _SHAPE_TOLERANCE
