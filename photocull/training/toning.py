"""Takes a photo's light and colours away from it without making it technically worse: flat, faded, garish or cast."""

from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from photocull.core.types import Pixels
from photocull.judge.spaces import linear_of, oklab, reduced, srgb_of

_CASTS: Final = ((1.0, 0.45), (-0.25, -1.0), (-1.0, 0.55), (0.9, -0.5))
"""Directions of a cast on OKLab's axes a and b: warm, blue, green, magenta."""
_RADIUS: Final = 0.06
"""Of the blur that parts local contrast from the large tones, as a share of the longer side: far from sharpness."""


def mean_chroma(pixels: Pixels) -> float:
    """Mean distance of the picture's colours from grey, OKLab; 0.03 is nearly grey, 0.15 vivid."""
    lab = oklab(reduced(pixels, 64))
    return float(np.hypot(lab[..., 1], lab[..., 2]).mean())


def flatten_light(pixels: Pixels, strength: float, generator: Generator) -> Pixels:
    """Less range from dark to light, lifted blacks, less local contrast, a veil of haze; details keep their edges."""
    lab = oklab(pixels)
    light = lab[..., 0]
    large = _large_tones(light)
    local, whole = 1 - (0.25 + 0.35 * strength) * generator.uniform(0.6, 1), 1 - (0.3 + 0.4 * strength)
    level = float(np.clip(light.mean() + generator.uniform(-0.02, 0.12), 0.45, 0.75))
    # Fine detail is kept as strong as the whole range leaves it: flat light takes modelling, not resolution.
    lab[..., 0] = level + whole * ((large - float(large.mean())) * local + (light - large))
    lab[..., 1:] *= 1 - (0.1 + 0.3 * strength) * generator.uniform(0.3, 1)
    return srgb_of(linear_of(lab))


def damage_colour(pixels: Pixels, strength: float, generator: Generator) -> Pixels:
    """One of three: washed out (never to black and white, which is a choice), overdone, or under a cast."""
    lab = oklab(pixels)
    kind = generator.integers(0, 3)
    if kind == 0:
        lab[..., 1:] *= 0.5 - 0.35 * strength
    elif kind == 1:
        lab[..., 1:] *= 1.5 + 1.0 * strength
    else:
        lab[..., 1:] += (0.035 + 0.05 * strength) * np.array(_CASTS[generator.integers(0, 4)], np.float32)
    return srgb_of(linear_of(lab))


def _large_tones(light: NDArray[np.float32]) -> NDArray[np.float32]:
    radius = _RADIUS * max(light.shape)
    picture = Image.fromarray(np.round(np.clip(light, 0, 1) * 255).astype(np.uint8))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(radius)), dtype=np.float32) / np.float32(255)
