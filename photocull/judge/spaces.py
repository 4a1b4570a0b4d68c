"""Colour spaces and small reductions that the colour and technical readings share; stands below both."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photocull.core.types import Grid, Pixels

Floats = NDArray[np.float32]

LUMINANCE: Final[Floats] = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
"""Shares of red, green and blue in the luminance of linear sRGB light (ITU-R BT.709)."""
GRID_SIDE: Final = 24
"""Most cells along a side of a map over the picture."""

_CODE = np.arange(256, dtype=np.float64) / 255
_TO_LINEAR: Final[Floats] = np.where(_CODE <= 0.04045, _CODE / 12.92, ((_CODE + 0.055) / 1.055) ** 2.4).astype(
    np.float32
)
_LMS: Final[Floats] = np.array(
    [
        [0.4122214708, 0.2119034982, 0.0883024619],
        [0.5363325363, 0.6806995451, 0.2817188376],
        [0.0514459929, 0.1073969566, 0.6299787005],
    ],
    dtype=np.float32,
)
_LAB: Final[Floats] = np.array(
    [
        [0.2104542553, 1.9779984951, 0.0259040371],
        [0.7936177850, -2.4285922050, 0.7827717662],
        [-0.0040720468, 0.4505937099, -0.8086757660],
    ],
    dtype=np.float32,
)
_LMS_OF: Final[Floats] = np.linalg.inv(_LAB.astype(np.float64)).astype(np.float32)
_LINEAR_OF: Final[Floats] = np.linalg.inv(_LMS.astype(np.float64)).astype(np.float32)
_XYZ: Final[Floats] = np.array(
    [
        [0.4124564 / 0.95047, 0.2126729, 0.0193339 / 1.08883],
        [0.3575761 / 0.95047, 0.7151522, 0.1191920 / 1.08883],
        [0.1804375 / 0.95047, 0.0721750, 0.9503041 / 1.08883],
    ],
    dtype=np.float32,
)


def linear_light(pixels: Pixels) -> Floats:
    """Undo sRGB's transfer curve (IEC 61966-2-1): (..., 3) uint8 to (..., 3) float32 of 0..1, proportional to light."""
    return np.asarray(_TO_LINEAR[pixels])


def srgb_codes(light: NDArray[np.floating]) -> NDArray[np.floating]:
    """Linear light of 0..1 bent by sRGB's transfer curve (IEC 61966-2-1): 0..1, in the precision that comes in."""
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 0) ** (1 / 2.4) - 0.055)


def srgb_of(light: NDArray[np.floating]) -> Pixels:
    """Linear light to sRGB's codes of 0..255; what lies outside sRGB comes to its edge."""
    return np.asarray((255 * srgb_codes(np.clip(light, 0, 1))).round(), dtype=np.uint8)


def oklab(pixels: Pixels) -> Floats:
    """sRGB to OKLab (Ottosson 2020): (..., 3) float32 of lightness 0..1 and two opponent axes of about -0.3..0.3."""
    return oklab_of(linear_light(pixels))


def oklab_of(light: Floats) -> Floats:
    """Linear sRGB light (..., 3) of 0..1 to OKLab."""
    return np.asarray(np.cbrt(light @ _LMS) @ _LAB, dtype=np.float32)


def linear_of(lab: Floats) -> Floats:
    """OKLab (..., 3) back to linear sRGB light, held to 0..1: what lies outside sRGB comes to its edge."""
    return np.asarray(np.clip((lab @ _LMS_OF) ** 3 @ _LINEAR_OF, 0, 1), dtype=np.float32)


def cielab(linear: Floats) -> Floats:
    """Linear sRGB light (..., 3) of 0..1 to CIELAB under D65 (CIE 15:2004): L* 0..100, a*, b*."""
    ratio = linear @ _XYZ
    bent = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    x, y, z = bent[..., 0], bent[..., 1], bent[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)


def lightness(luminance: Floats) -> Floats:
    """Relative luminance 0..1 to CIE L* 0..100."""
    bent = np.where(luminance > 216 / 24389, 116 * np.cbrt(luminance) - 16, 24389 / 27 * luminance)
    return np.asarray(bent, dtype=np.float32)


def luma(pixels: Pixels) -> NDArray[np.uint8]:
    """Rec. 601 luma of (H, W, 3) uint8 sRGB, (H, W) uint8: the brightness that edges and noise are measured on."""
    return np.asarray(Image.fromarray(pixels).convert("L"))


def reduced(pixels: Pixels, side: int) -> Pixels:
    """The picture averaged down so that its longest side is at most ``side`` pixels; never enlarged."""
    height, width = pixels.shape[:2]
    factor = side / max(height, width)
    if factor >= 1:
        return pixels
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    # Whole blocks first, which costs a third and changes no mean by a grey level.
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX, reducing_gap=2.0))


def grid_shape(height: int, width: int) -> tuple[int, int]:
    """Rows and columns of a map over a picture of this size: its shape, at most `GRID_SIDE` a side, at least 1."""
    factor = min(1.0, GRID_SIDE / max(height, width))
    return max(1, round(height * factor)), max(1, round(width * factor))


def cell_means(values: Floats, shape: tuple[int, int]) -> Floats:
    """Average (H, W) values over the cells of a grid of ``shape`` rows and columns."""
    rows = np.arange(shape[0]) * values.shape[0] // shape[0]
    columns = np.arange(shape[1]) * values.shape[1] // shape[1]
    sums = np.add.reduceat(np.add.reduceat(values.astype(np.float32), rows, axis=0), columns, axis=1)
    heights = np.diff(np.append(rows, values.shape[0]))
    widths = np.diff(np.append(columns, values.shape[1]))
    return np.asarray(sums / (heights[:, None] * widths[None, :]), dtype=np.float32)


def as_grid(values: Floats) -> Grid:
    """A map as it is stored: float16, held to 0..1."""
    return np.clip(values, 0, 1).astype(np.float16)


def ramp(value: float, start: float, end: float) -> float:
    """0 up to ``start``, 1 from ``end`` on, a straight line between; ``end`` may not be ``start``."""
    return min(1.0, max(0.0, (value - start) / (end - start)))


def smoothed(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(h, w) by a binomial 1-2-1 along both axes; beyond the edge the edge goes on."""
    for axis in (0, 1):
        padded = np.pad(values, [(1, 1) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        before, here, after = (np.take(padded, range(k, k + values.shape[axis]), axis) for k in (0, 1, 2))
        values = (before + 2 * here + after) / 4
    return values
