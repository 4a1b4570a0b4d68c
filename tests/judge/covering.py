"""Holds a map against its network: what does covering the hottest place change, and what the coldest?"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Grid

SHARE = 2 / 7
"""Side of the covered square as a share of the picture's: a twelfth of the area, the same cells whatever the map."""
Input = NDArray[np.float32]


def changes(photo: Input, grid: Grid, change: Callable[[Input], float]) -> tuple[float, float]:
    """By how much a number changes when the hottest square is covered, and when the coldest is.

    Args:
        photo: (3, 224, 224) normalised. change: how far the number of a photo lies from that of this one.
    """
    return change(cover(photo, grid, hottest=True)), change(cover(photo, grid, hottest=False))


def cover(photo: Input, grid: Grid, *, hottest: bool) -> Input:
    """The photo with one square of the map in its mean colour."""
    cells, side = grid.shape[0], round(grid.shape[0] * SHARE)
    total = np.pad(grid.astype(np.float64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    sums = total[side:, side:] - total[:-side, side:] - total[side:, :-side] + total[:-side, :-side]
    row, column = np.unravel_index(sums.argmax() if hottest else sums.argmin(), sums.shape)
    covered, pixels = photo.copy(), photo.shape[1]
    top, bottom, left, right = (int(place) * pixels // cells for place in (row, row + side, column, column + side))
    covered[:, top:bottom, left:right] = photo.mean((1, 2), keepdims=True)
    return covered
