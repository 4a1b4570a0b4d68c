"""Maps over the picture from what a published network saw: pure functions of arrays, small grids out; no torch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Grid
from photocull.core.vocabulary import THEMES
from photocull.judge.attention import as_map
from photocull.judge.networks.places import THEME_SCENES, scene_indices
from photocull.judge.themes import LEAST

Floats = NDArray[np.float32]

POINT_CELLS: Final = 28
"""Cells along a side of a map of points: two for each place where the finest layer may begin to look."""
_ROUNDING: Final = 1e-5
"""Contributions that differ by less than this share of themselves are equal."""


def strongest_theme(confidences: Mapping[str, float]) -> str | None:
    """The theme that a photo's map is shown for: the surest one that is worth reporting, if there is any."""
    best = max((theme for theme in THEMES if theme in confidences), key=lambda theme: confidences[theme], default=None)
    return best if best is not None and confidences[best] >= LEAST else None


def scene_weights(logits: Floats, theme: str) -> Floats:
    """(365,) the weights of a theme's scenes in its class activation: their share of the theme's confidence, sum 1.

    It is the gradient of the theme's logit, the log of the sum of exp over its scenes, at these logits (365,).
    """
    own = scene_indices(tuple({scene for group in THEME_SCENES[theme] for scene in group}))
    weights = np.zeros(len(logits))
    weights[own] = np.exp(logits[own].astype(np.float64) - logits[own].max())
    return np.asarray(weights / weights.sum(), dtype=np.float32)


def evidence_map(contributions: Floats) -> Grid:
    """What speaks for a number, whatever its unit: contributions above the picture's average, the strongest is 1."""
    values = contributions.astype(np.float64)
    if not _differ(values):
        return np.zeros(values.shape, dtype=np.float16)
    relative = values - values.mean()
    return as_map(relative / relative.std())


def change_map(changes: NDArray[np.float64]) -> Grid:
    """How much a score of 0..10 hangs on each place, from what it would change by without it; the most is 1.

    Up or down counts alike: a place that holds the score down decides it as much as one that holds it up.
    """
    sizes = np.abs(changes)
    if not np.isfinite(sizes).all() or sizes.max() <= _ROUNDING:
        return np.zeros(changes.shape, dtype=np.float16)
    return as_map(sizes / sizes.max())


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Where one layer of deformable attention looked at one photo.

    Attributes:
        positions: (groups, h, w, 2) y before x, its map's outermost cell centres at -1 and 1.
        attention: (groups, h, w) that each point received. gate: (h, w) of 0 and 1, None in a network without gates.
    """

    positions: Floats
    attention: Floats
    gate: Floats | None


def weigh(departures: Floats, layers: Sequence[Layer]) -> Floats:
    """(h, w) what hangs on each place: how far it departs from the picture, by all who take it into account.

    A place counts once for itself, since the network averages over all, and as often again as other places read it.
    """
    return np.asarray(departures * (1 + _readers(layers, len(departures))), dtype=np.float32)


def weight_map(weights: Floats) -> Grid:
    """What hangs on each place, from the least (0) to the most (1)."""
    values = weights.astype(np.float64)
    if not _differ(values):
        return np.zeros(weights.shape, dtype=np.float16)
    values -= values.min()
    return np.asarray(values / values.max(), dtype=np.float16)


def point_map(layers: Sequence[Layer], departures: Floats) -> Grid:
    """(28, 28) where the network looked: the attention that points there received, by how far the place departs.

    All layers count alike. A closed point is read at the picture's centre and counts there; one that left the picture
    read nothing. `dots.paint_dots` draws it.
    """
    return _from_zero(_read(layers, POINT_CELLS, departures))


def gate_map(layers: Sequence[Layer], weights: Floats) -> Grid:
    """(h, w) of the finest layer: the share of layers whose gate is open at a cell, by what hangs on the cell."""
    gates = [layer.gate for layer in layers if layer.gate is not None]
    side = max(len(gate) for gate in gates)
    share = np.mean([_enlarged(gate, side) for gate in gates], axis=0)
    return _from_zero((share * _enlarged(weights, side)).astype(np.float64))


def _readers(layers: Sequence[Layer], side: int) -> NDArray[np.float64]:
    """(side, side) attention read at each place, 1 on average; each reading spread over a cell, as its filter is."""
    fine = _read(layers, POINT_CELLS, np.ones((side, side), np.float32))
    step = POINT_CELLS // side
    tent = np.convolve(np.ones(step), np.ones(step)) / step**2
    for axis in (0, 1):
        fine = np.apply_along_axis(np.convolve, axis, fine, tent, "same")
    read = fine.reshape(side, step, side, step).sum(axis=(1, 3))
    return np.asarray(read / max(float(read.mean()), 1e-12))


def _read(layers: Sequence[Layer], cells: int, factor: Floats) -> NDArray[np.float64]:
    """(cells, cells) attention received there, times what the map ``factor`` has at the place."""
    grid = np.zeros((cells, cells))
    for layer in layers:
        side = layer.positions.shape[1]
        inside = (np.abs(layer.positions) <= 1).all(axis=-1)
        places = (((layer.positions[inside] + 1) / 2 * (side - 1)) + 0.5) / side
        fine, coarse = (np.minimum((places * n).astype(int), n - 1) for n in (cells, len(factor)))
        read = layer.attention[inside] / max(float(layer.attention.sum()), 1e-12)
        np.add.at(grid, (fine[:, 0], fine[:, 1]), read * factor[coarse[:, 0], coarse[:, 1]])
    return grid


def _from_zero(values: NDArray[np.float64]) -> Grid:
    most = float(values.max())
    if not np.isfinite(most) or most <= 0:
        return np.zeros(values.shape, dtype=np.float16)
    return np.asarray(values / most, dtype=np.float16)


def _differ(values: NDArray[np.float64]) -> bool:
    """Whether these are numbers that differ by more than rounding."""
    return bool(np.isfinite(values).all()) and float(np.ptp(values)) > _ROUNDING * float(np.abs(values).max())


def _enlarged(cells: Floats, side: int) -> Floats:
    """Each cell repeated, to (side, side)."""
    places = np.arange(side) * len(cells) // side
    return np.asarray(cells[places][:, places])
