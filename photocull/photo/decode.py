"""A photo's file to pixels, opened once: the picture that is judged, and crops at its own resolution or half of it.

Upright and in sRGB. Which source is cheapest was measured: docs/decisions/0001-decode-once.md.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from photocull.core.errors import UnreadablePhotoError, one_line, printable
from photocull.core.types import PREVIEW_SIDE, DecodedPhoto, Exif, NativeCrop, Photo, Pixels
from photocull.core.work import CancelToken
from photocull.photo.crops import choose_boxes, luminance
from photocull.photo.fingerprint import fingerprint as fingerprint_at
from photocull.photo.fingerprint import fingerprint_of
from photocull.photo.fullsize import straight, upper_rows
from photocull.photo.guard import ask, guarded
from photocull.photo.orientation import Box, shown_size, stored_box, upright
from photocull.photo.parcels import unpacked
from photocull.photo.picture import Picture, load, open_picture
from photocull.photo.profile import BROKEN_PROFILE, to_srgb
from photocull.photo.source import open_source
from photocull.photo.thumbnail import embedded_thumbnail
from photocull.photo.view import open_view

_Piece = Callable[[Box], Pixels]
"""What a box of the upright picture shows."""
_CLOSE: Final = PREVIEW_SIDE * 4 // 3
"""Least length of a reduced picture that crops are cut from."""
_FARTHEST: Final = 8
"""JPEGs cannot be scaled further while they are decoded."""


def decode(photo: Photo, *, fingerprint: str | None = None, token: CancelToken | None = None) -> DecodedPhoto:
    """Open a photo once and decode what judging needs; where a RAW cannot be read, from the JPEG or HEIC beside it.

    What may bring a decoder down, or lies on a drive that may fall silent, is read in a helper process: see `guard`.

    Args:
        fingerprint: its content identity if known already. token: ends the waiting for a helper.

    Raises:
        UnreadablePhotoError: with the reason in one sentence. CancelledError: the token said so.
    """
    try:
        return _decode_file(photo, photo.path, fingerprint, token)
    except UnreadablePhotoError:
        for partner in photo.partners:
            with suppress(UnreadablePhotoError):
                decoded = _decode_file(photo, partner, fingerprint or fingerprint_at(photo.path), token)
                note = f"The RAW file could not be read; {one_line(printable(partner.name))} beside it is shown."
                return replace(decoded, notes=(note, *decoded.notes))
        raise


def _decode_file(photo: Photo, path: Path, identity: str | None, token: CancelToken | None) -> DecodedPhoto:
    if guarded(path):
        return unpacked(photo, ask("decode", path, token=token, identity=identity))
    return decode_here(photo, path, identity)


def decode_here(photo: Photo, path: Path, identity: str | None) -> DecodedPhoto:
    """One file as the picture of a photo, decoded in this process.

    Raises:
        UnreadablePhotoError: with the reason in one sentence.
    """
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
    near = _reduced(image, reach(image.size))
    preview = np.array(_shrunk(near, PREVIEW_SIDE))
    crops = _crops(preview, near.size, lambda box: np.array(near.crop(box)))
    return DecodedPhoto(Photo(Path(), 0, 0), *image.size, preview, crops, Exif(), "")


def load_preview(path: Path, side: int, *, token: CancelToken | None = None) -> Pixels:
    """The photo for the grid from the fastest source that is large enough, a camera's own thumbnail included.

    Returns:
        (H, W, 3) uint8 sRGB, upright, longest side at most ``side``, never enlarged.

    Raises:
        UnreadablePhotoError: with the reason in one sentence. CancelledError: the token said so.
    """
    return ask("preview", path, token=token, side=side).pictures[0] if guarded(path) else preview_here(path, side)


def preview_here(path: Path, side: int) -> Pixels:
    """As `load_preview`, in this process.

    Raises:
        UnreadablePhotoError: with the reason in one sentence.
    """
    with open_source(path) as source:
        picture = open_view(source)
        small = embedded_thumbnail(picture, side)
        stored = load(picture, size=_fitted(picture.image.size, side)) if small is None else small
        return _shown(_shrunk(stored, side), picture)


def load_upper(path: Path, rows: int) -> Pixels | None:
    """The photo at full size, of which only so many upper rows are there: what is looked at 1:1 comes sooner.

    Returns:
        (H, W, 3) uint8 sRGB, upright, for `load_full` to fill; None where a part takes as long as the whole.

    Raises:
        UnreadablePhotoError: with the reason in one sentence.
    """
    if guarded(path):
        return None
    with open_source(path) as source:
        return upper_rows(open_picture(source), rows) if source.kind == "jpeg" else None


def load_full(path: Path, *, token: CancelToken | None = None, upper: Pixels | None = None) -> Pixels:
    """The photo at full size, for looking at it 1:1; a RAW is developed if its preview is smaller than its picture.

    Args:
        token: ends the waiting for a helper. upper: what `load_upper` gave, whose memory is used.

    Returns:
        (H, W, 3) uint8 sRGB, upright, not to be written to.

    Raises:
        UnreadablePhotoError: with the reason in one sentence. CancelledError: the token said so.
    """
    return ask("full", path, token=token).pictures[0] if guarded(path) else full_here(path, upper)


def full_here(path: Path, upper: Pixels | None = None) -> Pixels:
    """As `load_full`, in this process.

    Raises:
        UnreadablePhotoError: with the reason in one sentence.
    """
    with open_source(path) as source:
        picture = open_view(source, develop=True)
        pixels = straight(picture, upper)
        if pixels is not None:
            return pixels
        # A view of Pillow's copy: another would weigh 72 MB at 24 megapixels.
        return np.asarray(_finished(load(picture), picture))


def _judged_pixels(picture: Picture) -> tuple[Pixels, tuple[NativeCrop, ...]]:
    near = _near(picture)
    preview = _shown(_shrunk(near, PREVIEW_SIDE), picture)
    if not picture.native:
        return preview, ()
    size = shown_size(near.size, picture.orientation)

    def piece(box: Box) -> Pixels:
        return _shown(near.crop(stored_box(box, size, picture.orientation)), picture)

    return preview, _crops(preview, size, piece)


def _near(picture: Picture) -> Image.Image:
    """The stored picture at the size from which preview and crops are cut, by the way that costs least."""
    width, height = picture.image.size
    halved = reach((width, height))
    stored = load(picture, size=(max(1, width // halved), max(1, height // halved)))
    # What could not be scaled while it was decoded is scaled now.
    return _reduced(stored, halved * max(stored.size) // max(width, height))


def reach(size: tuple[int, int]) -> int:
    """1, 2, 4 or 8: how far a picture is reduced before it is looked at closely.

    A reduced picture still has a third more pixels along its sides than the preview. At full size, what lies beyond
    costs as much again as all else together, and is seen by nobody who does not look at single pixels.
    """
    halved = 1
    while halved < _FARTHEST and max(size) >= 2 * halved * _CLOSE:
        halved *= 2
    return halved


def _crops(preview: Pixels, size: tuple[int, int], piece: _Piece) -> tuple[NativeCrop, ...]:
    width, height = size
    crops = []
    for box in choose_boxes(luminance(preview), width, height):
        left, top, right, bottom = box
        place = (left / width, top / height, (right - left) / width, (bottom - top) / height)
        crops.append(NativeCrop(*place, piece(box)))
    return tuple(crops)


def _shown(stored: Image.Image, picture: Picture) -> Pixels:
    return np.array(_finished(stored, picture))


def _finished(stored: Image.Image, picture: Picture) -> Image.Image:
    """Stored pixels turned upright and brought to sRGB."""
    image, sound = to_srgb(upright(stored, picture.orientation), picture.icc)
    if not sound and BROKEN_PROFILE not in picture.notes:
        picture.notes.append(BROKEN_PROFILE)
    return image


def _fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    longest = max(size)
    if longest <= side:
        return size
    return max(1, round(size[0] * side / longest)), max(1, round(size[1] * side / longest))


def _shrunk(image: Image.Image, side: int) -> Image.Image:
    """At most ``side`` long: means over whole blocks first, as JPEG scaling does, then Hamming's window.

    The window is as wide as a triangle and as sharp as a cubic: two thirds of the time, and a photo's preview differs
    less from that of its copy of half the size (docs/decisions/0011-speed-of-judging.md).
    """
    target = _fitted(image.size, side)
    small = _reduced(image, max(image.size) // side)
    return small if small.size == target else small.resize(target, Image.Resampling.HAMMING)


def _reduced(image: Image.Image, factor: int) -> Image.Image:
    return image.reduce(factor) if factor > 1 else image
