"""From a photo's preview to the published networks' input: a square of 224 pixels, the aspect given up as they do."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photocull.core.types import Pixels

SIDE: Final = 224
MEAN: Final = (0.485, 0.456, 0.406)
"""Red, green and blue of ImageNet's photos, 0..1, and their spread: what the networks were trained with."""
SPREAD: Final = (0.229, 0.224, 0.225)


def square_input(pixels: Pixels) -> NDArray[np.float32]:
    """(3, 224, 224) float32 from (h, w, 3) uint8 sRGB: squeezed to a square with an antialiasing bilinear filter."""
    return normalised(Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def normalised(image: Image.Image) -> NDArray[np.float32]:
    """(3, h, w) float32 of an RGB picture of any size: 0..1, less ImageNet's mean, by its spread."""
    values = np.asarray(image, dtype=np.float32) / np.float32(255)
    scaled = (values - np.array(MEAN, np.float32)) / np.array(SPREAD, np.float32)
    return np.ascontiguousarray(scaled.transpose(2, 0, 1))
