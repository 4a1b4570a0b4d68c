"""A camera held at a slant, and the level crop that is fair to compare it with; part of `damage`."""

from typing import Final

import numpy as np
from PIL import Image

from photocull.core.types import Pixels

_DEGREES: Final = (2.0, 3.5, 5.5, 8.0)


def tilted(pixels: Pixels, strength: int, generator: np.random.Generator) -> Pixels:
    """Turned to one side by 2 to 8 degrees; the largest upright rectangle of the same aspect, at the old size."""
    degrees = _DEGREES[strength - 1] * (1 if generator.random() < 0.5 else -1)
    return _framed(pixels, degrees, inner_share(pixels.shape[1], pixels.shape[0], degrees))


def level_crop(pixels: Pixels, strength: int, generator: np.random.Generator) -> Pixels:
    """What `tilted` would show had the camera been level: as tight a crop, and as soft from being resampled."""
    degrees = _DEGREES[strength - 1]
    return _framed(pixels, 0.0, inner_share(pixels.shape[1], pixels.shape[0], degrees))


def inner_share(width: int, height: int, degrees: float) -> float:
    """Side of the largest upright rectangle within a turned one of the same aspect, as a share of the latter's."""
    cosine, sine = np.cos(np.radians(abs(degrees))), np.sin(np.radians(abs(degrees)))
    return float(min(width / (width * cosine + height * sine), height / (width * sine + height * cosine)))


def _framed(pixels: Pixels, degrees: float, share: float) -> Pixels:
    """One resampling for turn and crop together: every pixel of the result is looked up in the original."""
    height, width = pixels.shape[:2]
    cosine, sine = share * np.cos(np.radians(degrees)), share * np.sin(np.radians(degrees))
    x, y = width / 2, height / 2
    inverse = (cosine, sine, x - cosine * x - sine * y, -sine, cosine, y + sine * x - cosine * y)
    image = Image.fromarray(pixels)
    return np.asarray(image.transform(image.size, Image.Transform.AFFINE, inverse, Image.Resampling.BICUBIC)).copy()
