"""Where a score comes from: each cell's share of a head's answer as a small map over the picture.

A head reads means, standard deviations and class logits of the whole picture. To first order its answer is the sum over
cells of gradient times the cell's own deviation from the picture's average, which is exact for the means and the logits
and Taylor's first term for the deviations (as in Grad-CAM, Selvaraju et al., ICCV 2017, on every stage at once).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Grid
from photocull.judge.networks.heads import POOLED, Vector
from photocull.judge.networks.layout import CHANNELS, STAGE_WIDTHS
from photocull.judge.networks.runtime import TrunkOutput
from photocull.judge.spaces import smoothed

_FLAT: Final = 1e-3
"""A channel that varies less than this has no deviation to speak of."""
_NOTHING: Final = 1e-5
"""Contributions below this are rounding, in standard deviations of ordinary photos."""


@dataclass(frozen=True, slots=True, eq=False)
class TopLayers:
    """The trunk's last two layers, through which every cell votes on the classes.

    Attributes:
        top: (1280, 320). top_bias: (1280,). classes: (1000, 1280).
    """

    top: NDArray[np.float32]
    top_bias: NDArray[np.float32]
    classes: NDArray[np.float32]


def read_top_layers(tensors: Mapping[str, NDArray[np.generic]]) -> TopLayers:
    """Those layers out of the trunk's tensors."""
    top = tensors["top.weight"].astype(np.float32)
    return TopLayers(
        top.reshape(top.shape[0], -1),
        tensors["top.bias"].astype(np.float32),
        tensors["classes.weight"].astype(np.float32),
    )


class Cells:
    """One photo's cells, ready to be asked for any head's evidence: what does not depend on the head is done once.

    Args:
        output: the trunk's answer to the photo.
        layers: the trunk's last layers.
    """

    def __init__(self, output: TrunkOutput, layers: TopLayers) -> None:
        self._output = output
        self._layers = layers
        self._mean = output.mean.mean(axis=(1, 2), dtype=np.float64)
        square = output.square.mean(axis=(1, 2), dtype=np.float64)
        self._deviation = np.sqrt(np.maximum(square - self._mean * self._mean, 0.0))

    def evidence(self, gradient: Vector) -> NDArray[np.float64]:
        """Signed contribution of every cell to a head's answer, (h, w); its sum is zero.

        Args:
            gradient: (2568,) the head's gradient by this look's numbers, or (1568,) by the pooled ones alone, see
                `Head.value_and_gradient`.
        """
        towards_mean, towards_deviation = gradient[:CHANNELS], gradient[CHANNELS:POOLED]
        # d deviation = (d square - 2 mean d mean) / (2 deviation)
        seen = self._deviation > _FLAT
        by_square = np.where(seen, towards_deviation / (2 * np.maximum(self._deviation, _FLAT)), 0.0)
        by_mean = towards_mean - 2 * self._mean * by_square
        total = np.tensordot(by_mean.astype(np.float32), self._output.mean, axes=1).astype(np.float64)
        total += np.tensordot(by_square.astype(np.float32), self._output.square, axes=1)
        if np.any(gradient[POOLED:]):
            votes = gradient[POOLED:].astype(np.float32) @ self._layers.classes
            total += np.asarray((votes @ self._active).reshape(total.shape), dtype=np.float64)
        return np.asarray((total - total.mean()) / total.size)

    @cached_property
    def _active(self) -> NDArray[np.float32]:
        # The last stage's cells are single values, so the layers above it can be run cell by cell.
        last = self._output.mean[-STAGE_WIDTHS[-1] :]
        before = self._layers.top @ last.reshape(last.shape[0], -1) + self._layers.top_bias[:, None]
        return np.asarray(np.clip(before, 0, 6), dtype=np.float32)


def together(looks: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Contributions of several looks at one photo on the cells of the finest, each look's sum kept.

    Args:
        looks: (h, w) of each, which all lie over the whole picture.
    """
    rows, columns = max((look.shape for look in looks), key=math.prod)
    total = np.zeros((rows, columns))
    for look in looks:
        total += _spread_over(rows, look.shape[0]) @ look @ _spread_over(columns, look.shape[1]).T
    return total


def _spread_over(cells: int, before: int) -> NDArray[np.float64]:
    """(cells, before) the part of each of the ``before`` equal pieces of a line that lies in each of ``cells``."""
    edges, old = np.arange(cells + 1) / cells, np.arange(before + 1) / before
    low = np.maximum(edges[:-1, None], old[None, :-1])
    high = np.minimum(edges[1:, None], old[None, 1:])
    return np.asarray(np.maximum(high - low, 0.0) * before)


def as_map(contributions: NDArray[np.float64]) -> Grid:
    """Positive evidence, smoothed over neighbouring cells and scaled so that the strongest cell is 1."""
    positive = smoothed(np.maximum(contributions, 0.0))
    strongest = float(positive.max())
    if strongest < _NOTHING:
        return np.zeros(contributions.shape, dtype=np.float16)
    return (positive / strongest).astype(np.float16)
