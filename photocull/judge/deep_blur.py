"""How deep a blur goes that leaves no edge narrow enough to be measured at full size: read from ever smaller copies.

A blur of a share of the picture is as wide in a small copy as a slight one is at full size, so edges are measured in
copies of 128, 64 and 32 pixels as `focus` measures them. What tells it from a plain sky is that tones come and go
more than once.
"""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photocull.judge.spaces import Floats, ramp

_LEVELS: Final = ((128, 0.18, 0.415), (64, 0.13, 0.45), (32, 0.15, 0.48))
"""Longest side of each copy, and steepest step over contrast of its sharpest edges that is soft throughout, and not at
all. Of 1,211 validation photos all but two, which are blurred, have .42, .45 and .49 or more; a Gaussian blur of 1, 2,
4, 8 and 16 % of the longer side leaves .45, .32, .21, .14, .11 in the first copy, .64, .45, .32, .21, .13 in the
second and .82, .64, .45, .32, .20 in the third."""
_RUN: Final = 12
"""Pixels within which an edge must rise."""
_CONTRAST: Final = 20.0
"""Grey levels between its ends."""
_EDGES: Final = 0.03
"""Share of the runs that hold an edge, from which a copy is believed; below, the smaller one is asked too."""
_SHARPEST: Final = 0.95
_FORM_SIDE: Final = 16
_NO_FORM, _FORM = 3.0, 6.0
"""Grey levels by which tones differ from one even rise, fall or glow, in a copy of 16 pixels. Skies have 5 or less; of
photos after a blur of 8, 12 and 16 % of the side nine of ten keep 8.9, 5.1 and 3.5 or more."""


def blur_depth(grey: NDArray[np.uint8]) -> float:
    """0 for a luma (H, W) with a sharp place or without anything to tell by; up to 1, the wider the blur."""
    whole = _whole(grey)
    there = _formed(whole)
    if there == 0:
        return 0.0
    softness, total = 0.0, 0.0
    for side, soft, sharp in reversed(_LEVELS):
        step, held = _sharpest(_copy(whole, side))
        believed = ramp(held, 0, _EDGES)
        softness = believed * (1 - ramp(step, soft, sharp)) + (1 - believed) * softness
        total += softness
    return there * total / len(_LEVELS)


def formed(grey: NDArray[np.uint8]) -> float:
    """0 for a luma of one even rise, fall or glow, as a plain sky has; up to 1 where tones come and go."""
    return _formed(_whole(grey))


def _formed(whole: Image.Image) -> float:
    return ramp(_form(_copy(whole, _FORM_SIDE)), _NO_FORM, _FORM)


def _whole(grey: NDArray[np.uint8]) -> Image.Image:
    """In floats, so that copies are averaged without rounding: slopes of a wide blur are fractions of a grey level."""
    return Image.fromarray(grey.astype(np.float32))


def _copy(whole: Image.Image, side: int) -> Floats:
    share = min(1.0, side / max(whole.size))
    size = max(1, round(whole.width * share)), max(1, round(whole.height * share))
    return np.asarray(whole.resize(size, Image.Resampling.BOX), dtype=np.float32)


def _sharpest(copy: Floats) -> tuple[float, float]:
    """Steepest step over contrast of the sharpest edges, and the share of runs that hold an edge."""
    steps, contrasts = (np.concatenate(both) for both in zip(_runs(copy), _runs(copy.T), strict=True))
    told = contrasts >= _CONTRAST
    if not told.any():
        return 1.0, 0.0
    return float(np.quantile(steps[told] / contrasts[told], _SHARPEST)), float(told.mean())


def _runs(copy: Floats) -> tuple[Floats, Floats]:
    """Steepest step and contrast of every second run along the rows."""
    if copy.shape[1] < _RUN + 2:
        return np.zeros(0, np.float32), np.zeros(0, np.float32)
    steps = _along(np.abs(np.diff(copy, axis=1)), _RUN - 1, np.maximum)
    contrasts = _along(copy, _RUN, np.maximum) - _along(copy, _RUN, np.minimum)
    return steps[:, ::2].ravel(), contrasts[:, ::2].ravel()


def _along(values: Floats, width: int, extreme: np.ufunc) -> Floats:
    """The extreme of each window along the rows, from windows of half its width."""
    size = 1
    while 2 * size <= width:
        values, size = extreme(values[:, :-size], values[:, size:]), 2 * size
    rest = width - size
    return extreme(values[:, :-rest], values[:, rest:]) if rest else values


def _form(copy: Floats) -> float:
    """Deviation from the smooth surface of second degree that lies nearest: a sky, a vignette or one glow is one."""
    if min(copy.shape) < 4:
        return 0.0
    surfaces = _surfaces(*copy.shape)
    level = copy.ravel().astype(np.float64)
    return float((level - surfaces @ (surfaces.T @ level)).std())


@lru_cache(maxsize=64)
def _surfaces(height: int, width: int) -> NDArray[np.float64]:
    """(height * width, 6) orthonormal: the polynomials up to the second degree."""
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    return np.linalg.qr(np.stack([(x**i * y**j).ravel() for i in range(3) for j in range(3 - i)], axis=1))[0]
