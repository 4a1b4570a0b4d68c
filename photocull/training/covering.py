"""Tries the attention map on validation photos: covering its hottest place should cost more than its coldest."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Pixels
from photocull.models.registry import ModelResult
from photocull.training.datasets import Example, LabelledSet
from photocull.training.looking import Judge
from photocull.training.material import product_pixels, read_sets
from photocull.training.objectives import Values, mean_interval
from photocull.training.reproducing import log_odds
from photocull.training.subject import Subject, spread

PHOTOS: Final = 100
SIDE: Final = 3
"""Side in cells of the square that is covered: about a ninth of the picture's height and width each."""


def measure_attention(subject: Subject) -> tuple[ModelResult, ...]:
    """How often the hottest square of the aesthetic map, covered, lowers the score more than the coldest."""
    changes = []
    for example in validation_photos(read_sets(subject.data))[: subject.limit]:
        subject.token.check()
        changes.append(covered_changes(subject.judge, product_pixels(example.path)))
    hot, cold = np.array(changes).T
    place = f"validation, {SIDE} x {SIDE} cells covered with the photo's mean colour"
    return (
        _share("covering the hottest lowers it more than the coldest", place, hot < cold),
        _share("covering the hottest lowers it", place, hot < 0),
    )


def validation_photos(sets: tuple[LabelledSet, ...]) -> list[Example]:
    """At most `PHOTOS` of the rated sets in equal parts, evenly spread over their lists."""
    chosen: list[Example] = []
    rated = [labelled for labelled in sets if labelled.name != "themes"]
    for labelled in rated:
        photos = [example for example in labelled.examples if example.split == "validation"]
        chosen += spread(photos, -(-PHOTOS // len(rated)))
    return chosen[:PHOTOS]


def covered_changes(judge: Judge, pixels: Pixels) -> tuple[float, float]:
    """Change of the aesthetic score's log odds when the map's hottest and coldest square are covered."""
    judgement = judge(pixels)
    grid = judgement.attention["aesthetic"].astype(np.float64)
    sums = square_sums(grid)
    hot, cold = (
        judge(cover(pixels, grid.shape, place)).aesthetic for place in (int(sums.argmax()), int(sums.argmin()))
    )
    before, after = log_odds(np.array([judgement.aesthetic])), log_odds(np.array([hot, cold]))
    return float(after[0] - before[0]), float(after[1] - before[0])


def square_sums(grid: Values) -> Values:
    """Sum of every square of `SIDE` cells, by its top-left cell; of smaller ones where the map is smaller."""
    side = _side(grid.shape)
    total = np.pad(grid.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    return np.asarray(total[side:, side:] - total[:-side, side:] - total[side:, :-side] + total[:-side, :-side])


def _side(shape: tuple[int, ...]) -> int:
    return min(SIDE, *shape)


def cover(pixels: Pixels, shape: tuple[int, ...], place: int) -> Pixels:
    """The picture with the square of this number (row by row) of a map of this shape painted in its mean colour."""
    rows, columns = shape
    side = _side(shape)
    top, left = divmod(place, columns - side + 1)
    high, wide = pixels.shape[:2]
    covered = pixels.copy()
    across = slice(round(left * wide / columns), round((left + side) * wide / columns))
    down = slice(round(top * high / rows), round((top + side) * high / rows))
    covered[down, across] = np.rint(pixels.mean(axis=(0, 1))).astype(np.uint8)
    return covered


def _share(measure: str, place: str, happened: NDArray[np.bool_]) -> ModelResult:
    values = happened.astype(np.float64)
    share = mean_interval(values)
    return ModelResult("attention", place, measure, share.value, share.low, share.high, len(values))
