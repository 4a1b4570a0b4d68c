"""A photo's file to pixels, opened once: the picture that is judged, and native crops where focus is in doubt.

Upright and in sRGB. Which source is cheapest was measured: docs/decisions/0001-decode-once.md.
"""

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from photocull.core.errors import UnreadablePhotoError, one_line, printable
from photocull.core.types import PREVIEW_SIDE, DecodedPhoto, Exif, NativeCrop, Photo, Pixels
from photocull.photo.crops import Plane, choose_boxes, focus_in_doubt, luminance
from photocull.photo.fingerprint import fingerprint as fingerprint_at
from photocull.photo.fingerprint import fingerprint_of
from photocull.photo.orientation import Box, stored_box, upright
from photocull.photo.picture import Picture, load
from photocull.photo.profile import BROKEN_PROFILE, to_srgb
from photocull.photo.source import open_source
from photocull.photo.thumbnail import embedded_thumbnail
from photocull.photo.view import open_view

_Piece = Callable[[Box], Image.Image]
"""Cuts a box of the stored picture."""


def decode(photo: Photo, *, fingerprint: str | None = None) -> DecodedPhoto:
    """Open a photo once and decode what judging needs; where a RAW cannot be read, from the JPEG or HEIC beside it.

    Args:
        fingerprint: its content identity if known already.

    Raises:
        UnreadablePhotoError: with the reason in one sentence.
    """
    try:
        return _decode_file(photo, photo.path, fingerprint)
    except UnreadablePhotoError:
        for partner in photo.partners:
            with suppress(UnreadablePhotoError):
                decoded = _decode_file(photo, partner, fingerprint or fingerprint_at(photo.path))
                note = f"The RAW file could not be read; {one_line(printable(partner.name))} beside it is shown."
                return replace(decoded, notes=(note, *decoded.notes))
        raise


def _decode_file(photo: Photo, path: Path, identity: str | None) -> DecodedPhoto:
    with open_source(path) as source:
        identity = identity or fingerprint_of(source.file, source.size)
        picture = open_view(source)
        preview, crops = _judged_pixels(picture)
        size = picture.width, picture.height
        return DecodedPhoto(photo, *size, preview, crops, picture.exif, identity, tuple(picture.notes))


def decode_pixels(pixels: Pixels) -> DecodedPhoto:
    """A picture in memory as `decode` would hand it on from a lossless file; for measuring judges on made pictures.

    Args:
        pixels: (H, W, 3) uint8 sRGB, upright, at full size.
    """
    image = Image.fromarray(pixels)
    preview = np.array(_shrunk(image, PREVIEW_SIDE))
    high, wide = pixels.shape[:2]
    crops = tuple(
        NativeCrop(
            x / wide, y / high, (right - x) / wide, (bottom - y) / high, np.array(image.crop((x, y, right, bottom)))
        )
        for x, y, right, bottom in choose_boxes(luminance(preview), wide, high)
    )
    return DecodedPhoto(Photo(Path(), 0, 0), wide, high, preview, crops, Exif(), "")


def load_preview(path: Path, side: int) -> Pixels:
    """The photo for the grid from the fastest source that is large enough, a camera's own thumbnail included.

    Returns:
        (H, W, 3) uint8 sRGB, upright, longest side at most ``side``, never enlarged.

    Raises:
        UnreadablePhotoError: with the reason in one sentence.
    """
    with open_source(path) as source:
        picture = open_view(source)
        small = embedded_thumbnail(picture, side)
        stored = load(picture, size=_fitted(picture.image.size, side)) if small is None else small
        return _shown(_shrunk(stored, side), picture)


def load_full(path: Path) -> Pixels:
    """The photo at full size, for looking at it 1:1; a RAW is developed if its preview is smaller than its picture.

    Returns:
        (H, W, 3) uint8 sRGB, upright.

    Raises:
        UnreadablePhotoError: with the reason in one sentence.
    """
    with open_source(path) as source:
        picture = open_view(source, develop=True)
        return _shown(load(picture), picture)


def _judged_pixels(picture: Picture) -> tuple[Pixels, tuple[NativeCrop, ...]]:
    if _comes_scaled(picture):
        return _scaled_first(picture)
    stored = load(picture)
    preview = _shown(_shrunk(stored, PREVIEW_SIDE), picture)
    return preview, _crops(picture, luminance(preview), stored.crop) if picture.native else ()


def _comes_scaled(picture: Picture) -> bool:
    """Whether scaling while decoding is possible and saves work: a progressive JPEG's cost is in reading its scans."""
    large = max(picture.image.size) >= 2 * PREVIEW_SIDE
    return picture.coding == "baseline" and large and picture.image.mode in ("L", "RGB")


def _scaled_first(picture: Picture) -> tuple[Pixels, tuple[NativeCrop, ...]]:
    """The preview from the JPEG scaled while decoding; its full size only where that leaves the focus in doubt."""
    scaled = load(picture, size=_fitted(picture.image.size, PREVIEW_SIDE))
    preview = _shown(_shrunk(scaled, PREVIEW_SIDE), picture)
    if not picture.native or not focus_in_doubt(seen := luminance(preview)):
        return preview, ()
    full = load(picture, luminance=True)
    return preview, _crops(picture, seen, lambda box: _coloured(full, scaled, box))


def _coloured(luma: Image.Image, scaled: Image.Image, box: Box) -> Image.Image:
    """A native crop of the full-size luminance with the chroma of the scaled picture.

    Chroma is stored at half size in most JPEGs, and focus and noise are judged by luminance: half the decoding,
    a quarter of the memory.
    """
    piece = luma.crop(box)
    if scaled.mode == "L":
        return piece
    factor = round(luma.width / scaled.width)
    left, top, right, bottom = (edge / factor for edge in box)
    right, bottom = min(right, scaled.width), min(bottom, scaled.height)
    x, y = int(left), int(top)
    around = scaled.crop((x, y, math.ceil(right), math.ceil(bottom))).convert("YCbCr")
    place = (left - x, top - y, right - x, bottom - y)
    chroma = [around.getchannel(i).resize(piece.size, Image.Resampling.BILINEAR, box=place) for i in (1, 2)]
    return Image.merge("YCbCr", (piece, *chroma)).convert("RGB")


def _crops(picture: Picture, seen: Plane, piece: _Piece) -> tuple[NativeCrop, ...]:
    width, height = picture.width, picture.height
    crops = []
    for box in choose_boxes(seen, width, height):
        stored = piece(stored_box(box, (width, height), picture.orientation))
        left, top, right, bottom = box
        place = (left / width, top / height, (right - left) / width, (bottom - top) / height)
        crops.append(NativeCrop(*place, _shown(stored, picture)))
    return tuple(crops)


def _shown(stored: Image.Image, picture: Picture) -> Pixels:
    """Stored pixels turned upright and brought to sRGB."""
    image, sound = to_srgb(upright(stored, picture.orientation), picture.icc)
    if not sound and BROKEN_PROFILE not in picture.notes:
        picture.notes.append(BROKEN_PROFILE)
    return np.array(image)


def _fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    longest = max(size)
    if longest <= side:
        return size
    return max(1, round(size[0] * side / longest)), max(1, round(size[1] * side / longest))


def _shrunk(image: Image.Image, side: int) -> Image.Image:
    """At most ``side`` long: means over whole blocks first, as JPEG scaling does, then bicubic with antialiasing."""
    target = _fitted(image.size, side)
    factor = max(image.size) // side
    small = image.reduce(factor) if factor > 1 else image
    return small if small.size == target else small.resize(target, Image.Resampling.BICUBIC)
