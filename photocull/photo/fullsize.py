"""A sound JPEG at full size, decoded straight into the array that is looked at; `decode.load_full` asks here first.

Pillow's decoder fills four bytes a pixel, which are then copied into three: at 24 megapixels that takes longer than
the decoding and holds 96 MB more. The decoder below is the same (libjpeg-turbo), and so are the pixels.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photocull.core.types import Pixels
from photocull.core.work import processors
from photocull.photo import jpeg
from photocull.photo.picture import Picture
from photocull.photo.profile import to_srgb

_STRIP: Final = 256
_TILE: Final = 128
"""Pixels along the side of the squares in which a picture is turned: source and target of one fit into the cache."""
_BORDER: Final = 16
"""Rows more than are asked for: the last ones of a part are not what they are in the whole."""
_MOST_THREADS: Final = 4
_QUARTERS: Final = {5: 1, 6: 3, 7: 3, 8: 1}
"""Quarter turns, against the clock, that bring a stored picture upright; 5 and 7 are mirrored before."""


def straight(picture: Picture, upper: Pixels | None = None) -> Pixels | None:
    """The whole picture, with the pixels that the slower way would give.

    Args:
        upper: what `upper_rows` gave for this file; the rest is decoded into it.

    Returns:
        (H, W, 3) uint8 sRGB, upright; None for what is no sound JPEG in colour, which needs more patience.
    """
    if picture.data is None or not _plain(picture):
        return None
    size = (picture.image.height, picture.image.width, 3)
    # What is shown already must not be seen in its own colours for a moment.
    into = upper if upper is not None and upper.shape == size and not picture.icc else np.empty(size, np.uint8)
    if not _decode(picture.data, into):
        return None
    if picture.icc:
        _bring_to_srgb(into, picture.icc)
    return turned(into, picture.orientation)


def upper_rows(picture: Picture, rows: int) -> Pixels | None:
    """A picture of which only the upper rows are decoded, in a share of the time; the others are not set.

    Returns:
        (H, W, 3) uint8 sRGB; None where all of the picture must be decoded for some of it.
    """
    if picture.data is None or not _plain(picture) or picture.coding != "baseline" or picture.orientation != 1:
        return None
    part = rows + _BORDER
    if part >= picture.image.height:
        return None
    whole = np.empty((picture.image.height, picture.image.width, 3), np.uint8)
    if not _decode(jpeg.upper_part(picture.data, part), whole[:part]):
        return None
    if picture.icc:
        _bring_to_srgb(whole[:part], picture.icc)
    return whole


def _plain(picture: Picture) -> bool:
    if picture.data is None or picture.coding not in ("baseline", "progressive") or picture.image.mode != "RGB":
        return False
    return jpeg.is_whole(picture.data)


def _decode(data: bytes, into: Pixels) -> bool:
    from imagecodecs import Jpeg8Error, jpeg8_decode  # brings libraries along that judging never needs

    try:
        jpeg8_decode(data, out=into)
    except (Jpeg8Error, ValueError):
        return False  # Pillow says better what is wrong, or finds that it can be shown
    return True


def _bring_to_srgb(pixels: Pixels, icc: bytes) -> None:
    """In place and in strips, several at a time: colour management is what takes longest of such a photo."""

    def bring(top: int) -> bool:
        strip = Image.fromarray(pixels[top : top + _STRIP])
        shown, _ = to_srgb(strip, icc)
        if shown is not strip:
            pixels[top : top + _STRIP] = np.asarray(shown)
        return shown is not strip

    if bring(0):
        with ThreadPoolExecutor(min(_MOST_THREADS, processors()), "srgb") as threads:
            list(threads.map(bring, range(_STRIP, len(pixels), _STRIP)))


def turned(stored: Pixels, orientation: int) -> Pixels:
    """Turned as `orientation.upright` turns, in small squares; contiguous, the same array where nothing is to do."""
    if orientation not in range(2, 9):
        return stored
    # One item a pixel: numpy moves such three times as fast as rows of three bytes.
    points: NDArray[np.void] = stored.view("V3")[..., 0]
    if orientation in (2, 4, 5, 7):
        points = points[:, ::-1]
    quarters = 2 if orientation in (3, 4) else _QUARTERS.get(orientation, 0)
    points = np.rot90(points, quarters)
    upright = np.empty(points.shape, points.dtype)
    for top in range(0, points.shape[0], _TILE):
        for left in range(0, points.shape[1], _TILE):
            upright[top : top + _TILE, left : left + _TILE] = points[top : top + _TILE, left : left + _TILE]
    return upright.view(np.uint8).reshape(*points.shape, 3)
