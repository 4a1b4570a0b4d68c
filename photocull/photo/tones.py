"""From named colours of any depth to 8 bits with sRGB's curve; what is brighter than paper white is rolled off.

So HDR pictures look as people expect them on any screen. Of all formats the same: JPEG XL, HEIF and AVIF.
"""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Pixels
from photocull.photo.colours import DCI, HLG, LINEAR, PQ, SDR_NITS, Colours

_Floats = NDArray[np.float64]
_BT709: Final = 1
LIGHT: Final = (LINEAR, PQ, HLG)
"""Curves that need more than 8 bits for their shadows."""
_DEEP: Final = (1 << 16) - 1
_PAPER: Final = 203.0
"""Brightness of white paper in HDR pictures, cd/m2 (ITU-R BT.2408)."""
_KNEE: Final = 0.6
"""Share of paper white up to which nothing is rolled off."""


def to_8bit(
    samples: NDArray[np.generic], colours: Colours | None, *, top: int, nits: float = SDR_NITS, alpha: bool = False
) -> Pixels:
    """Samples of any depth as 8 bits; those of named colours come out with sRGB's curve.

    Args:
        samples: (H, W) or (H, W, C) of uint8, uint16 or floating-point numbers, as decoded.
        colours: what they are in; None, or with a profile, keep their own curve.
        top: the number of white. nits: how bright it is meant to be, cd/m2; linear light alone needs to know.
        alpha: the last channel is how opaque the picture is, and no light.
    """
    named = None if colours is None or colours.profiled else colours
    curved = named is not None and has_curve(named, nits)
    if samples.dtype == np.uint8 and top == 255 and not curved:
        return np.asarray(samples, np.uint8)
    levels, plain = _levels(named, nits), _levels(None, nits)
    shown = np.empty(samples.shape, np.uint8)
    # Row by row: in floating point the picture is already four times as large as it will be.
    for row in range(len(samples)):
        deep = _deep(samples[row], top)
        shown[row] = levels[deep]
        if alpha:
            shown[row, :, -1] = plain[deep[:, -1]]
    return shown


def has_curve(colours: Colours, nits: float = SDR_NITS) -> bool:
    """Whether the numbers follow another curve than sRGB's."""
    return _curve(colours, nits) is not None


def grey_of(colours: Colours | None, nits: float = SDR_NITS) -> float:
    """What `to_8bit` shows as mid-grey, as a share of white: it stands where there is nothing of a picture."""
    named = None if colours is None or colours.profiled else colours
    return int(np.searchsorted(_levels(named, nits), 128)) / _DEEP


def _deep(row: NDArray[np.generic], top: int) -> NDArray[np.uint16]:
    """A row as 16 bits; what is no number is black."""
    numbers = np.nan_to_num(row.astype(np.float32), nan=0.0, posinf=float(top), neginf=0.0)
    shares = np.clip(numbers * np.float32(1 / top), 0.0, 1.0)
    return np.asarray(shares * np.float32(_DEEP) + np.float32(0.5), np.uint16)


@lru_cache(maxsize=8)
def _levels(colours: Colours | None, nits: float) -> Pixels:
    """Each of 65,536 numbers as 8 bits; without colours by scaling alone."""
    numbers = np.linspace(0.0, 1.0, _DEEP + 1)
    if colours is not None:
        curve = _curve(colours, nits)
        numbers = numbers if curve is None else _encoded(curve)
    return (numbers * 255.0 + 0.5).astype(np.uint8)


def _curve(colours: Colours, nits: float) -> _Floats | None:
    """Light of each of 65,536 numbers, 1 being white; None where the numbers have sRGB's own curve."""
    hdr = colours.transfer in (PQ, HLG) or (colours.transfer == LINEAR and nits > SDR_NITS)
    numbers = np.linspace(0.0, 1.0, _DEEP + 1)
    if hdr:
        return _rolled_off(_nits(numbers, colours.transfer, nits) / _PAPER)
    if colours.gamma is not None:
        return np.asarray(numbers ** (1.0 / colours.gamma)) if colours.gamma > 0 else None
    if colours.transfer == LINEAR:
        return numbers
    if colours.transfer == DCI:
        return np.asarray(numbers**2.6)
    if colours.transfer == _BT709:
        return np.where(numbers < 0.081, numbers / 4.5, ((numbers + 0.099) / 1.099) ** (1 / 0.45))
    return None


def _nits(numbers: _Floats, transfer: int, peak: float) -> _Floats:
    """Brightness on an HDR screen, cd/m2 (ITU-R BT.2100; HLG's system gamma is applied to each colour by itself)."""
    if transfer == LINEAR:
        return numbers * peak
    if transfer == PQ:
        root = numbers ** (1 / 78.84375)
        share = np.maximum(root - 0.8359375, 0.0) / (18.8515625 - 18.6875 * root)
        return np.asarray(10_000.0 * share ** (1 / 0.1593017578125))
    scene = np.where(numbers <= 0.5, numbers**2 / 3, (np.exp((numbers - 0.55991073) / 0.17883277) + 0.28466892) / 12)
    return np.asarray(1000.0 * scene**1.2)


def _rolled_off(light: _Floats) -> _Floats:
    """Unchanged up to the knee, from there towards 1, which nothing reaches."""
    above = 1.0 - np.exp(-(light - _KNEE) / (1.0 - _KNEE))
    return np.where(light <= _KNEE, light, _KNEE + (1.0 - _KNEE) * above)


def _encoded(light: _Floats) -> _Floats:
    """Light with sRGB's curve (IEC 61966-2-1)."""
    bounded = np.clip(light, 0.0, 1.0)
    return np.where(bounded <= 0.0031308, 12.92 * bounded, 1.055 * bounded ** (1 / 2.4) - 0.055)
