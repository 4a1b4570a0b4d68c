"""What may be done to a picture without people seeing a difference: measures and lessons of steadiness share it."""

from io import BytesIO

import numpy as np
from PIL import Image

from photocull.core.types import Pixels


def encoded(pixels: Pixels, quality: int = 92) -> Pixels:
    """Saved as JPEG of this quality and read again; 92 is what cameras and programs save with."""
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer).convert("RGB"))


def mirrored(pixels: Pixels) -> Pixels:
    """Left and right exchanged."""
    return np.ascontiguousarray(pixels[:, ::-1])


def halved(pixels: Pixels) -> Pixels:
    """Half as wide and high, with the window that photo programs use (Lanczos')."""
    height, width = pixels.shape[:2]
    size = (max(1, width // 2), max(1, height // 2))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))
