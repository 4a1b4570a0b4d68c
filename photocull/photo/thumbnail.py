"""The small pictures that a camera puts into a JPEG: for the grid before anything is judged, not for judging."""

import io
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from PIL import ExifTags, Image, JpegImagePlugin

from photocull.photo.multipicture import large_thumbnails
from photocull.photo.picture import Picture
from photocull.photo.profile import to_8bit
from photocull.photo.quiet import quiet

_SHAPE_TOLERANCE: Final = 0.02


def embedded_thumbnail(picture: Picture, side: int) -> Image.Image | None:
    """The smallest picture inside a JPEG that is ``side`` long or longer and has the photo's shape; None without one.

    As stored. One of another shape is letterboxed, or was left behind by a program that cropped the picture. It may
    come larger than ``side``, never smaller.
    """
    if picture.data is None:
        return None
    # A broken thumbnail is none: decoders of hostile bytes raise nearly anything.
    with quiet(), suppress(Exception):
        fitting = [
            thumbnail
            for thumbnail in _thumbnails(picture, picture.data)
            if max(thumbnail.size) >= side and _is_of(thumbnail.size, picture.image.size)
        ]
        if fitting:
            smallest = min(fitting, key=lambda thumbnail: max(thumbnail.size))
            width, height = smallest.size
            smallest.draft(None, (width * side // max(smallest.size), height * side // max(smallest.size)))
            smallest.load()
            return to_8bit(smallest)
    return None


def _thumbnails(picture: Picture, data: bytes) -> Iterator[JpegImagePlugin.JpegImageFile]:
    exif = picture.image.info.get("exif")
    if isinstance(exif, bytes):
        with suppress(Exception):
            yield JpegImagePlugin.JpegImageFile(io.BytesIO(_thumbnail_bytes(picture.image, exif)))
    for content in large_thumbnails(data):
        with suppress(Exception):
            yield JpegImagePlugin.JpegImageFile(io.BytesIO(content))


def _thumbnail_bytes(image: Image.Image, exif: bytes) -> bytes:
    second = image.getexif().get_ifd(ExifTags.IFD.IFD1)
    start = int(second[ExifTags.Base.JpegIFOffset])
    return exif.removeprefix(b"Exif\x00\x00")[start : start + int(second[ExifTags.Base.JpegIFByteCount])]


def _is_of(one: tuple[int, int], whole: tuple[int, int]) -> bool:
    """Whether it has the picture's shape, and claims to be no larger than that: one that does would take memory."""
    return one[0] * one[1] <= whole[0] * whole[1] and _same_shape(one, whole)


def _same_shape(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return abs(one[0] * other[1] / (one[1] * other[0]) - 1) < _SHAPE_TOLERANCE
