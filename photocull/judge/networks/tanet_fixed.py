"""What TANet's arithmetic takes beside a photo and the weights, always the same; numpy alone, for every engine.

Prototypes of themes, the cells that colours are compared between, and the places whose loss tells where a score comes
from.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.judge.networks.prototypes import prototype_bank
from photocull.judge.networks.squares import SIDE
from photocull.judge.similarity import CELLS, cell_shares

Floats = NDArray[np.float32]

PLACES: Final = 7
"""Cells along each side of the last maps: the places that are taken away in turn."""
_BESIDE: Final = 0.5
"""What goes of a place's neighbours, so that nothing hangs on where the borders between places lie."""


def fixed_tensors() -> Mapping[str, Floats]:
    """By name, all float32.

    ``bank`` (40, 365), see `prototypes`; ``cell_shares`` (12, 224), see `similarity`; ``rest`` (49, 49): the weight of
    each place, row by row, in the mean over what is left without each place; ``mask`` (49, 1, 144): how much of each
    colour cell is taken away with each place.
    """
    lost = _lost(np.eye(PLACES))
    left = 1 - lost.reshape(len(lost), -1)
    mask = _lost(_between(np.eye(PLACES), CELLS)).reshape(len(lost), 1, -1)
    made = {"rest": left / left.sum(axis=1, keepdims=True), "mask": mask, "cell_shares": cell_shares(SIDE)}
    return {"bank": prototype_bank()} | {name: values.astype(np.float32) for name, values in made.items()}


def _lost(lines: NDArray[np.float64]) -> NDArray[np.float64]:
    """(49, n, n): what goes around each place, where ``lines`` (7, n) spreads a line of places over n cells."""
    beside = np.eye(PLACES, k=1) + np.eye(PLACES, k=-1)
    line = (np.eye(PLACES) + _BESIDE * beside) @ lines
    return np.asarray(np.einsum("ij,kl->ikjl", line, line).reshape(PLACES**2, lines.shape[1], -1))


def _between(lines: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Lines (m, n) to (m, count), straight between the centres of the cells."""
    old = np.arange(lines.shape[1]) + 0.5
    new = (np.arange(count) + 0.5) * lines.shape[1] / count
    return np.stack([np.interp(new, old, line) for line in lines])
