"""A map of points painted over a picture as dots, for the window and for pictures on disk; numpy alone.

Where single places are meant, dots say so and leave the photo visible between them; a smooth map would not.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Grid, Pixels
from photocull.judge.painting import inferno
from photocull.judge.spaces import LUMINANCE

_DIMMED: Final = 0.62
"""Brightness of the photo beneath the dots."""
_MUTED: Final = 0.6
"""How far the photo's own colours give way to grey."""
_WIDEST: Final = 0.49
"""Radius of the largest dot, in cells."""
_LEAST: Final = 0.1
"""Dots of less than this share of the largest radius would be dust."""
_LARGE: Final = 0.98
"""Share of the dots that the largest ones are measured by: all closed points lie at the centre."""
_RIM: Final = 1.4
"""Pixels of black around a dot, so that it is seen on any photo."""
_BAND: Final = 256


def paint_dots(pixels: Pixels, grid: Grid, left: int, top: int, width: int, height: int) -> Pixels:
    """A piece of a picture with the dots of a map: the higher a value, the larger and brighter its dot.

    A dot's area is in proportion to its value; the largest few, which would leave nothing of the others, share a size.

    Args:
        pixels: (h, w, 3) uint8 sRGB, the piece. grid: values 0..1 over the whole picture, row 0 at the top.
        left, top: where the piece lies in the whole picture of ``width`` and ``height`` pixels.

    Returns:
        (h, w, 3) uint8 sRGB; a piece looks like the same piece of the whole.
    """
    painted = np.empty_like(pixels)
    sizes = _sizes(grid)
    columns, across = _offsets(left, pixels.shape[1], width, grid.shape[1])
    for first in range(0, pixels.shape[0], _BAND):
        band = slice(first, first + _BAND)
        rows, down = _offsets(top + first, len(pixels[band]), height, grid.shape[0])
        values = sizes[rows][:, columns]
        painted[band] = _dotted(pixels[band], values, np.hypot(down[:, None], across[None, :]), width, height, grid)
    return painted


def _sizes(grid: Grid) -> NDArray[np.float32]:
    """Each dot's radius as a share of the largest."""
    values = grid.astype(np.float32)
    if not values.any():
        return values
    return np.asarray(np.sqrt(np.minimum(values / np.quantile(values[values > 0], _LARGE), 1)), dtype=np.float32)


def _offsets(start: int, count: int, whole: int, cells: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Each pixel's cell, and its distance from the middle of that cell in pixels."""
    place = (np.arange(start, start + count) + 0.5) * cells / whole
    cell = np.minimum(place.astype(np.intp), cells - 1)
    return cell, ((place - cell - 0.5) * whole / cells).astype(np.float32)


def _dotted(
    pixels: Pixels, values: NDArray[np.float32], distance: NDArray[np.float32], width: int, height: int, grid: Grid
) -> Pixels:
    largest = _WIDEST * min(width / grid.shape[1], height / grid.shape[0])
    radius = np.where(values >= _LEAST, values, 0) * largest
    photo = pixels.astype(np.float32)
    brightness = photo @ LUMINANCE
    dimmed = (photo + _MUTED * (brightness[..., None] - photo)) * _DIMMED
    shown = radius > 0
    rimmed = (np.clip(radius + _RIM - distance, 0, 1) * shown)[..., None]
    filled = (np.clip(radius - distance + 0.5, 0, 1) * shown)[..., None]
    dark = dimmed * (1 - rimmed)
    coloured = dark + filled * (inferno(0.4 + 0.6 * values) - dark)
    return np.asarray(coloured.round(), dtype=np.uint8)
