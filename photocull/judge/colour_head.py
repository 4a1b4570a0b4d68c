"""The learnt colour score of one photo, with maps of where it looked and of what speaks for the photo's colours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Grid, Pixels
from photocull.judge.networks.colour_input import QUANTILES, SIDE, STRETCH, colour_input
from photocull.judge.networks.colour_points import POINTS, Looked, read_colour_points
from photocull.judge.networks.heads import Calibration, Vector
from photocull.judge.networks.runtime import TrunkOutput
from photocull.judge.spaces import ramp

POINT_CELLS: Final = 28
"""Cells along both sides of the map of points."""
_NOTHING: Final = 1e-9
_BLACK_AND_WHITE: Final = (0.008, 0.02)
"""OKLab chroma of a photo's strongest fiftieth: up to the first it is black and white, from the second on it is not."""


@dataclass(frozen=True, slots=True, eq=False)
class ColourReading:
    """What the head says of one photo.

    Attributes:
        score: 0..10; 5 for black and white, which is a choice that this head has no word on. value: the answer before
            calibration.
        points: (28, 28) where it looked, by how far a point is open and by what hangs on its place; for `paint_dots`.
        gates: (9, 9) how far each place's own points are open, 0..1.
        map: (9, 9) what speaks for the photo's colours, the strongest 1.
        facts: ``colour_darkest`` and ``colour_lightest`` (OKLab lightness, 0..1) and ``colour_strongest`` (OKLab
            chroma) of a fiftieth of the picture each; `colour_reasons` says what they mean.
        against: (9, 9) what speaks against them, on the scale of ``map``, held at 1.
    """

    score: float
    value: float
    points: Grid
    gates: Grid
    map: Grid
    against: Grid
    facts: Mapping[str, float]


class ColourHead:
    """The head with its weights, safe to call from several threads.

    Args:
        tensors: the built-in model's, by name.

    Raises:
        ModelError: a tensor is missing or its shape does not fit.
    """

    def __init__(self, tensors: Mapping[str, NDArray[np.generic]]) -> None:
        self._head = read_colour_points(tensors)
        self._calibration = Calibration(*map(float, self._head.standards["calibration"]))

    def read(self, output: TrunkOutput, pixels: Pixels) -> ColourReading:
        """Judge one photo.

        Args:
            output: the trunk's, of the first view.
            pixels: (H, W, 3) uint8 sRGB, the preview; reduced to 160 pixels it gives the same.
        """
        seen = colour_input(output, pixels)
        looked = self._head.look(seen)
        strongest = max(float(np.abs(looked.influence).max()), _NOTHING)
        facts = tone_facts(seen.tones)
        return ColourReading(
            score=5 + ramp(facts["colour_strongest"], *_BLACK_AND_WHITE) * (self._calibration.shown(looked.value) - 5),
            value=looked.value,
            points=point_map(looked),
            gates=looked.gates.reshape(-1, SIDE, SIDE, POINTS).mean(axis=(0, 3)).astype(np.float16),
            map=np.clip(looked.influence / strongest, 0, 1).astype(np.float16),
            against=np.clip(-looked.influence / strongest, 0, 1).astype(np.float16),
            facts=facts,
        )


def tone_facts(tones: Vector) -> dict[str, float]:
    """The facts of `ColourReading` from `colour_input.tones`."""
    light, chroma = tones[:QUANTILES] / STRETCH[0] + 0.5, tones[QUANTILES:] / STRETCH[1]
    return {
        "colour_darkest": float(light[0]),
        "colour_lightest": float(light[-1]),
        "colour_strongest": float(chroma[-1]),
    }


def point_map(looked: Looked) -> Grid:
    """(28, 28) the gates of the points there, each by what its cell changes in the score; the strongest 1."""
    hangs = np.abs(looked.influence).reshape(-1, 1).repeat(POINTS, axis=1).reshape(-1)
    grid: Vector = np.zeros((POINT_CELLS, POINT_CELLS))
    for points, gates in zip(looked.points, looked.gates, strict=True):
        places = np.clip((points * POINT_CELLS).astype(np.intp), 0, POINT_CELLS - 1)
        np.add.at(grid, (places[:, 0], places[:, 1]), gates * hangs)
    return np.asarray(grid / max(float(grid.max()), _NOTHING), dtype=np.float16)
