"""Where a photo's subject roughly is and whether it has lines to hang level: enough to spoil a frame on purpose.

What differs in colour from the picture's rim and from the picture's mean, and where its edges are, stands out (the cues
of Achanta and others, CVPR 2009, and of boundary priors such as Wei and others, ECCV 2012). Training alone uses it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Pixels
from photocull.judge.spaces import oklab, reduced, smoothed

Map = NDArray[np.float64]

_SIDE: Final = 64
_RIM: Final = 0.08
_LINES_SIDE: Final = 384
_STRONG: Final = 0.9
"""Quantile of edge strength from which an edge counts as a line's."""
_LEVEL: Final = 2.0
"""Degrees off level or upright that still count as level."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Where the subject lies, in shares of width and height, 0..1.

    Attributes:
        left, top, right, bottom: the box that holds most of what stands out.
        clear: how far the box's colours are from the rim's, over the same of the whole frame: about 1 for a texture
            that fills the frame, where no crop could miss anything; 0 where nothing stands out.
    """

    left: float
    top: float
    right: float
    bottom: float
    clear: float

    @property
    def centre(self) -> tuple[float, float]:
        """Across and down."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


def salience(pixels: Pixels) -> Map:
    """How much each place stands out, 0..1, on a grid of at most 64 cells along the longer side."""
    lab = oklab(reduced(pixels, _SIDE)).astype(np.float64)
    from_mean = np.linalg.norm(lab - lab.mean(axis=(0, 1)), axis=-1)
    down, across = (np.linalg.norm(_slope(lab, axis), axis=-1) for axis in (0, 1))
    parts = (_off_rim(lab), from_mean, 2 * _smooth(np.hypot(down, across), 2))
    total = _smooth(sum((part / max(float(part.max()), 1e-6) for part in parts), np.zeros(lab.shape[:2])), 2)
    total = total * _central(total.shape)
    return np.asarray(np.clip((total - total.min()) / max(float(np.ptp(total)), 1e-9), 0, 1))


def find_subject(pixels: Pixels) -> Subject:
    """The box between the tenths of the strongest salience; the middle of the frame where nothing stands out."""
    strength = salience(pixels) ** 3
    if float(strength.sum()) <= 0:
        return Subject(0.25, 0.25, 0.75, 0.75, 0.0)
    left, right = _bounds(strength.sum(axis=0))
    top, bottom = _bounds(strength.sum(axis=1))
    rows, columns = _places(top, bottom, strength.shape[0]), _places(left, right, strength.shape[1])
    off_rim = _smooth(_off_rim(oklab(reduced(pixels, _SIDE)).astype(np.float64)), 2)
    clear = float(off_rim[rows, columns].mean()) / max(float(off_rim.mean()), 1e-6)
    return Subject(left, top, right, bottom, clear)


def levelness(pixels: Pixels) -> float:
    """Share of the strong edges' energy that runs level or upright within 2 degrees, over what chance would give.

    1 is a picture without preferred directions; buildings and the sea reach 3 to 15. A turned picture of such lines
    looks tilted, one without them does not.
    """
    light = oklab(reduced(pixels, _LINES_SIDE))[..., 0].astype(np.float64)
    light = _smooth(light, 1)
    down, across = (_slope(light, axis) for axis in (0, 1))
    strength = np.hypot(down, across)
    strong = strength > max(float(np.quantile(strength, _STRONG)), 1e-4)
    if not strong.any():
        return 0.0
    off = np.degrees(np.arctan2(down[strong], across[strong])) % 90
    level = np.minimum(off, 90 - off) < _LEVEL
    energy = strength[strong]
    return float(energy[level].sum() / energy.sum()) / (2 * _LEVEL / 90)


def _places(start: float, end: float, count: int) -> slice:
    first = min(int(start * count), count - 1)
    return slice(first, max(first + 1, round(end * count)))


def _slope(lab: Map, axis: int) -> Map:
    """Differences along an axis, of the same shape; none along an axis of one cell."""
    if lab.shape[axis] < 2:
        return np.zeros_like(lab)
    return np.asarray(np.gradient(lab, axis=axis))


def _off_rim(lab: Map) -> Map:
    """Distance of each cell's colour from the nearest of the rim's colours."""
    return np.asarray(np.linalg.norm(lab[:, :, None] - _rim_colours(lab), axis=-1).min(axis=-1))


def _rim_colours(lab: Map) -> Map:
    """(8, 3): the mean colours of eight pieces along the rim, since a rim is seldom of one colour."""
    height, width = lab.shape[:2]
    deep, wide = max(1, round(height * _RIM)), max(1, round(width * _RIM))
    pieces = []
    for strip in (lab[:deep], lab[-deep:], lab[:, :wide].swapaxes(0, 1), lab[:, -wide:].swapaxes(0, 1)):
        half = max(1, strip.shape[1] // 2)
        pieces += [strip[:, :half], strip[:, -half:]]
    return np.array([piece.mean(axis=(0, 1)) for piece in pieces])


def _central(shape: tuple[int, ...]) -> Map:
    """1 in the middle, 0.35 in the corners: photographers keep subjects off the rim."""
    rows, columns = (np.linspace(-1, 1, side) if side > 1 else np.zeros(1) for side in shape)
    return np.asarray(0.35 + 0.65 * np.exp(-1.2 * (rows[:, None] ** 2 + columns[None, :] ** 2)))


def _bounds(marginal: Map) -> tuple[float, float]:
    """The tenths at both ends of a row of weights, as shares of its length, at least one place apart."""
    summed = np.concatenate([[0.0], np.cumsum(marginal)]) / marginal.sum()
    places = np.linspace(0, 1, len(summed))
    low, high = (float(np.interp(share, summed, places)) for share in (0.1, 0.9))
    return low, max(high, min(1.0, low + 1 / len(marginal)))


def _smooth(values: Map, rounds: int) -> Map:
    """`spaces.smoothed`, several times."""
    for _ in range(rounds):
        values = smoothed(values)
    return values
