"""Where focus is looked at in a photo's own resolution: the places of most detail, spread over the picture."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photocull.core.types import CROP_SIDE, Pixels
from photocull.photo.orientation import Box

MOST_CROPS: Final = 12
_CELLS: Final = (6, 4)
"""Cells along the long and the short side; at most one crop a cell."""
_APART: Final = 0.5
"""Least distance of two crops in crop sides, along one axis."""

Plane = NDArray[np.float32]


def luminance(pixels: Pixels) -> Pixels:
    """(H, W) uint8: the luma of ITU-R BT.601, as in JPEG."""
    return np.asarray(Image.fromarray(pixels).convert("L"))


def choose_boxes(luma: Pixels, width: int, height: int) -> list[Box]:
    """Up to 12 boxes of `CROP_SIDE` in a picture: the centre, then by falling detail of the preview.

    Args:
        luma: (H, W) uint8 of the upright preview, scaled down or as large as the picture.
        width, height: of the upright picture that the boxes are to lie in.
    """
    boxes = [_box_at(width / 2, height / 2, width, height)]
    if width <= CROP_SIDE and height <= CROP_SIDE:
        return boxes
    scale = width / luma.shape[1]
    for x, y in _places(luma, CROP_SIDE / scale):
        box = _box_at(x * scale, y * scale, width, height)
        if len(boxes) < MOST_CROPS and all(_apart(box, other) for other in boxes):
            boxes.append(box)
    return boxes


def _box_at(x: float, y: float, width: int, height: int) -> Box:
    wide, high = min(CROP_SIDE, width), min(CROP_SIDE, height)
    left = min(max(round(x - wide / 2), 0), width - wide)
    top = min(max(round(y - high / 2), 0), height - high)
    return (left, top, left + wide, top + high)


def _apart(one: Box, other: Box) -> bool:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1])) >= CROP_SIDE * _APART


def _places(luma: Pixels, side: float) -> list[tuple[float, float]]:
    """Centres (x, y) in scaled pixels of the most detailed window of each cell, most detailed first.

    Windows are ``side`` wide and lie half of that apart; detail is the mean squared gradient.
    """
    high, wide = luma.shape
    half = max(2, round(side / 4))
    tiles = _tile_means(_gradient_energy(luma), half)
    windows = _pair_sums(_pair_sums(tiles, 0), 1)
    rows, columns = windows.shape
    across, down = _CELLS if wide >= high else _CELLS[::-1]
    best: dict[tuple[int, int], tuple[float, int, int]] = {}
    for row in range(rows):
        for column in range(columns):
            cell = (row * down // rows, column * across // columns)
            if cell not in best or windows[row, column] > best[cell][0]:
                best[cell] = (float(windows[row, column]), row, column)
    ranked = sorted(best.values(), key=lambda found: (-found[0], found[1], found[2]))
    return [((column + 1) * 2 * half, (row + 1) * 2 * half) for _, row, column in ranked]


def _gradient_energy(luma: Pixels) -> Plane:
    """Squared steps to the right and down of every fourth pixel, (H / 2, W / 2): enough to find a place by."""
    high, wide = (max(2, side // 2 * 2) for side in luma.shape)
    even = np.pad(luma, [(0, max(0, 2 - side)) for side in luma.shape], mode="edge")[:high, :wide].astype(np.int16)
    here = even[::2, ::2]
    right, below = even[::2, 1::2] - here, even[1::2, ::2] - here
    energy = np.square(right, dtype=np.int32) + np.square(below, dtype=np.int32)
    return np.asarray(energy, dtype=np.float32)


def _tile_means(plane: Plane, side: int) -> Plane:
    """Means over squares of ``side``; the last row and column hold what is left."""
    rows, columns = np.arange(0, plane.shape[0], side), np.arange(0, plane.shape[1], side)
    sums = np.add.reduceat(np.add.reduceat(plane, rows, axis=0), columns, axis=1)
    heights = np.diff(np.append(rows, plane.shape[0]))
    widths = np.diff(np.append(columns, plane.shape[1]))
    means: Plane = (sums / np.outer(heights, widths)).astype(np.float32)
    return means


def _pair_sums(plane: Plane, axis: int) -> Plane:
    if plane.shape[axis] < 2:
        return plane
    return plane[:-1] + plane[1:] if axis == 0 else plane[:, :-1] + plane[:, 1:]
