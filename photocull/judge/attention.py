"""Where a score comes from: each cell's share of a head's answer as a small map over the picture.

A head reads means, standard deviations and class logits of the whole picture. To first order its answer is the sum over
cells of gradient times the cell's own deviation from the picture's average, which is exact for the means and the logits
and Taylor's first term for the deviations (as in Grad-CAM, Selvaraju et al., ICCV 2017, on every stage at once).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Grid
from photocull.judge.networks.heads import POOLED, Vector
from photocull.judge.networks.layout import CHANNELS, STAGE_WIDTHS
from photocull.judge.networks.runtime import TrunkOutput

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


def evidence(output: TrunkOutput, gradient: Vector, layers: TopLayers) -> NDArray[np.float64]:
    """Signed contribution of every cell to a head's answer, (h, w); its sum is zero.

    Args:
        output: the trunk's answer to the photo.
        gradient: (2568,) the head's gradient there, see `Head.gradient`.
        layers: the trunk's last layers.
    """
    mean = output.mean.mean(axis=(1, 2), dtype=np.float64)
    square = output.square.mean(axis=(1, 2), dtype=np.float64)
    deviation = np.sqrt(np.maximum(square - mean * mean, 0.0))
    towards_mean, towards_deviation = gradient[:CHANNELS], gradient[CHANNELS:POOLED]
    # d deviation = (d square - 2 mean d mean) / (2 deviation)
    by_square = np.where(deviation > _FLAT, towards_deviation / (2 * np.maximum(deviation, _FLAT)), 0.0)
    by_mean = towards_mean - 2 * mean * by_square
    total = np.tensordot(by_mean.astype(np.float32), output.mean, axes=1).astype(np.float64)
    total += np.tensordot(by_square.astype(np.float32), output.square, axes=1)
    if np.any(gradient[POOLED:]):
        total += _class_evidence(output, gradient[POOLED:], layers)
    return np.asarray((total - total.mean()) / total.size)


def _class_evidence(output: TrunkOutput, gradient: Vector, layers: TopLayers) -> NDArray[np.float64]:
    # The last stage's cells are single values, so the layers above it can be run cell by cell.
    last = output.mean[-STAGE_WIDTHS[-1] :]
    rows, columns = last.shape[1:]
    active = np.clip(layers.top @ last.reshape(last.shape[0], -1) + layers.top_bias[:, None], 0, 6)
    votes = gradient.astype(np.float32) @ layers.classes
    return np.asarray((votes @ active).reshape(rows, columns), dtype=np.float64)


def as_map(contributions: NDArray[np.float64]) -> Grid:
    """Positive evidence, smoothed over neighbouring cells and scaled so that the strongest cell is 1."""
    positive = _smooth(np.maximum(contributions, 0.0))
    strongest = float(positive.max())
    if strongest < _NOTHING:
        return np.zeros(contributions.shape, dtype=np.float16)
    return (positive / strongest).astype(np.float16)


def _smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Binomial 1-2-1 along both axes; beyond the edge the edge goes on."""
    for axis in (0, 1):
        padded = np.pad(values, [(1, 1) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        before, here, after = (np.take(padded, range(k, k + values.shape[axis]), axis) for k in (0, 1, 2))
        values = (before + 2 * here + after) / 4
    return values
