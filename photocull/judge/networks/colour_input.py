"""What the learnt colour score reads of a photo: the trunk's middle stages by place, a small picture, tones in all."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photocull.core.types import Pixels
from photocull.judge.networks.heads import Vector, pool
from photocull.judge.networks.layout import STAGE_WIDTHS
from photocull.judge.networks.runtime import TrunkOutput
from photocull.judge.spaces import oklab, reduced

SIDE: Final = 9
"""Cells along both sides of what the head reads, whatever the photo's shape: as many as a square first view has."""
COLOURS: Final = 48
"""Pixels along both sides of the small picture."""
FIRST_CHANNEL: Final = STAGE_WIDTHS[0]
LAST_CHANNEL: Final = sum(STAGE_WIDTHS[:5])
CHANNELS: Final = LAST_CHANNEL - FIRST_CHANNEL
"""256 channels: stages 1 to 4."""
_SHARES: Final = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)
QUANTILES: Final = len(_SHARES)
TONES: Final = 2 * QUANTILES
_REDUCED: Final = 160
"""The palette's own reduction, so that a picture reduced for it may be handed in with the same result."""
STRETCH: Final = np.array([2.0, 8.0, 8.0])
"""From OKLab to about -1..1."""


@dataclass(frozen=True, slots=True, eq=False)
class ColourInput:
    """What the colour head reads of one photo.

    Attributes:
        cells: (256, 9, 9) means of stages 1 to 4 over each place.
        lab: (2304, 4) of the 48 x 48 picture: lightness, two opponent axes and chroma, each about -1..1.
        tones: (14,) quantiles of lightness, then of chroma, in the same units.
        pooled: (1568,) see `heads.pool`.
    """

    cells: NDArray[np.float32]
    lab: Vector
    tones: Vector
    pooled: Vector


def colour_input(output: TrunkOutput, pixels: Pixels) -> ColourInput:
    """From the trunk's first view and the picture, which may be reduced to 160 pixels without a difference."""
    lab = point_colours(small_picture(pixels))
    return ColourInput(square_cells(output), lab, tones(lab), pool(output))


def square_cells(output: TrunkOutput) -> NDArray[np.float32]:
    """(256, 9, 9): each place the mean of the cells it covers."""
    kept = output.mean[FIRST_CHANNEL:LAST_CHANNEL]
    down, across = (_resampling(length) for length in kept.shape[1:])
    return np.asarray(np.matmul(np.matmul(down, kept), across.T), dtype=np.float32)


def small_picture(pixels: Pixels) -> Pixels:
    """(48, 48, 3): each pixel the mean of its part of the picture."""
    image = Image.fromarray(reduced(pixels, _REDUCED))
    return np.asarray(image.resize((COLOURS, COLOURS), Image.Resampling.BOX))


def point_colours(small: Pixels) -> Vector:
    """(2304, 4) from `small_picture`."""
    lab = oklab(small).reshape(-1, 3).astype(np.float64)
    stretched = (lab - [0.5, 0, 0]) * STRETCH
    return np.column_stack([stretched, np.hypot(stretched[:, 1], stretched[:, 2])])


def tones(lab: Vector) -> Vector:
    """(14,) from `point_colours`: how dark, how light, how grey and how colourful, whatever lies where."""
    return np.quantile(lab[:, [0, 3]], _SHARES, axis=0).T.reshape(-1)


def _resampling(length: int) -> NDArray[np.float64]:
    edges = np.linspace(0, length, SIDE + 1)
    cells = np.arange(length)
    covered = np.minimum(edges[1:, None], cells + 1) - np.maximum(edges[:-1, None], cells)
    return np.asarray(np.maximum(covered, 0) * SIDE / length)
