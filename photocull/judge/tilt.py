"""Whether the horizon hangs: one long straight line a few degrees off level, and nothing upright against it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Bytes = NDArray[np.uint8]

_SIDE: Final = 320
_ANGLES: Final = np.arange(-10, 10.01, 0.5)
_WIDEST: Final = 12.0
_LEAST_STEP: Final = 12
_NEAR: Final = 6.0
"""Degrees within which an edge pixel's own angle speaks for a line's."""


@dataclass(frozen=True, slots=True)
class Line:
    """The longest straight line near level: ``degrees`` off it, and the share of the picture's width it covers.

    ``level`` is the cover of the best line within a degree of level, ``rival`` of the best at some third angle.
    """

    degrees: float
    cover: float
    level: float
    rival: float


def read_tilt(grey: Bytes) -> tuple[dict[str, float], bool]:
    """Facts ``tilt`` (degrees; positive where the right side hangs) and ``tilt_cover``, and whether it is a fault.

    Cautious by purpose: roofs and roads run at an angle in level photos, so one line must dominate.
    """
    small = _small(grey)
    across = longest_line(small)
    off = 1.5 <= abs(across.degrees) <= 8
    alone = across.cover >= 0.7 and across.level < 0.35 * across.cover and across.rival < 0.6 * across.cover
    tilted = off and alone and not _contradicted(small)
    return {"tilt": across.degrees if across.cover >= 0.5 else 0.0, "tilt_cover": across.cover}, tilted


def _contradicted(grey: Bytes) -> bool:
    """Whether uprights stand upright: turned pictures turn theirs as well, and the transpose turns the sign."""
    upright = longest_line(np.ascontiguousarray(grey.T))
    return upright.level >= 0.4 and upright.level > upright.cover * 0.8


def _small(grey: Bytes) -> Bytes:
    factor = max(1, round(max(grey.shape) / _SIDE))
    return np.asarray(Image.fromarray(grey).reduce(factor)) if factor > 1 else grey


def longest_line(grey: Bytes) -> Line:
    """Find the line by votes of edge pixels for an angle and a height, each for angles near its own gradient's."""
    if min(grey.shape) < 16:
        return Line(0.0, 0.0, 0.0, 0.0)
    x, y, angle = _edge_points(grey)
    first = np.searchsorted(angle, _ANGLES - _NEAR, side="right")
    last = np.searchsorted(angle, _ANGLES + _NEAR, side="left")
    covers = np.array(
        [
            _cover(x[start:end], y[start:end], float(candidate), grey.shape[1])
            for candidate, start, end in zip(_ANGLES, first, last, strict=True)
        ]
    )
    best = int(np.argmax(covers))
    degrees = float(_ANGLES[best])
    level = float(covers[np.abs(_ANGLES) <= 1].max()) if abs(degrees) > 1.2 else float(covers[best])
    third = covers[(np.abs(_ANGLES - degrees) > 2) & (np.abs(_ANGLES) > 1)]
    return Line(degrees, float(covers[best]), level, float(third.max()) if third.size else 0.0)


def _edge_points(grey: Bytes) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Column, row and angle off level in degrees of the crests of edges, in the order of their angles."""
    # A crisp slanted edge is a staircase whose steps are level; a little blur gives its pixels the slant.
    values = _softened(_softened(grey.astype(np.float32)).T).T
    down = values[2:, 1:-1] - values[:-2, 1:-1]
    right = values[1:-1, 2:] - values[1:-1, :-2]
    steep = np.abs(down)
    crest = np.zeros_like(steep, dtype=bool)
    crest[1:-1] = (steep[1:-1] >= steep[:-2]) & (steep[1:-1] > steep[2:])
    kept = crest & (steep >= _LEAST_STEP) & (np.abs(right) <= np.tan(np.radians(_WIDEST + 8)) * steep)
    y, x = np.nonzero(kept)
    angle = -np.degrees(np.arctan(right[kept] / down[kept])).astype(np.float32)
    order = np.argsort(angle, kind="stable")
    return x[order], y[order], angle[order]


def _softened(values: NDArray[np.float32]) -> NDArray[np.float32]:
    padded = np.pad(values, ((2, 2), (0, 0)), mode="edge")
    mixed = padded[:-4] + padded[4:] + 4 * (padded[1:-3] + padded[3:-1]) + 6 * padded[2:-2]
    return np.asarray(mixed / 16, dtype=np.float32)


def _cover(x: NDArray[np.int64], y: NDArray[np.int64], candidate: float, width: int) -> float:
    """Share of the columns on the best line at this angle, by the points whose own angle is near it."""
    if len(x) < 0.2 * width:
        return 0.0
    height = np.round(y - np.tan(np.radians(candidate)) * x).astype(np.int64)
    low = int(height.min())
    votes = np.bincount(height - low)
    pairs = votes + np.append(votes[1:], 0)
    row = int(np.argmax(pairs)) + low
    seen = np.zeros(width, dtype=bool)
    seen[x[(height == row) | (height == row + 1)]] = True
    return int(seen.sum()) / width
