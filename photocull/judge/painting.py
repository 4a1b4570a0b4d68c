"""A small map painted over a picture, for the window and for pictures on disk; numpy alone.

The colours are inferno: perceptually even, legible without colour vision, never a rainbow.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Grid, Pixels
from photocull.judge.spaces import LUMINANCE

INFERNO: Final[tuple[str, ...]] = (
    "#000004", "#160b39", "#420a68", "#6a176e", "#932667", "#bc3754", "#dd513a", "#f3771a", "#fca50a", "#f6d645",
    "#fcffa4",
)  # fmt: skip
"""Eleven even steps of inferno (Smith and van der Walt, 2015, CC0), from 0 to 1."""

_SHADE: Final = 0.6
"""How bright the map's colour stays where the photo is black; the rest of it follows the photo's brightness."""
_LEAST: Final = 0.45
"""Share of the strength where the map is 0, so that the rest of the photo is dimmed but not lost."""
_BAND: Final = 256
"""Rows painted at a time, so that a large picture needs no float copy of itself."""


def inferno(values: NDArray[np.floating]) -> Pixels:
    """Colours of values 0..1 (clipped): shape (...,) becomes (..., 3) uint8 sRGB."""
    table = np.array([[int(word[i : i + 2], 16) for i in (1, 3, 5)] for word in INFERNO], dtype=np.float32)
    steps = np.linspace(0, 1, len(table))
    clipped = np.clip(values, 0, 1)
    channels = [np.interp(clipped, steps, table[:, c]) for c in range(3)]
    return np.stack(channels, axis=-1).round().astype(np.uint8)


def enlarge(grid: NDArray[np.floating], width: int, height: int) -> NDArray[np.float32]:
    """A grid (h, w) as a smooth (height, width) float32 map, clipped to 0..1.

    Cubic (Catmull-Rom) between the cells' centres, so that the grid's squares don't show; even beyond the last.
    """
    rows = _cubic(grid.shape[0], height)
    columns = _cubic(grid.shape[1], width)
    smooth: NDArray[np.float32] = rows @ grid.astype(np.float32) @ columns.T
    return smooth.clip(0, 1)


def paint_map(pixels: Pixels, grid: Grid, strength: float = 0.6) -> Pixels:
    """The picture with the map laid over it.

    Args:
        pixels: (H, W, 3) uint8 sRGB.
        grid: (h, w) values 0..1 over the whole picture, row 0 at the top.
        strength: how far the map covers the photo where it is highest (less where it is low), and how far the photo's
            own colours give way to grey, 0..1.

    Returns:
        (H, W, 3) uint8 sRGB; ``pixels`` is left as it is.
    """
    height, width = pixels.shape[:2]
    values = enlarge(grid, width, height)
    painted = np.empty_like(pixels)
    for top in range(0, height, _BAND):
        rows = slice(top, top + _BAND)
        painted[rows] = _blend(pixels[rows].astype(np.float32), values[rows], strength)
    return painted


def _blend(photo: NDArray[np.float32], values: NDArray[np.float32], strength: float) -> Pixels:
    brightness = photo @ LUMINANCE / 255
    colour = inferno(values) * (_SHADE + (1 - _SHADE) * brightness)[..., None]
    muted = photo + strength * (brightness[..., None] * 255 - photo)
    cover = strength * (_LEAST + (1 - _LEAST) * values[..., None])
    return np.clip(muted + cover * (colour - muted), 0, 255).round().astype(np.uint8)


def paint_clipping(pixels: Pixels) -> Pixels:
    """The picture dimmed, with burnt-out pixels red and pure black ones blue, exact to the pixel.

    A pixel is burnt out where any channel is at its end, and black where all are.
    """
    painted = (pixels * np.float32(0.55) + 18).astype(np.uint8)
    painted[(pixels >= 254).any(axis=-1)] = (235, 70, 60)
    painted[(pixels <= 1).all(axis=-1)] = (60, 120, 240)
    return painted


def outlined(pixels: Pixels, x: float, y: float, width: float, height: float) -> Pixels:
    """A copy with a rectangle outlined, white within black, so that it is seen on any photo; shares of the picture."""
    framed = pixels.copy()
    rows, columns = framed.shape[:2]
    thick = max(1, round(max(rows, columns) / 700))
    for colour, grown in (((0, 0, 0), 2 * thick), ((255, 255, 255), thick)):
        left, right = (round(edge * columns) for edge in (x, x + width))
        top, bottom = (round(edge * rows) for edge in (y, y + height))
        inside = framed[top:bottom, left:right].copy()
        framed[max(0, top - grown) : bottom + grown, max(0, left - grown) : right + grown] = colour
        framed[top:bottom, left:right] = inside
    return framed


def _cubic(cells: int, pixels: int) -> NDArray[np.float32]:
    """Weights (pixels, cells) of Catmull-Rom interpolation, rows summing to 1."""
    position = (np.arange(pixels) + 0.5) * cells / pixels - 0.5
    first = np.floor(position).astype(int)
    t = position - first
    weights = np.zeros((pixels, cells), dtype=np.float32)
    around = (
        (-1, ((2 - t) * t - 1) * t / 2),
        (0, ((3 * t - 5) * t * t + 2) / 2),
        (1, ((4 - 3 * t) * t + 1) * t / 2),
        (2, (t - 1) * t * t / 2),
    )
    for offset, weight in around:
        np.add.at(weights, (np.arange(pixels), np.clip(first + offset, 0, cells - 1)), weight)
    return weights
