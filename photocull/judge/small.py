"""A photo's preview brought down once, with its light as colours, exposure and themes read it: what they share."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from photocull.core.types import Pixels
from photocull.judge.spaces import Floats, cielab, linear_light, reduced

SIDE: Final = 160
"""Longest side in pixels: enough for whatever is said of a picture's colours and light as a whole."""


@dataclass(frozen=True, slots=True, eq=False)
class Small:
    """A picture of at most `SIDE` pixels a side.

    Attributes:
        pixels: (h, w, 3) uint8 sRGB. light: (h, w, 3) linear, 0..1. lab: (h, w, 3) CIELAB under D65.
        brightest, darkest: (h, w) the largest and smallest channel of the light.
    """

    pixels: Pixels
    light: Floats
    lab: Floats
    brightest: Floats
    darkest: Floats


def small_of(pixels: Pixels) -> Small:
    """The picture (H, W, 3) uint8 sRGB averaged down, and its light."""
    small = reduced(pixels, SIDE)
    light = linear_light(small)
    red, green, blue = light[..., 0], light[..., 1], light[..., 2]
    brightest, darkest = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    return Small(small, light, cielab(light), brightest, darkest)
