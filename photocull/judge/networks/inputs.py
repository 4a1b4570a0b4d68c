"""From a photo's preview to the trunk's input: the whole photo, its aspect kept, at an area that is asked for."""

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photocull.core.types import Pixels
from photocull.judge.networks.layout import CELL

AREA_SIDE: Final = 384
"""Side of the square with the input's area, nearly, for a model whose card names no views."""
LONGEST_ASPECT: Final = 3.0
"""Longer photos (panoramas) are squeezed to this aspect."""
_AREA_WEIGHT: Final = 0.5
_GAP: Final = 1.5
_CENTRE: Final = 127.0
_SCALE: Final = 128.0


def input_size(width: int, height: int, side: int = AREA_SIDE) -> tuple[int, int]:
    """Width and height of the input for a photo of this size: multiples of 32, nearest in aspect and area.

    >>> input_size(6000, 4000), input_size(512, 512), input_size(1080, 1920), input_size(6000, 4000, 288)
    ((480, 320), (384, 384), (288, 512), (352, 224))
    """
    if width < height:
        short, long = input_size(height, width, side)
        return long, short
    return _landscape_size(min(width / height, LONGEST_ASPECT), side)


@lru_cache(maxsize=256)
def _landscape_size(aspect: float, side: int) -> tuple[int, int]:
    sides = range(CELL, 3 * side, CELL)
    sizes = [(w, h) for w in sides for h in sides if w >= h]

    def distance(size: tuple[int, int]) -> float:
        wide, high = size
        area = abs(math.log(wide * high / side**2))
        return abs(math.log(wide / high / aspect)) + _AREA_WEIGHT * area

    return min(sizes, key=distance)


def trunk_input(pixels: Pixels, side: int = AREA_SIDE) -> NDArray[np.float32]:
    """(3, H, W) float32 in about -1..1 from (h, w, 3) uint8 sRGB; resized with an antialiasing filter.

    Args:
        side: of the square that has about the input's area.

    The scaling (x - 127) / 128 is the one that the trunk's ImageNet weights were trained with.
    """
    size = input_size(pixels.shape[1], pixels.shape[0], side)
    # Where three or more pixels become one, two are averaged first: half the time, and no photo that people rated
    # for us is so large.
    image = Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC, reducing_gap=_GAP)
    values = (np.asarray(image, dtype=np.float32) - _CENTRE) / _SCALE
    return np.ascontiguousarray(values.transpose(2, 0, 1))
