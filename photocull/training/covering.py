"""Tries the attention map on validation photos: covering its hottest place should cost more than its coldest."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.work import CancelToken
from photocull.judge.attention import Cells, TopLayers, as_map, read_top_layers
from photocull.judge.networks.heads import features
from photocull.judge.networks.inputs import trunk_input
from photocull.judge.networks.layout import CELL
from photocull.judge.networks.runtime import TrunkRuntime
from photocull.models.registry import ModelResult
from photocull.training.datasets import Example, LabelledSet
from photocull.training.fitting import FittedHeads
from photocull.training.material import product_pixels
from photocull.training.objectives import Values, bootstrap

PHOTOS: Final = 100
SIDE: Final = 3
"""Side in cells of the square that is covered: about a sixteenth of the picture."""


def measure_attention(
    runtime: TrunkRuntime,
    tensors: Mapping[str, NDArray[np.generic]],
    fitted: FittedHeads,
    sets: tuple[LabelledSet, ...],
    token: CancelToken | None = None,
) -> tuple[ModelResult, ...]:
    """How often the hottest square of the aesthetic map, covered, lowers the score more than the coldest."""
    layers = read_top_layers(tensors)
    changes = []
    for example in validation_photos(sets):
        if token is not None:
            token.check()
        changes.append(covered_changes(runtime, fitted, layers, trunk_input(product_pixels(example.path))))
    hot, cold = np.array(changes).T
    place = f"validation, {SIDE} x {SIDE} cells covered with the photo's mean colour"
    return (
        _share("covering the hottest lowers it more than the coldest", place, hot < cold),
        _share("covering the hottest lowers it", place, hot < 0),
    )


def validation_photos(sets: tuple[LabelledSet, ...]) -> list[Example]:
    """At most `PHOTOS` of the rated sets in equal parts, evenly spread over their lists."""
    chosen = []
    rated = [labelled for labelled in sets if labelled.name != "themes"]
    for labelled in rated:
        photos = [example for example in labelled.examples if example.split == "validation"]
        count = min(len(photos), -(-PHOTOS // len(rated)))
        chosen += [photos[k * len(photos) // count] for k in range(count)]
    return chosen[:PHOTOS]


def covered_changes(
    runtime: TrunkRuntime, fitted: FittedHeads, layers: TopLayers, values: NDArray[np.float32]
) -> tuple[float, float]:
    """Change of the aesthetic mixture when the map's hottest and coldest square are covered."""
    output = runtime.run(values)
    numbers = features(output)
    (quality, by_quality), (beauty, by_beauty) = (
        head.value_and_gradient(numbers) for head in (fitted.quality, fitted.beauty)
    )
    towards = fitted.shares[0] * by_quality + fitted.shares[1] * by_beauty
    sums = square_sums(as_map(Cells(output, layers).evidence(towards)).astype(np.float64))
    before = fitted.shares[0] * quality + fitted.shares[1] * beauty
    hot, cold = (
        _aesthetic(fitted, features(runtime.run(cover(values, place)))) - before
        for place in (int(sums.argmax()), int(sums.argmin()))
    )
    return hot, cold


def _aesthetic(fitted: FittedHeads, numbers: Values) -> float:
    return fitted.shares[0] * fitted.quality.value(numbers) + fitted.shares[1] * fitted.beauty.value(numbers)


def square_sums(grid: Values) -> Values:
    """Sum of every `SIDE` x `SIDE` square, by its top-left cell."""
    total = np.pad(grid.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    return np.asarray(total[SIDE:, SIDE:] - total[:-SIDE, SIDE:] - total[SIDE:, :-SIDE] + total[:-SIDE, :-SIDE])


def cover(values: NDArray[np.float32], place: int) -> NDArray[np.float32]:
    """The input (3, H, W) with the square of this number (row by row) painted in its mean colour."""
    columns = values.shape[2] // CELL - SIDE + 1
    top, left = (CELL * step for step in divmod(place, columns))
    covered = values.copy()
    mean = values.mean(axis=(1, 2), keepdims=True)
    covered[:, top : top + CELL * SIDE, left : left + CELL * SIDE] = mean
    return covered


def _share(measure: str, place: str, happened: NDArray[np.bool_]) -> ModelResult:
    values = happened.astype(np.float64)
    share = bootstrap(lambda first, _: float(first.mean()), values, values)
    return ModelResult("attention", place, measure, share.value, share.low, share.high, len(values))
